package dev.doppel;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonMappingException;
import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededUser;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.input.StrictInput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Parses a seed row by row, to report every invalid row. */
final class SeedReader {

  private static final List<String> MEMBERS = List.of("organizations", "roles", "users");

  private final List<@Nullable SeededOrganization> organizations = new ArrayList<>();
  private final List<@Nullable SeededRole> roles = new ArrayList<>();
  private final List<@Nullable SeededUser> users = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();

  private SeedReader() {}

  /**
   * @throws BadRequestException as {@link Seed#parse}
   */
  static Seed read(String text) {
    return new SeedReader().seed(text);
  }

  private Seed seed(String text) {
    StrictInput.yaml(text, this::members);
    problems.addAll(SeedCheck.problems(organizations, roles, users));
    if (!problems.isEmpty()) {
      throw new BadRequestException(problems);
    }
    return new Seed(withoutNulls(organizations), withoutNulls(roles), withoutNulls(users));
  }

  /** Returns the rows of a list that has no invalid ones. */
  private static <T> List<T> withoutNulls(List<@Nullable T> rows) {
    return rows.stream().map(Objects::requireNonNull).toList();
  }

  private void members(JsonParser parser) throws IOException {
    var first = parser.nextToken();
    if (first == null || first == JsonToken.VALUE_NULL) {
      return; // an empty document
    }
    if (first != JsonToken.START_OBJECT) {
      throw new BadRequestException("this is not allowed; use organizations, roles, users");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var name = parser.currentName();
      switch (name) {
        case "organizations" -> rows(parser, name, SeededOrganization.class, organizations);
        case "roles" -> rows(parser, name, SeededRole.class, roles);
        case "users" -> rows(parser, name, SeededUser.class, users);
        default -> {
          problems.add(
              "%s: not known; use %s%s"
                  .formatted(
                      Suggestions.shorten(name),
                      String.join(", ", MEMBERS),
                      Suggestions.didYouMean(name, MEMBERS)));
          parser.nextToken();
          parser.skipChildren();
        }
      }
    }
  }

  private <T> void rows(JsonParser parser, String list, Class<T> type, List<@Nullable T> target)
      throws IOException {
    var first = parser.nextToken();
    if (first == JsonToken.VALUE_NULL || parser.getText().isEmpty()) {
      return; // an empty value in YAML
    }
    if (first != JsonToken.START_ARRAY) {
      problems.add(list + ": this is not allowed; use a list");
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      target.add(row(parser, list + "[" + target.size() + "]", type));
    }
  }

  /** Skips the rest of a row. */
  private static void skipRest(JsonParser parser, JsonStreamContext rows) throws IOException {
    while (parser.getParsingContext() != rows) {
      if (parser.nextToken() == null) {
        throw new BadRequestException("a row that does not end");
      }
    }
  }

  /** Returns a row; null if it is invalid, which is reported. */
  private <T> @Nullable T row(JsonParser parser, String where, Class<T> type) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      problems.add(where + ": this is not allowed; use an object with members");
      parser.skipChildren();
      return null;
    }
    var rows = parser.getParsingContext().getParent();
    try {
      return StrictInput.part(parser, type);
    } catch (JsonMappingException wrong) {
      problems.add(StrictInput.newBadRequestException(wrong, where).line());
      skipRest(parser, rows);
      return null;
    }
  }
}
