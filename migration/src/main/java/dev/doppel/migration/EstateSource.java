package dev.doppel.migration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.migration.EstateJson.FooterLine;
import dev.doppel.migration.EstateJson.HeaderLine;
import dev.doppel.migration.EstateJson.LineException;
import dev.doppel.migration.EstateJson.OrganizationLine;
import dev.doppel.migration.EstateJson.RoleLine;
import dev.doppel.migration.EstateJson.TokenLine;
import dev.doppel.migration.EstateJson.UserLine;
import dev.doppel.migration.EstateRow.InvalidRow;
import dev.doppel.migration.EstateRow.OrganizationRow;
import dev.doppel.migration.EstateRow.Person;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.RoleRow;
import dev.doppel.migration.EstateRow.TokenRow;
import dev.doppel.migration.EstateRow.UserRow;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/**
 * A file in Doppel's own format, as {@link EstateExport} writes it. It is read to its end and
 * checked before its first row is returned, so that a file that was cut off changes nothing.
 */
public final class EstateSource implements Source {

  private static final List<String> ORDER =
      List.of("header", "organization", "role", "user", "token", "footer");

  private final Path file;
  private final String description;
  private final Optional<TemporaryFile> temporary;
  private final List<LineReader> open = new ArrayList<>();

  private EstateSource(Path file, String description, Optional<TemporaryFile> temporary) {
    this.file = file;
    this.description = description;
    this.temporary = temporary;
  }

  /**
   * Opens a file and checks it.
   *
   * @throws MigrationException if it can't be read, is cut off, or isn't in this format
   */
  public static EstateSource open(Path file) {
    var source = new EstateSource(file, "doppel:" + file, Optional.empty());
    source.check();
    return source;
  }

  /**
   * Reads a stream to its end into a temporary file that only its owner can read and that {@link
   * #close} deletes, and checks it.
   *
   * @throws MigrationException as {@link #open} does
   */
  public static EstateSource read(InputStream in) {
    var copy = TemporaryFile.create("doppel-import", ".ndjson");
    var source = new EstateSource(copy.path(), "-", Optional.of(copy));
    try {
      try (var out = Files.newOutputStream(copy.path())) {
        in.transferTo(out);
      } catch (IOException e) {
        throw new MigrationException("standard input can't be read, or not kept meanwhile", e);
      }
      source.check();
      return source;
    } catch (RuntimeException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public String description() {
    return description;
  }

  private void check() {
    try (var lines = new Lines(LineReader.open(file))) {
      while (lines.next().isPresent()) {
        // each line is checked as it is read
      }
    }
  }

  @Override
  public Iterator<EstateRow> rows() {
    var reader = LineReader.open(file);
    open.add(reader);
    return new Rows(new Lines(reader));
  }

  @Override
  public void close() {
    open.forEach(LineReader::close);
    open.clear();
    temporary.ifPresent(TemporaryFile::close);
  }

  /** A line between header and footer. */
  private record Line(long number, String kind, JsonNode json) {}

  /** The lines, whose order, counts and digest are checked. */
  private static final class Lines implements AutoCloseable {

    private final LineReader reader;
    private final MessageDigest digest;
    private final long[] counts = new long[ORDER.size()];
    private int position = -1;

    Lines(LineReader reader) {
      this.reader = reader;
      try {
        digest = MessageDigest.getInstance("SHA-256");
      } catch (NoSuchAlgorithmException e) {
        throw new IllegalStateException("every Java platform has SHA-256", e);
      }
    }

    /** Returns the next line that is a row; empty after the footer. */
    Optional<Line> next() {
      while (true) {
        var bytes = reader.next();
        if (bytes.isEmpty()) {
          if (position < ORDER.size() - 1) {
            throw new MigrationException(
                position < 0
                    ? "the file is empty"
                    : "the file was cut off: it ends in line %s, without a footer; export it again"
                        .formatted(reader.line()));
          }
          return Optional.empty();
        }
        var line = parse(bytes.get());
        if (line.isPresent()) {
          return line;
        }
      }
    }

    private Optional<Line> parse(byte[] bytes) {
      try {
        var json = EstateJson.parse(bytes);
        var kind = json.path("kind").asText();
        advance(kind);
        switch (kind) {
          case "header" -> checkHeader(EstateJson.convert(json, HeaderLine.class));
          case "footer" -> checkFooter(EstateJson.convert(json, FooterLine.class));
          default -> counts[position]++;
        }
        digest.update(bytes);
        digest.update((byte) '\n');
        return kind.equals("header") || kind.equals("footer")
            ? Optional.empty()
            : Optional.of(new Line(reader.line(), kind, json));
      } catch (LineException e) {
        throw new MigrationException("line %s: %s".formatted(reader.line(), e.getMessage()));
      }
    }

    private void advance(String kind) throws LineException {
      var at = ORDER.indexOf(kind);
      if (position < 0 && at != 0) {
        throw new LineException("not Doppel's format, which begins with {\"kind\":\"header\"…}");
      }
      if (at < 0 || at < position || (at == 0 && position == 0) || position == ORDER.size() - 1) {
        throw new LineException("kind: out of order; the order is " + String.join(", ", ORDER));
      }
      position = at;
    }

    private static void checkHeader(HeaderLine header) throws LineException {
      if (header.format() != EstateJson.FORMAT) {
        throw new LineException(
            "format: %s is not known; use %s, or a newer Doppel"
                .formatted(header.format(), EstateJson.FORMAT));
      }
    }

    private void checkFooter(FooterLine footer) throws LineException {
      if (footer.organizations() != counts[1]
          || footer.roles() != counts[2]
          || footer.users() != counts[3]
          || footer.tokens() != counts[4]) {
        throw new LineException("the footer counts other rows than the file has; export it again");
      }
      if (!HexFormat.of().formatHex(digest.digest()).equals(footer.sha256())) {
        throw new LineException("the file was changed since it was exported; export it again");
      }
    }

    @Override
    public void close() {
      reader.close();
    }
  }

  /** The rows of the lines. */
  private static final class Rows implements Iterator<EstateRow> {

    private final Lines lines;
    private Optional<Line> next;

    Rows(Lines lines) {
      this.lines = lines;
      this.next = lines.next();
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public EstateRow next() {
      var line = next.orElseThrow(NoSuchElementException::new);
      next = lines.next();
      return row(line);
    }

    private static EstateRow row(Line line) {
      var at = "line " + line.number;
      try {
        return switch (line.kind) {
          case "organization" ->
              new OrganizationRow(
                  at, EstateJson.convert(line.json, OrganizationLine.class).toOrganization());
          case "role" -> new RoleRow(at, EstateJson.convert(line.json, RoleLine.class).toRole());
          case "user" -> user(at, EstateJson.convert(line.json, UserLine.class).toUser());
          default -> token(at, EstateJson.convert(line.json, TokenLine.class).toToken());
        };
      } catch (LineException e) {
        return new InvalidRow(
            at,
            line.kind,
            line.json.path("name").asText(),
            Refusal.of(
                "malformed", String.valueOf(e.getMessage()), "correct the row where it came from"));
      }
    }

    private static EstateRow user(String at, User user) {
      return new UserRow(at, Person.of(user.id()), user, List.of());
    }

    private static EstateRow token(String at, Token token) {
      return new TokenRow(
          at,
          token.description(),
          token.hash(),
          Person.of(token.owner()),
          Optional.empty(),
          token.extras(),
          (owner, organizations) -> {
            if (!owner.created().equals(token.ownerCreated())) {
              throw new IllegalArgumentException(
                  "the token belongs to an earlier user with the same id");
            }
            return token;
          });
    }
  }
}
