package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;

import dev.doppel.users.Authority;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.Secrets;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import io.vertx.core.Vertx;
import java.util.Random;

/**
 * A realm in which every id, time and secret is the same in every run.
 *
 * <p>{@link #over} creates {@code root} with password {@value #ROOT_PASSWORD} and the operator
 * token, {@code alice}, and the inactive {@code bob}, both with password {@value #PASSWORD}.
 */
public record TestRealm(Realm realm, TestClock clock, PasswordHasher hasher) {

  public static final String ROOT_PASSWORD = "Milvus";
  public static final String OPERATOR_TOKEN = "doppel-operator-token";
  public static final String PASSWORD = "P@ssw0rd";

  /** Creates a realm with the three users. */
  public static TestRealm over(Vertx vertx, Storage storage) {
    var test = blankOver(vertx, storage);
    var realm = test.realm;
    var root = await(realm.createAdministrator(new Password(ROOT_PASSWORD)));
    await(realm.tokens().issueForEveryDialect(OPERATOR_TOKEN, root, "root's Token"));
    test.create("alice", Status.ACTIVE);
    test.create("bob", Status.INACTIVE);
    return test;
  }

  /** Creates a realm without users. */
  public static TestRealm blankOver(Vertx vertx, Storage storage) {
    var clock = new TestClock();
    var hasher = new PasswordHasher(vertx, HashScheme.FAST, 2, 100);
    var realm =
        Realm.over(
            vertx,
            storage,
            hasher,
            new Ids(clock, 1),
            new Secrets(new Random(20260304)::nextBytes),
            clock,
            Realm.Settings.DEFAULT);
    await(realm.createDefaults());
    return new TestRealm(realm, clock, hasher);
  }

  private User create(String name, Status status) {
    return await(
        realm
            .users()
            .by(Authority.SERVER)
            .create(NewUser.named(name).withPassword(new Password(PASSWORD)).withStatus(status)));
  }

  /** Closes the password hasher and the storage. */
  public void close() {
    hasher.close();
    await(realm.storage().close());
  }
}
