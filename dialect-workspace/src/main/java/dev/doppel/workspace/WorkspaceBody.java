package dev.doppel.workspace;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.dialect.Call;
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
 * Reads bodies as the vendor's server, an Express application, reads them, and checks them as its
 * validation library (Joi) does, whose words it sends: every member of a record is required unless
 * it is {@link Nullable}, all members are looked at, and each is told the first thing that is wrong
 * with it. Members that the record doesn't have are ignored.
 */
final class WorkspaceBody {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  /** A form's name for a member of a member, such as {@code payload[email]}. */
  private static final Pattern NESTED = Pattern.compile("([^\\[]+)\\[([^\\[\\]]+)]");

  private WorkspaceBody() {}

  /**
   * The body as a record.
   *
   * @throws Failure MALFORMED_BODY
   * @throws dev.doppel.dialect.VendorErrorException that names every member in error
   */
  static <T> T read(Call call, Class<T> type) {
    var body = tree(call);
    var invalid = invalid(body, type, List.of()).toList();
    if (!invalid.isEmpty()) {
      throw WorkspaceErrors.invalid(invalid).newException(Reason.INVALID_VALUE);
    }
    try {
      return JSON.treeToValue(body, type);
    } catch (JsonProcessingException e) {
      // Without the exception itself, which may quote a password.
      throw new IllegalStateException(
          "a checked body that is no " + type.getSimpleName() + ": " + e.getClass().getName());
    }
  }

  /** A body of any other type is as good as none. */
  private static JsonNode tree(Call call) {
    var text = call.body().toString(StandardCharsets.UTF_8);
    return switch (text.isEmpty() ? "" : mediaType(call)) {
      case "application/json" -> json(text);
      case "application/x-www-form-urlencoded" -> form(text);
      default -> JSON.createObjectNode();
    };
  }

  private static String mediaType(Call call) {
    var type = call.header("Content-Type").orElse("").split(";", 2)[0];
    return type.strip().toLowerCase(Locale.ROOT);
  }

  private static JsonNode json(String text) {
    try {
      var tree = JSON.readTree(text);
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException unreadable) {
      // Told without its message, which may quote a password.
    }
    throw Failure.of(Reason.MALFORMED_BODY);
  }

  private static JsonNode form(String text) {
    var tree = JSON.createObjectNode();
    for (var pair : text.split("&", -1)) {
      var parts = pair.split("=", 2);
      put(tree, decoded(parts[0]), decoded(parts.length > 1 ? parts[1] : ""));
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

  private static String decoded(String text) {
    try {
      return URLDecoder.decode(text, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return text;
    }
  }

  private static Stream<InvalidField> invalid(JsonNode body, Class<?> type, List<String> parents) {
    return Arrays.stream(type.getRecordComponents())
        .flatMap(member -> invalid(body.path(member.getName()), member, parents));
  }

  private static Stream<InvalidField> invalid(
      JsonNode value, RecordComponent member, List<String> parents) {
    var path = Stream.concat(parents.stream(), Stream.of(member.getName())).toList();
    if (value.isObject() && member.getType().isRecord()) {
      return invalid(value, member.getType(), path);
    }
    return complaint(value, member).map(complaint -> complaint.about(path)).stream();
  }

  /** What is wrong with a member, in the library's words behind its name; and their type. */
  private record Complaint(String words, String type) {
    InvalidField about(List<String> path) {
      var name = path.get(path.size() - 1);
      return new InvalidField(path, "body", List.of("\"" + name + "\" " + words), List.of(type));
    }
  }

  private static Optional<Complaint> complaint(JsonNode value, RecordComponent member) {
    if (value.isMissingNode()) {
      return member.getAnnotatedType().isAnnotationPresent(Nullable.class)
          ? Optional.empty()
          : Optional.of(new Complaint("is required", "any.required"));
    }
    if (member.getType().isRecord()) {
      return Optional.of(new Complaint("must be an object", "object.base"));
    }
    if (member.getType() == Boolean.class) {
      return value.isBoolean()
          ? Optional.empty()
          : Optional.of(new Complaint("must be a boolean", "boolean.base"));
    }
    return member.getType() == List.class
        ? texts(value, member.getAnnotation(Text.class))
        : complaint(value, member.getAnnotation(Text.class));
  }

  private static Optional<Complaint> texts(JsonNode value, Text rule) {
    return value.isArray()
        ? StreamSupport.stream(value.spliterator(), false)
            .flatMap(item -> complaint(item, rule).stream())
            .findFirst()
        : Optional.of(new Complaint("must be an array", "array.base"));
  }

  private static Optional<Complaint> complaint(JsonNode value, Text rule) {
    if (!value.isTextual()) {
      return Optional.of(new Complaint("must be a string", "string.base"));
    }
    var text = value.textValue();
    if (text.isEmpty()) {
      return Optional.of(new Complaint("is not allowed to be empty", "any.empty"));
    }
    if (rule.oneOf().length > 0 && !List.of(rule.oneOf()).contains(text)) {
      var values = String.join(", ", rule.oneOf());
      return Optional.of(new Complaint("must be one of [" + values + "]", "any.allowOnly"));
    }
    if (rule.email() && !WorkspaceAddress.isAddress(text)) {
      return Optional.of(new Complaint("must be a valid email", "string.email"));
    }
    if (text.length() < rule.min()) {
      return Optional.of(
          new Complaint(
              "length must be at least " + rule.min() + " characters long", "string.min"));
    }
    if (text.length() > rule.max()) {
      return Optional.of(
          new Complaint(
              "length must be less than or equal to " + rule.max() + " characters long",
              "string.max"));
    }
    return Optional.empty();
  }
}
