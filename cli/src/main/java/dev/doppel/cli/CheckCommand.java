package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.users.Integrity;
import io.vertx.core.Future;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doppel check}: looks whether everything in a store belongs together. */
@Command(
    name = "check",
    description = {
      "Looks whether everything in a store belongs together, and prints a line for each thing that"
          + " doesn't.",
      "",
      "Users have to be found by name, id and e-mail address, lists and counts have to be complete,"
          + " the organizations and roles of users have to be there, no two users may be shown by"
          + " one name in an organization, and somebody has to be an administrator. Exits with 1 if"
          + " something is wrong.",
      "",
      "Stop the process that uses a file store; don't change a PostgreSQL store meanwhile."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class CheckCommand implements Callable<Integer> {

  private static final long TIMEOUT_SECONDS = 3_600;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Mixin private final ExistingStoreOptions store = new ExistingStoreOptions();

  @Option(
      names = "--mend",
      description =
          "Makes indexes and counts anew first, and takes organizations and roles that are gone"
              + " from users. What can't be mended is printed.")
  private boolean mend;

  @Override
  public Integer call() throws InterruptedException {
    var where = store.store();
    var report =
        ExistingStore.use(
            where,
            TIMEOUT_SECONDS,
            "while it was checked",
            (vertx, storage) ->
                (mend ? Integrity.repair(storage) : Future.<Void>succeededFuture())
                    .compose(done -> Integrity.check(storage)));
    var out = spec.commandLine().getOut();
    report.problems().forEach(problem -> out.println("doppel: " + problem));
    out.println(
        "doppel: %d users, %d organizations and %d roles; %s"
            .formatted(
                report.users(),
                report.organizations(),
                report.roles(),
                report.isConsistent() ? "all is well" : report.problems().size() + " problems"));
    out.flush();
    return report.isConsistent() ? 0 : StartupException.MACHINE;
  }
}
