package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Integrity;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Specifies how every storage inserts many users or tokens at once, and how it keeps notes. */
public abstract class BulkContract extends StorageFixture {

  private static final int USERS = 2_500;

  private static List<Optional<Reason>> reasons(List<Optional<Failure>> results) {
    return results.stream().map(result -> result.map(Failure::reason)).toList();
  }

  @Test
  void insertAll_storesUsersAsInsertDoes() {
    var users = IntStream.range(0, USERS).mapToObj(i -> user(i + 100L, "user" + i)).toList();
    var results = await(storage.users().insertAll(users));
    assertThat(results).hasSize(USERS).allMatch(Optional::isEmpty);
    for (var i : new int[] {0, 999, 1_000, USERS - 1}) {
      var user = users.get(i);
      assertThat(await(storage.users().find(user.id()))).isEqualTo(user);
      assertThat(await(storage.users().find(user.name()))).isEqualTo(user);
      assertThat(await(storage.users().find(user.aliases().get(0)))).isEqualTo(user);
      assertThat(await(storage.users().findByEmail(user.email().orElseThrow())))
          .containsExactly(user);
    }
    var members = new UserFilter.In(new OrganizationId(7), false);
    assertThat(
            await(storage.users().list(UserQuery.first(0).matching(members).withTotal())).total())
        .isEqualTo(USERS);
  }

  @Test
  void insertAll_reportsReasonOfEachRejectedUser() {
    insert(1, "ann");
    var results =
        await(
            storage
                .users()
                .insertAll(
                    List.of(
                        user(2, "bob"),
                        user(3, "ann"),
                        user(1, "cyd"),
                        user(4, "bob"),
                        user(5, "eve@example.com"),
                        user(6, "eve"),
                        user(7, "dan").withRole("gone"),
                        user(8, "fay"))));
    assertThat(reasons(results))
        .containsExactly(
            Optional.empty(),
            Optional.of(Reason.USER_EXISTS),
            Optional.of(Reason.USER_ID_EXISTS),
            Optional.of(Reason.USER_EXISTS),
            Optional.empty(),
            Optional.of(Reason.USER_EXISTS),
            Optional.of(Reason.NO_SUCH_ROLE),
            Optional.empty());
    assertThat(names(UserQuery.first(10))).containsExactly("ann", "bob", "eve@example.com", "fay");
    assertThat(await(Integrity.check(storage)).problems())
        .containsExactly("no active user is an administrator");
  }

  @Test
  void insertAll_isPartOfChange() {
    var refused = new IllegalArgumentException("on purpose");
    assertThatThrownBy(
            () ->
                await(
                    storage.change(
                        stores ->
                            stores
                                .users()
                                .insertAll(List.of(user(1, "ann"), user(2, "ann"), user(3, "bob")))
                                .compose(results -> stores.tokens().insertAll(tokens()))
                                .compose(taken -> stores.putNote("note", Optional.of("text")))
                                .compose(done -> Future.<Void>failedFuture(refused)))))
        .isSameAs(refused);
    assertThat(names(UserQuery.first(10))).isEmpty();
    assertThat(await(storage.tokens().list(Token.Kind.API))).isEmpty();
    assertThat(await(storage.note("note"))).isEmpty();

    await(
        storage.change(
            stores ->
                stores
                    .users()
                    .insertAll(List.of(user(1, "ann"), user(2, "ann"), user(3, "bob")))
                    .compose(results -> stores.users().find(new UserId(3)).map(User::name))));
    assertThat(names(UserQuery.first(10))).containsExactly("ann", "bob");
  }

  private static List<Token> tokens() {
    return List.of(token(1, 1, Token.Kind.API), token(2, 2, Token.Kind.API));
  }

  @Test
  void insertAll_returnsAndSkipsExistingTokens() {
    await(storage.tokens().insert(token(1, 1, Token.Kind.API)));
    var other = token(3, 3, Token.Kind.API);
    var taken =
        await(storage.tokens().insertAll(List.of(token(1, 1, Token.Kind.API), other, other)));
    assertThat(taken).containsExactly(token(1, 1, Token.Kind.API).hash(), other.hash());
    assertThat(await(storage.tokens().list(Token.Kind.API)))
        .containsExactly(token(1, 1, Token.Kind.API), other);
  }

  @Test
  void insertAll_acceptsEmptyList() {
    assertThat(await(storage.users().insertAll(List.of()))).isEmpty();
    assertThat(await(storage.tokens().insertAll(List.of()))).isEmpty();
  }

  @Test
  void note_returnsLastValue() {
    assertThat(await(storage.note("one"))).isEmpty();
    await(storage.putNote("one", Optional.of("first")));
    await(storage.putNote("one", Optional.of("second")));
    await(storage.putNote("other", Optional.of("third")));
    assertThat(await(storage.note("one"))).contains("second");
    await(storage.putNote("one", Optional.empty()));
    await(storage.putNote("one", Optional.empty()));
    assertThat(await(storage.note("one"))).isEmpty();
    assertThat(await(storage.note("other"))).contains("third");
    await(storage.clear());
    assertThat(await(storage.note("other"))).isEmpty();
  }

  @Test
  void notes_areRestoredWithSnapshot() {
    await(storage.putNote("one", Optional.of("first")));
    Storage.Snapshot snapshot = await(storage.snapshot());
    await(storage.putNote("one", Optional.of("second")));
    await(storage.restore(snapshot));
    assertThat(await(storage.note("one"))).contains("first");
  }
}
