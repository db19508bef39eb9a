package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.users.Alias;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Role;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;

/** Opens a storage for each test and creates the users, tokens and organizations for it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class StorageFixture {

  protected static final Instant NOW = Instant.parse("2026-03-04T05:06:07.891234Z");

  /** Runs the storages that need an event loop or workers. */
  protected final Vertx vertx = Vertx.vertx();

  @SuppressWarnings("NullAway.Init") // set before every test
  protected Storage storage;

  /** The storage to close after the test; empty if it could not be opened. */
  private Optional<Storage> opened = Optional.empty();

  /** Opens an empty storage. Called before every test. */
  protected abstract Storage open();

  @AfterAll
  void stopVertx() {
    await(vertx.close());
  }

  /** Opens the storage of a test, with the organizations and roles of {@link #user} in it. */
  @BeforeEach
  void openStorage() {
    storage = open();
    opened = Optional.of(storage);
    addReferences(storage);
  }

  /** Inserts the organizations and roles of {@link #user}, and some more. */
  protected static void addReferences(Storage storage) {
    for (var name : List.of("reader", "writer")) {
      await(storage.roles().insert(new Role(name, "", false, Map.of())));
    }
    for (var id : List.of(7L, -8L, 8L, 9L)) {
      var name = "organization " + id;
      await(storage.organizations().insert(organization(id, name, Organization.Kind.ORDINARY)));
    }
  }

  /** Returns an organization without description and extras. */
  protected static Organization organization(long id, String name, Organization.Kind kind) {
    return new Organization(new OrganizationId(id), name, "", kind, NOW, NOW, Map.of());
  }

  @AfterEach
  void closeStorage() {
    var last = opened;
    opened = Optional.empty();
    last.ifPresent(open -> await(open.close()));
  }

  private static final String HASH = "$2b$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK";

  /** Returns a user with a value in every field, in organizations 7 and -8. */
  protected static User user(long id, String name) {
    return new User(
        new UserId(id),
        name,
        Status.ACTIVE,
        Optional.of(new PasswordHash(HASH)),
        Optional.of(name + "@example.com"),
        Optional.of(NOW.plusSeconds(2)),
        Optional.of("The " + name),
        false,
        false,
        Optional.of(new OrganizationId(7)),
        Set.of("writer", "reader"),
        Map.of(new OrganizationId(7), Membership.OWNER, new OrganizationId(-8), Membership.MEMBER),
        NOW,
        NOW.plusSeconds(1),
        1,
        3,
        List.of(new Alias("dialect", "old-" + name)),
        Map.of("dialect", "{\"phone\":\"1\"}"));
  }

  /** Returns the user that {@link #user} returns, but built-in. */
  protected static User builtIn(long id, String name) {
    var user = user(id, name);
    return new User(
        user.id(),
        name,
        user.status(),
        user.password(),
        user.email(),
        user.emailSince(),
        user.fullName(),
        false,
        true,
        user.home(),
        user.roles(),
        user.memberships(),
        NOW,
        NOW,
        1,
        0,
        List.of(),
        Map.of());
  }

  /** Returns a token that never expires. */
  protected static Token token(long id, long owner, Token.Kind kind) {
    return new Token(
        TokenHash.of(owner + " " + id),
        id,
        new UserId(owner),
        NOW,
        0,
        kind,
        Optional.of("dialect"),
        Status.ACTIVE,
        NOW,
        NOW,
        Optional.empty(),
        "",
        Map.of());
  }

  protected User insert(long id, String name) {
    return await(storage.users().insert(user(id, name)));
  }

  protected List<String> names(UserQuery query) {
    return await(storage.users().list(query)).items().stream().map(User::name).toList();
  }
}
