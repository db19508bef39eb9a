package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.ClientJson;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.lang.reflect.RecordComponent;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Reads bodies as the vendor's server, an Express application, reads them, and validates them as
 * its library (Joi) does, with its messages: every member of a record is required unless it is
 * {@link Nullable}, all members are checked, and the first error of each is reported. Members that
 * the record doesn't have are ignored.
 */
final class WorkspaceBody {

  private static final ObjectMapper JSON =
      new ObjectMapper(ClientJson.factory().build())
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** The name of a nested member in a form, such as {@code payload[email]}. */
  private static final Pattern NESTED = Pattern.compile("([^\\[]+)\\[([^\\[\\]]+)]");

  private WorkspaceBody() {}

  /**
   * Reads a body as a record.
   *
   * @throws Failure MALFORMED_BODY
   * @throws dev.doppel.dialect.VendorErrorException with all invalid members
   */
  static <T> T read(Call call, Class<T> type) {
    var body = parse(call);
    var invalid = validate(body, type, List.of()).toList();
    if (!invalid.isEmpty()) {
      throw WorkspaceErrors.invalid(invalid).newException(Reason.INVALID_VALUE);
    }
    try {
      return JSON.treeToValue(body, type);
    } catch (JsonProcessingException e) {
      // Without the exception itself, which may quote a password.
      throw new IllegalStateException(
          "valid body is not a " + type.getSimpleName() + ": " + e.getClass().getName());
    }
  }

  /** Parses JSON or a form. A body of any other type is ignored, as if it were empty. */
  private static JsonNode parse(Call call) {
    var text = call.body().toString(StandardCharsets.UTF_8);
    return switch (text.isEmpty() ? "" : mediaType(call)) {
      case "application/json" -> parseJson(text);
      case "application/x-www-form-urlencoded" -> parseForm(text);
      default -> JSON.createObjectNode();
    };
  }

  private static String mediaType(Call call) {
    var type = call.header("Content-Type").orElse("").split(";", 2)[0];
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static JsonNode parseJson(String text) {
    try {
      var tree = JSON.readTree(text);
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException unreadable) {
      // Reported without its message, which may quote a password.
    }
    throw Failure.of(Reason.MALFORMED_BODY);
  }

  private static JsonNode parseForm(String text) {
    var tree = JSON.createObjectNode();
    for (var pair : text.split("&", -1)) {
      var parts = pair.split("=", 2);
      put(tree, decode(parts[0]), decode(parts.length > 1 ? parts[1] : ""));
    }
    return tree;
  }

  private static void put(ObjectNode tree, String name, String value) {
    var nested = NESTED.matcher(name);
    if (!nested.matches()) {
      tree.put(name, value);
    } else if (tree.path(nested.group(1)) instanceof ObjectNode member) {
      member.put(nested.group(2), value);
    } else {
      tree.putObject(nested.group(1)).put(nested.group(2), value);
    }
  }

  private static String decode(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private static Stream<InvalidField> validate(JsonNode body, Class<?> type, List<String> parents) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(member -> validate(body.path(member.getName()), member, parents));
  }

  private static Stream<InvalidField> validate(
      JsonNode value, RecordComponent member, List<String> parents) {
    var path = Stream.concat(parents.stream(), Stream.of(member.getName())).toList();
    if (value.isObject() && member.getType().isRecord()) {
      return validate(value, member.getType(), path);
    }
    return findViolation(value, member).map(violation -> violation.at(path)).stream();
  }

  /**
   * A rule that a member violates.
   *
   * @param message the library's message without the member's name in front
   * @param type the library's name for the message
   */
  private record Violation(String message, String type) {
    InvalidField at(List<String> path) {
      var name = path.get(path.size() - 1);
      return new InvalidField(path, "body", List.of("\"" + name + "\" " + message), List.of(type));
    }
  }

  private static Optional<Violation> findViolation(JsonNode value, RecordComponent member) {
    if (value.isMissingNode()) {
      return member.getAnnotatedType().isAnnotationPresent(Nullable.class)
          ? Optional.empty()
          : Optional.of(new Violation("is required", "any.required"));
    }
    if (member.getType().isRecord()) {
      return Optional.of(new Violation("must be an object", "object.base"));
    }
    if (member.getType() == Boolean.class) {
      return value.isBoolean()
          ? Optional.empty()
          : Optional.of(new Violation("must be a boolean", "boolean.base"));
    }
    return member.getType() == List.class
        ? findViolationInList(value, limits(member))
        : findViolation(value, limits(member));
  }

  private static Text limits(RecordComponent member) {
    return Stream.concat(
            Stream.of(member.getAnnotations()).filter(Text.class::isInstance).map(Text.class::cast),
            Stream.of(member.getAnnotations())
                .flatMap(one -> Stream.of(one.annotationType().getAnnotationsByType(Text.class))))
        .findFirst()
        .orElseThrow();
  }

  private static Optional<Violation> findViolationInList(JsonNode value, Text limits) {
    if (!value.isArray()) {
      return Optional.of(new Violation("must be an array", "array.base"));
    }
    // Items are checked first, as the library does.
    return StreamSupport.stream(value.spliterator(), false)
        .limit(WorkspaceQuery.MAX_ITEMS + 1)
        .flatMap(item -> findViolation(item, limits).stream())
        .findFirst()
        .or(() -> findTooManyItems(value));
  }

  private static Optional<Violation> findTooManyItems(JsonNode array) {
    return array.size() > WorkspaceQuery.MAX_ITEMS
        ? Optional.of(
            new Violation(
                "must contain less than or equal to " + WorkspaceQuery.MAX_ITEMS + " items",
                "array.max"))
        : Optional.empty();
  }

  private static Optional<Violation> findViolation(JsonNode value, Text limits) {
    if (!value.isTextual()) {
      return Optional.of(new Violation("must be a string", "string.base"));
    }
    var text = value.textValue();
    if (limits.blank() ? text.isEmpty() : text.isBlank()) {
      return Optional.of(new Violation("is not allowed to be empty", "any.empty"));
    }
    if (limits.oneOf().length > 0 && !List.of(limits.oneOf()).contains(text)) {
      var values = String.join(", ", limits.oneOf());
      return Optional.of(new Violation("must be one of [" + values + "]", "any.allowOnly"));
    }
    if (limits.email() && !WorkspaceAddress.isAddressOrGenerated(text)) {
      return Optional.of(new Violation("must be a valid email", "string.email"));
    }
    if (text.length() < limits.min()) {
      return Optional.of(
          new Violation(
              "length must be at least " + limits.min() + " characters long", "string.min"));
    }
    if (text.length() > limits.max()) {
      return Optional.of(
          new Violation(
              "length must be less than or equal to " + limits.max() + " characters long",
              "string.max"));
    }
    return Optional.empty();
  }
}
