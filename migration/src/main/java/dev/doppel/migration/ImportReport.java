package dev.doppel.migration;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.function.Consumer;

/**
 * Writes a line of JSON for each row as a run proceeds, and the summary at the end: {@code
 * RUN.ndjson}, {@code RUN.summary.json} and {@code RUN.md}. Only their owner can read them, since
 * they name users.
 */
public final class ImportReport implements Consumer<RowReport>, AutoCloseable {

  private static final JsonFactory JSON = new JsonFactory();

  private final Path folder;
  private final String run;
  private final BufferedWriter rows;

  private ImportReport(Path folder, String run, BufferedWriter rows) {
    this.folder = folder;
    this.run = run;
    this.rows = rows;
  }

  /**
   * Starts a report.
   *
   * @param folder created if it is missing
   * @param run name of the files, which must not exist
   * @throws MigrationException if the folder can't be written
   */
  public static ImportReport open(Path folder, String run) {
    try {
      Files.createDirectories(folder);
      return new ImportReport(
          folder,
          run,
          Files.newBufferedWriter(create(folder.resolve(run + ".ndjson")), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw newWriteException(e);
    }
  }

  /**
   * Creates an empty file that only its owner can read. Where files have no POSIX permissions, the
   * rules of the folder apply.
   */
  private static Path create(Path file) throws IOException {
    return file.getFileSystem().supportedFileAttributeViews().contains("posix")
        ? Files.createFile(
            file,
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))
        : Files.createFile(file);
  }

  private static MigrationException newWriteException(IOException e) {
    return new MigrationException("the report can't be written; name another folder", e);
  }

  @Override
  public void accept(RowReport report) {
    try {
      rows.write(format(report));
      rows.newLine();
    } catch (IOException e) {
      throw newWriteException(e);
    }
  }

  /** Returns a row as one line of JSON. */
  static String format(RowReport report) {
    var text = new StringWriter();
    try (var json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeNumberField("row", report.row());
      json.writeStringField("at", report.at());
      json.writeStringField("kind", report.kind());
      json.writeStringField("name", report.name());
      json.writeStringField("verdict", report.verdict().word());
      if (report.id().isPresent()) {
        json.writeStringField("id", report.id().get());
      }
      if (report.password().isPresent()) {
        json.writeStringField("password", report.password().get().word());
      }
      if (report.algorithm().isPresent()) {
        json.writeStringField("algorithm", report.algorithm().get());
      }
      if (report.refusal().isPresent()) {
        var refusal = report.refusal().get();
        json.writeStringField("why", refusal.why());
        if (refusal.by().isPresent()) {
          json.writeStringField("by", refusal.by().get());
        }
        json.writeStringField("sentence", refusal.sentence());
        json.writeStringField("fix", refusal.fix());
      }
      write(json, "lost", report.lost());
      write(json, "notes", report.notes());
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // can't happen: the text is in memory
    }
    return text.toString();
  }

  private static void write(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    if (!texts.isEmpty()) {
      json.writeArrayFieldStart(name);
      for (var text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
    }
  }

  /** Writes the summary. */
  public void finish(ImportSummary summary) {
    try {
      rows.flush();
      Files.writeString(create(folder.resolve(run + ".summary.json")), summary.toJson() + "\n");
      Files.writeString(create(folder.resolve(run + ".md")), summary.toMarkdown());
    } catch (IOException e) {
      throw newWriteException(e);
    }
  }

  @Override
  public void close() {
    try {
      rows.close();
    } catch (IOException e) {
      throw newWriteException(e);
    }
  }
}
