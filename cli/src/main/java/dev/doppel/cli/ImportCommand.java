package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.Vendors;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Suggestions;
import dev.doppel.migration.Dialects;
import dev.doppel.migration.ImportReport;
import dev.doppel.migration.ImportRun;
import dev.doppel.migration.ImportRun.ConflictRule;
import dev.doppel.migration.ImportSummary;
import dev.doppel.migration.MigrationException;
import dev.doppel.migration.RowReport;
import dev.doppel.migration.Source;
import dev.doppel.migration.Sources;
import dev.doppel.users.Realm;
import java.io.PrintWriter;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code doppel import}: moves users into a store. */
@Command(
    name = "import",
    description = {
      "Moves organizations, roles, users and tokens into a store, and says of each what became of"
          + " it.",
      "",
      "Nothing that the store has is changed: a user that is in the store already stays as it is,"
          + " so an import that was interrupted goes on when it is repeated. Prints the counts as"
          + " one line of JSON. Exits with 3 if a row could not be imported, or if there was none.",
      "",
      "A PostgreSQL store may be in use; for a file store, stop the process that uses it first."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ImportCommand implements Callable<Integer> {

  /** The exit code if not everything is as wished. */
  static final int INCOMPLETE = 3;

  /** Rows that are printed beside the report. */
  private static final int MAX_PRINTED = 10;

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with one 'flag: value' per line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it before the command line is parsed
  private @Nullable String config;

  @Option(
      names = "--into",
      description =
          "The store: file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE. Created if it"
              + " doesn't exist.")
  private @Nullable String into;

  @Option(names = "--into-file", description = "File with the value of --into.")
  private @Nullable String intoFile;

  @Option(
      names = "--dry-run",
      description =
          "Does everything except writing, and gives every row the verdict that the import would"
              + " give it. The store must exist.")
  private boolean dryRun;

  @Option(
      names = "--report",
      paramLabel = "DIR",
      description =
          "Folder for a report: a line of JSON for each row, and the counts as JSON and Markdown.")
  private @Nullable String report;

  @Option(
      names = "--on-conflict",
      description =
          "What happens to a row that something else in the store stands in the way of: refuse, or"
              + " keep what is in the store and skip the row. Default: refuse")
  private String onConflict = "refuse";

  @Parameters(
      paramLabel = "SOURCE",
      description =
          "doppel:FILE in the format of 'doppel export', or - for the same from standard input;"
              + " influx-bolt:FILE, the influxd.bolt of InfluxDB 2. Files may be compressed with"
              + " gzip.")
  private String source = "";

  @Override
  public Integer call() throws InterruptedException {
    var store = StoreOptions.parsePersistent("--into", into, intoFile);
    var rule = rule();
    var folder = folder();
    try (var opened = open()) {
      var summary =
          MigrationStore.use("--into", store, !dryRun, realm -> run(realm, opened, rule, folder));
      spec.commandLine().getOut().println(summary.toJson());
      spec.commandLine().getOut().flush();
      return summary.isComplete() ? 0 : INCOMPLETE;
    }
  }

  private ConflictRule rule() {
    return Arrays.stream(ConflictRule.values())
        .filter(one -> one.name().equalsIgnoreCase(onConflict))
        .findFirst()
        .orElseThrow(
            () -> {
              var words =
                  Arrays.stream(ConflictRule.values())
                      .map(one -> one.name().toLowerCase(Locale.ROOT))
                      .toList();
              return StartupException.invalidFlag(
                  "--on-conflict",
                  Suggestions.quote(onConflict),
                  Suggestions.either(words) + Suggestions.didYouMean(onConflict, words));
            });
  }

  private Optional<Path> folder() {
    try {
      return Optional.ofNullable(report).map(Path::of);
    } catch (InvalidPathException e) {
      throw StartupException.invalidFlag(
          "--report", Suggestions.quote(String.valueOf(report)), "the name of a folder");
    }
  }

  private Source open() {
    try {
      return Sources.open(source, System.in, withScopedTokens());
    } catch (IllegalArgumentException e) {
      throw StartupException.invalidFlag(
          "SOURCE", Suggestions.quote(source), Suggestions.either(Sources.forms()));
    } catch (MigrationException e) {
      throw new StartupException(
          StartupException.MACHINE,
          "SOURCE %s: %s".formatted(Suggestions.quote(source), e.getMessage()));
    }
  }

  /** Returns the vendor whose tokens have permissions of their own. */
  static ServedVendor<?> withScopedTokens() {
    return Vendors.all().stream()
        .filter(vendor -> vendor.scopedTokens().isPresent())
        .findFirst()
        .<ServedVendor<?>>map(ServedVendor::byDefault)
        .orElseThrow();
  }

  private ImportSummary run(Realm realm, Source opened, ConflictRule rule, Optional<Path> folder) {
    var progress = new Progress(spec.commandLine().getErr());
    if (folder.isEmpty()) {
      return ImportRun.run(realm, Dialects.of(Vendors.all()), opened, dryRun, rule, progress);
    }
    var name = "import-" + Instant.now().toString().replace(":", "");
    try (var written = ImportReport.open(folder.get(), name)) {
      var summary =
          ImportRun.run(
              realm, Dialects.of(Vendors.all()), opened, dryRun, rule, progress.andThen(written));
      written.finish(summary);
      return summary;
    }
  }

  /** Prints the first rows that could not be imported, and a line every two seconds. */
  private static final class Progress implements Consumer<RowReport> {

    private static final long INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(2);

    private final PrintWriter err;
    private final long started = System.nanoTime();
    private long printed = started;
    private long rows;
    private int refused;

    Progress(PrintWriter err) {
      this.err = err;
    }

    @Override
    public void accept(RowReport row) {
      rows++;
      if (!row.isAsWished() && ++refused <= MAX_PRINTED) {
        err.println("doppel: " + line(row));
        if (refused == MAX_PRINTED) {
          err.println("doppel: more rows are in the report; see --report");
        }
      }
      var now = System.nanoTime();
      if (now - printed >= INTERVAL_NANOS) {
        printed = now;
        err.printf(
            "doppel: %d rows, %d a second%n",
            rows, rows * TimeUnit.SECONDS.toNanos(1) / (now - started));
        err.flush();
      }
    }

    private static String line(RowReport row) {
      var what =
          row.refusal()
              .map(refusal -> refusal.sentence() + " To do: " + refusal.fix())
              .orElseGet(() -> String.join("; ", List.copyOf(row.notes())));
      var at = row.at().replaceAll("\\p{Cntrl}", "?"); // a key of the source may be in it
      return "%s: %s %s: %s".formatted(at, row.kind(), Suggestions.quote(row.name()), what);
    }
  }
}
