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

/** {@code doppel check}: verifies that a store is consistent. */
@Command(
    name = "check",
    description = {
      "Verifies that a store is consistent, and prints a line for each problem.",
      "",
      "Checks that users can be found by name, id and e-mail address, that lists and counts are"
          + " complete, that the organizations and roles of users exist, that no two users have"
          + " the same name within an organization, and that there is an administrator. Exits with"
          + " 1 if there are problems.",
      "",
      "For a file store, stop the process that uses it first; don't change a PostgreSQL store"
          + " during the check."
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
          "Rebuilds indexes and counts first, and removes references to organizations and roles"
              + " that no longer exist. Problems that remain are printed.")
  private boolean mend;

  @Override
  public Integer call() throws InterruptedException {
    var report =
        ExistingStore.use(
            store.store(),
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
                report.isConsistent() ? "no problems" : report.problems().size() + " problems"));
    out.flush();
    return report.isConsistent() ? 0 : StartupException.MACHINE;
  }
}
