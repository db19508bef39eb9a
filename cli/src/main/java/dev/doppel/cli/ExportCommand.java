package dev.doppel.cli;

import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.doppel.StartupException;
import dev.doppel.dialect.Suggestions;
import dev.doppel.migration.EstateExport;
import dev.doppel.migration.InfluxBoltExport;
import dev.doppel.users.Storage;
import dev.doppel.users.Store;
import dev.doppel.users.User;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code doppel export}: writes a store to a file. */
@Command(
    name = "export",
    description = {
      "Writes all organizations, roles, users and tokens of a store to a file, with the hashes of"
          + " passwords and tokens: keep it as safe as the store.",
      "",
      "A PostgreSQL store may be in use, but changes meanwhile may be missing or half there; for a"
          + " file store, stop the process that uses it first."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
final class ExportCommand implements Callable<Integer> {

  private static final String DOPPEL = "doppel";
  private static final String INFLUX_BOLT = "influx-bolt";
  private static final List<String> FORMATS = List.of(DOPPEL, INFLUX_BOLT);

  /** What must not get lost: without it, somebody can't sign in or has lost access. */
  private static final List<String> SERIOUS =
      List.of("password", "token", "organization", "extras");

  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  @Option(names = "--config", description = "YAML file with one 'flag: value' per line.")
  @SuppressWarnings("UnusedVariable") // Defaults reads it before the command line is parsed
  private @Nullable String config;

  @Option(
      names = "--from",
      description =
          "An existing store: file:PATH or postgresql://USER:PASSWORD@HOST:PORT/DATABASE.")
  private @Nullable String from;

  @Option(names = "--from-file", description = "File with the value of --from.")
  private @Nullable String fromFile;

  @Option(
      names = "--format",
      description =
          "doppel: everything, one JSON object a line, for 'doppel import'. influx-bolt: an"
              + " influxd.bolt for InfluxDB 2. Default: doppel")
  private String format = DOPPEL;

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The new file, which only its owner can read; must not exist. With --format doppel:"
              + " compressed with gzip if its name ends in .gz; standard output by default.")
  private @Nullable String out;

  @Option(
      names = "--base",
      paramLabel = "FILE",
      description =
          "With --format influx-bolt: an influxd.bolt of the same InfluxDB, from which everything"
              + " but users, passwords, memberships and tokens is copied.")
  private @Nullable String base;

  @Option(
      names = "--what-is-lost",
      paramLabel = "FILE",
      description =
          "With --format influx-bolt: a new file for a line of JSON for each user of whom the"
              + " format can't hold something.")
  private @Nullable String whatIsLost;

  @Override
  public Integer call() throws InterruptedException {
    var store = StoreOptions.parsePersistent("--from", from, fromFile);
    return switch (format) {
      case DOPPEL -> {
        requireAbsent("--base", base);
        requireAbsent("--what-is-lost", whatIsLost);
        yield exportDoppel(store);
      }
      case INFLUX_BOLT -> exportBolt(store, path("--base", base), path("--out", out));
      default ->
          throw StartupException.invalidFlag(
              "--format",
              Suggestions.quote(format),
              Suggestions.either(FORMATS) + Suggestions.didYouMean(format, FORMATS));
    };
  }

  private static void requireAbsent(String flag, @Nullable String value) {
    if (value != null) {
      throw new StartupException(
          StartupException.CONFIGURATION, flag + ": only with --format influx-bolt");
    }
  }

  private static Path path(String flag, @Nullable String value) {
    if (value == null) {
      throw new StartupException(
          StartupException.CONFIGURATION, flag + ": required with --format influx-bolt");
    }
    return toPath(flag, value);
  }

  private int exportDoppel(Store store) throws InterruptedException {
    if (out == null) {
      // Not System.out, which hides errors such as a full disk.
      var standard = new FileOutputStream(FileDescriptor.out);
      var users =
          MigrationStore.use("--from", store, false, realm -> write(realm.storage(), standard));
      spec.commandLine().getErr().printf("doppel: wrote %d users%n", users);
      return 0;
    }
    var file = toPath("--out", out);
    NewFile.write(
        file,
        part -> {
          try (var target = target(file, part)) {
            MigrationStore.use("--from", store, false, realm -> write(realm.storage(), target));
          }
        });
    printSize(file);
    return 0;
  }

  private void printSize(Path file) {
    var out = spec.commandLine().getOut();
    out.printf("doppel: wrote %d bytes to '%s'%n", file.toFile().length(), file);
    out.flush();
  }

  private int exportBolt(Store store, Path older, Path file) throws InterruptedException {
    var lost = new LostFields();
    if (whatIsLost == null) {
      writeBolt(store, older, file, lost);
    } else {
      NewFile.write(
          toPath("--what-is-lost", whatIsLost),
          part -> {
            try (var lines = new OutputStreamWriter(NewFile.create(part), StandardCharsets.UTF_8)) {
              lost.writeTo(lines);
              writeBolt(store, older, file, lost);
            }
          });
    }
    printSize(file);
    lost.counts.forEach(
        (field, users) ->
            spec.commandLine()
                .getOut()
                .printf("doppel: not in the file: %s of %d users%n", field, users));
    spec.commandLine().getOut().flush();
    return SERIOUS.stream().anyMatch(lost.counts::containsKey) ? ImportCommand.INCOMPLETE : 0;
  }

  private static void writeBolt(Store store, Path older, Path file, LostFields lost)
      throws InterruptedException {
    NewFile.write(
        file,
        part -> {
          NewFile.create(part).close();
          MigrationStore.use(
              "--from",
              store,
              false,
              realm ->
                  InfluxBoltExport.write(
                      realm.storage(), ImportCommand.withScopedTokens(), older, part, lost));
        });
  }

  /** Counts what a format can't hold, and writes a line for each user if there is a file. */
  private static final class LostFields implements BiConsumer<User, List<String>> {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    final Map<String, Long> counts = new TreeMap<>();
    private Writer lines = Writer.nullWriter();

    void writeTo(Writer lines) {
      this.lines = lines;
    }

    @Override
    public void accept(User user, List<String> fields) {
      new TreeSet<>(fields).forEach(field -> counts.merge(field, 1L, Long::sum));
      try {
        var line = JSON.createObjectNode().put("user", user.name());
        fields.forEach(line.putArray("lost")::add);
        lines.write(line + "\n");
      } catch (IOException e) {
        throw new StartupException(
            StartupException.MACHINE, "--what-is-lost: the file can't be written");
      }
    }
  }

  private static long write(Storage storage, OutputStream target) {
    return EstateExport.write(storage, new BufferedOutputStream(target, 1 << 16));
  }

  private static OutputStream target(Path file, Path part) throws IOException {
    var plain = NewFile.create(part);
    return file.toString().endsWith(".gz") ? new GZIPOutputStream(plain, 1 << 16) : plain;
  }

  private static Path toPath(String flag, String value) {
    try {
      return Path.of(value).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw StartupException.invalidFlag(flag, Suggestions.quote(value), "the name of a file");
    }
  }
}
