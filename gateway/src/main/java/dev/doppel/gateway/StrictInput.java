package dev.doppel.gateway;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.util.Arrays;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads what people write for us, to the letter: what isn't known is refused, and said. */
final class StrictInput {

  private static final ObjectMapper JSON = strict(JsonMapper.builder().build());
  private static final ObjectMapper YAML = strict(YAMLMapper.builder().build());

  private StrictInput() {}

  private static ObjectMapper strict(ObjectMapper mapper) {
    return mapper
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .setConfig(
            mapper
                .getDeserializationConfig()
                .with(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .without(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  /**
   * Reads YAML, of which JSON is a part.
   *
   * @param nothing what a text means that says nothing
   * @throws MalformedInput in words that say what is allowed
   */
  static <T> T yaml(String text, Class<T> type, T nothing) {
    var mapper = text.stripLeading().startsWith("{") ? JSON : YAML;
    return read(mapper, "neither YAML nor JSON", text, type, nothing);
  }

  /** As {@link #yaml}, of JSON alone. */
  static <T> T json(String text, Class<T> type, T nothing) {
    return text.isBlank() ? nothing : read(JSON, "not JSON", text, type, nothing);
  }

  private static <T> T read(
      ObjectMapper mapper, String otherwise, String text, Class<T> type, T nothing) {
    try {
      var value = mapper.readValue(text, type);
      return value == null ? nothing : value;
    } catch (UnrecognizedPropertyException e) {
      var known = new TreeSet<>(e.getKnownPropertyIds().stream().map(String::valueOf).toList());
      throw new MalformedInput(where(e) + "not known; use " + String.join(", ", known));
    } catch (JsonMappingException e) {
      throw e.getCause() instanceof StreamReadException unreadable
          ? unreadable(otherwise, unreadable.getLocation())
          : new MalformedInput(where(e) + why(e));
    } catch (JsonProcessingException e) {
      throw unreadable(otherwise, e.getLocation());
    }
  }

  private static MalformedInput unreadable(String otherwise, @Nullable JsonLocation at) {
    var where =
        at == null ? "" : " from line " + at.getLineNr() + ", column " + at.getColumnNr() + " on";
    return new MalformedInput(otherwise + where);
  }

  /** Such as {@code users[3].status: }. */
  private static String where(JsonMappingException e) {
    var path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() != null
                        ? "." + step.getFieldName()
                        : "[" + step.getIndex() + "]")
            .collect(Collectors.joining());
    return path.isEmpty() ? "" : path.substring(path.startsWith(".") ? 1 : 0) + ": ";
  }

  private static String why(JsonMappingException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof MalformedInput malformed) {
        return malformed.line();
      }
    }
    var type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type != null && type.isEnum()) {
      return constants(type) + " is allowed";
    }
    if (type != null && (Number.class.isAssignableFrom(type) || type.isPrimitive())) {
      return "a number is allowed";
    }
    return "not of the form it should have";
  }

  private static String constants(Class<?> type) {
    var all =
        Arrays.stream(type.getEnumConstants())
            .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
            .toList();
    var last = all.size() - 1;
    return last == 0
        ? all.get(0)
        : String.join(", ", all.subList(0, last)) + " or " + all.get(last);
  }
}
