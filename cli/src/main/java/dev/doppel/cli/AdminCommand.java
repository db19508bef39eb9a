package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Ids;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.PasswordHasher;
import dev.doppel.users.Realm;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.Secrets;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doppel admin}: restores access to a store directly, without a running gateway. */
@Command(
    name = "admin",
    description = "Restores access to a store when no administrator can sign in.",
    subcommands = {AdminCommand.ResetPassword.class, AdminCommand.Create.class},
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class AdminCommand implements Callable<Integer> {

  private static final long TIMEOUT_SECONDS = 60;

  @Override
  public Integer call() {
    throw new StartupException(
        StartupException.CONFIGURATION, "admin: needs a subcommand; use reset-password or create");
  }

  /** Flags of every subcommand: the store and the new password. */
  static final class Target {

    @Mixin private final ExistingStoreOptions store = new ExistingStoreOptions();

    @Mixin private final PasswordOptions password = new PasswordOptions();

    /**
     * Opens the store, runs the work on it, and closes it.
     *
     * @param work takes the realm and the new password
     * @return the work's result
     * @throws StartupException if a flag is wrong or the store isn't available
     */
    String change(Function<Realm, Function<Password, Future<String>>> work)
        throws InterruptedException {
      var existing = store.store();
      var newPassword = password.password();
      return ExistingStore.use(
          existing,
          TIMEOUT_SECONDS,
          "while it was changed",
          (vertx, storage) ->
              change(vertx, storage, realm -> work.apply(realm).apply(newPassword)));
    }

    private static Future<String> change(
        Vertx vertx, Storage storage, Function<Realm, Future<String>> work) {
      var clock = Clock.systemUTC();
      var hasher = new PasswordHasher(vertx, HashScheme.ARGON2ID, 1, 1);
      return storage
          .node()
          .map(
              node ->
                  Realm.over(
                      vertx,
                      storage,
                      hasher,
                      new Ids(clock, node),
                      new Secrets(),
                      clock,
                      Realm.Settings.DEFAULT))
          .compose(work)
          .onComplete(done -> hasher.close());
    }
  }

  /** {@code doppel admin reset-password}. */
  @Command(
      name = "reset-password",
      description = {
        "Sets the password of the built-in administrator, or of the user that --user names.",
        "",
        "An inactive account becomes active, and all of its sessions end. Its API tokens remain"
            + " valid: delete them through a dialect if others may know them. The user's rights"
            + " don't change; use 'doppel admin create' to create an administrator.",
        "",
        "A PostgreSQL store may be in use; for a file store, stop the process that uses it first."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class ResetPassword implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin private final Target target = new Target();

    @Option(names = "--user", description = "Name of the user. Default: the built-in administrator")
    private @Nullable String name;

    @Override
    public Integer call() throws InterruptedException {
      if (name != null) {
        checkName(name);
      }
      print(spec, target.change(realm -> password -> reset(realm, password)));
      return 0;
    }

    private Future<String> reset(Realm realm, Password password) {
      return (name == null ? builtIn(realm) : named(realm, name))
          .compose(
              user ->
                  realm
                      .users()
                      .by(Authority.SERVER)
                      .setPassword(user.id(), password, ResetPassword::withAccessRestored)
                      .map(now -> outcome(user, now)));
    }

    private static User withAccessRestored(User user) {
      return user.withStatus(Status.ACTIVE).withSessionsEnded();
    }

    private static String outcome(User before, User now) {
      return "user '%s' has a new password%s; its sessions have ended%s"
          .formatted(
              now.name(),
              before.active() ? "" : " and is active again",
              now.administrator() ? "" : "; it is not an administrator");
    }

    private static Future<User> builtIn(Realm realm) {
      return findBuiltIn(realm)
          .map(
              found ->
                  found.orElseThrow(
                      () ->
                          new StartupException(
                              StartupException.MACHINE,
                              "--user: required, because this store has no built-in administrator;"
                                  + " or use 'doppel admin create'")));
    }

    /**
     * Finds the user who is marked as built-in; in an older store without such a mark, the
     * administrator with the configured name.
     */
    private static Future<Optional<User>> findBuiltIn(Realm realm) {
      return realm
          .builtIn()
          .compose(
              marked ->
                  marked.isPresent()
                      ? Future.succeededFuture(marked)
                      : find(realm, realm.settings().administrator())
                          .map(found -> found.filter(User::administrator)));
    }

    /**
     * Finds a user by name. A vendor's built-in name that no user has stands for the built-in
     * administrator, as in Milvus and VCD.
     */
    private static Future<User> named(Realm realm, String name) {
      return find(realm, name)
          .compose(
              found ->
                  found.isEmpty() && ReservedNames.isBuiltIn(name)
                      ? findBuiltIn(realm)
                      : Future.succeededFuture(found))
          .map(
              found ->
                  found.orElseThrow(
                      () ->
                          new StartupException(
                              StartupException.MACHINE,
                              "--user '%s': no such user; 'doppel admin create' creates an administrator"
                                  .formatted(name))));
    }
  }

  /** {@code doppel admin create}. */
  @Command(
      name = "create",
      description = {
        "Creates a user who is an administrator in every dialect.",
        "",
        "A PostgreSQL store may be in use; for a file store, stop the process that uses it first."
      },
      mixinStandardHelpOptions = true,
      sortOptions = false)
  static final class Create implements Callable<Integer> {

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it
    private CommandSpec spec;

    @Mixin private final Target target = new Target();

    @Option(names = "--user", required = true, description = "Name of the new administrator.")
    private String name = "";

    @Override
    public Integer call() throws InterruptedException {
      checkName(name);
      print(spec, target.change(realm -> password -> create(realm, password)));
      return 0;
    }

    private Future<String> create(Realm realm, Password password) {
      return realm
          .createAdministrator(NewUser.named(name).withPassword(password))
          .map(created -> "user '%s' is an administrator now".formatted(created.name()))
          .recover(thrown -> Future.failedFuture(toStartupException(thrown)));
    }

    /** Explains why a name is taken; returns any other error as it is. */
    private Throwable toStartupException(Throwable thrown) {
      if (!(thrown instanceof Failure failure) || failure.reason() != Reason.USER_EXISTS) {
        return thrown;
      }
      return new StartupException(
          StartupException.MACHINE,
          ReservedNames.contains(name)
              ? "--user '%s': reserved for the built-in administrator; use another name"
                  .formatted(name)
              : "--user '%s': taken; use another name, or 'doppel admin reset-password'"
                  .formatted(name));
    }
  }

  private static Future<Optional<User>> find(Realm realm, String name) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name));
  }

  private static void checkName(String name) {
    if (name.isBlank() || name.chars().anyMatch(Character::isISOControl)) {
      throw StartupException.invalidFlag(
          "--user",
          "'" + name.replaceAll("\\p{Cntrl}", "?") + "'",
          "at least one character other than spaces, and no control characters");
    }
  }

  private static void print(CommandSpec spec, String line) {
    spec.commandLine().getOut().println("doppel: " + line);
    spec.commandLine().getOut().flush();
  }
}
