package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Role;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Specifies the storage of roles and of the users who hold them. */
abstract class RoleStoreContract extends StorageTests {

  private final Role reader = new Role("reader", "reads", false, Map.of("dialect", "[]"));

  RoleStoreContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void role_canBeInsertedUpdatedAndDeleted() {
    await(storage().clear());
    await(roles().insert(reader));
    assertThat(await(roles().find("reader"))).isEqualTo(reader);
    assertThat(reason(roles().insert(reader))).isEqualTo(Reason.ROLE_EXISTS);
    var changed = new Role("reader", "reads all", false, Map.of());
    await(roles().update("reader", role -> changed));
    await(roles().insert(new Role("admin", "", true, Map.of())));
    assertThat(await(roles().list()).stream().map(Role::name)).containsExactly("admin", "reader");
    assertThat(await(roles().delete("reader"))).isEqualTo(changed);
    assertThat(reason(roles().find("reader"))).isEqualTo(Reason.NO_SUCH_ROLE);
    assertThat(reason(roles().update("reader", role -> role))).isEqualTo(Reason.NO_SUCH_ROLE);
    assertThat(reason(roles().delete("reader"))).isEqualTo(Reason.NO_SUCH_ROLE);
  }

  private List<String> holders(String role) {
    return names(UserQuery.first(10).matching(new UserFilter.Holds(role)));
  }

  @Test
  void holders_areListedAndLoseDeletedRole() {
    insert(-2, "last");
    insert(5, "first");
    assertThat(holders("reader")).containsExactly("first", "last");
    assertThat(holders("read")).isEmpty();
    await(users().update(new UserId(5), user -> user.withoutRole("reader")));
    assertThat(holders("reader")).containsExactly("last");
    await(users().update(new UserId(5), user -> user.withRole("reader")));
    assertThat(holders("reader")).containsExactly("first", "last");
    await(roles().delete("reader"));
    assertThat(holders("reader")).isEmpty();
    assertThat(await(users().find(new UserId(-2))).roles()).containsExactly("writer");
  }

  @Test
  void roleName_isComparedBeyondNul() {
    insert(6, "carol");
    await(roles().insert(new Role("r\0r", "", false, Map.of())));
    await(roles().insert(new Role("r", "", false, Map.of())));
    await(users().update(new UserId(6), user -> user.withRole("r\0r")));
    await(roles().delete("r"));
    assertThat(await(users().find("carol")).roles()).contains("r\0r");
    assertThat(holders("r\0r")).containsExactly("carol");
  }
}
