package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.dialect.Suggestions;
import dev.doppel.migration.EstateExport;
import dev.doppel.users.Storage;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
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

  private static final List<String> FORMATS = List.of("doppel");

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
          "doppel: everything, one JSON object a line, for 'doppel import'. Default: doppel")
  private String format = "doppel";

  @Option(
      names = "--out",
      paramLabel = "FILE",
      description =
          "The new file, which only its owner can read; must not exist. Compressed with gzip if its"
              + " name ends in .gz. Default: standard output")
  private @Nullable String out;

  @Override
  public Integer call() throws InterruptedException {
    var store = StoreOptions.parsePersistent("--from", from, fromFile);
    if (!FORMATS.contains(format)) {
      throw StartupException.invalidFlag(
          "--format",
          Suggestions.quote(format),
          Suggestions.either(FORMATS) + Suggestions.didYouMean(format, FORMATS));
    }
    if (out == null) {
      // Not System.out, which hides errors such as a full disk.
      var standard = new FileOutputStream(FileDescriptor.out);
      var users =
          MigrationStore.use("--from", store, false, realm -> write(realm.storage(), standard));
      spec.commandLine().getErr().printf("doppel: wrote %d users%n", users);
      return 0;
    }
    var file = file(out);
    NewFile.write(
        file,
        part -> {
          try (var target = target(file, part)) {
            MigrationStore.use("--from", store, false, realm -> write(realm.storage(), target));
          }
        });
    spec.commandLine()
        .getOut()
        .printf("doppel: wrote %d bytes to '%s'%n", file.toFile().length(), file);
    spec.commandLine().getOut().flush();
    return 0;
  }

  private static long write(Storage storage, OutputStream target) {
    return EstateExport.write(storage, new BufferedOutputStream(target, 1 << 16));
  }

  private static OutputStream target(Path file, Path part) throws IOException {
    var plain = NewFile.create(part);
    return file.toString().endsWith(".gz") ? new GZIPOutputStream(plain, 1 << 16) : plain;
  }

  private static Path file(String out) {
    try {
      return Path.of(out).toAbsolutePath();
    } catch (InvalidPathException e) {
      throw StartupException.invalidFlag("--out", Suggestions.quote(out), "the name of a new file");
    }
  }
}
