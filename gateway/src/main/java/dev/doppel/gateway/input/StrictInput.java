package dev.doppel.gateway.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doppel.BadRequestException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/** Reads what people write for us, to the letter: what isn't known is refused, and said. */
public final class StrictInput {

  private static final ObjectMapper JSON = strict(JsonMapper.builder().build());
  private static final ObjectReader PARTS =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectMapper YAML = strict(new YAMLMapper(yamlFactory()));

  private static final String NOT_YAML = "neither YAML nor JSON";

  private StrictInput() {}

  /** What reads a text token by token. */
  public interface Reading {
    void read(JsonParser parser) throws IOException;
  }

  /** Seeds may be as large as memory allows; nothing in them can make more of itself. */
  private static YAMLFactory yamlFactory() {
    var options = new LoaderOptions();
    options.setCodePointLimit(Integer.MAX_VALUE);
    return new PlainYamlParser.Factory(options);
  }

  private static ObjectMapper strict(ObjectMapper mapper) {
    return mapper
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
        .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
        .setConfig(
            mapper
                .getDeserializationConfig()
                .with(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .without(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  /**
   * Reads YAML, of which JSON is a part, as a value.
   *
   * @param nothing what a text means that says nothing
   * @throws BadRequestException in words that say what is allowed
   */
  public static <T> T yaml(String text, Class<T> type, T nothing) {
    var values = new ArrayList<T>();
    yaml(text, parser -> Optional.ofNullable(part(parser, type)).ifPresent(values::add));
    return values.isEmpty() ? nothing : values.get(0);
  }

  /**
   * As above, token by token, to its end. Anchors, aliases and tags of YAML are refused, and so are
   * members that an object has twice.
   *
   * @throws BadRequestException as above
   */
  public static void yaml(String text, Reading reading) {
    if (text.stripLeading().startsWith("{")) {
      reading(text, reading, NOT_YAML, JSON);
    } else {
      reading(text, reading, NOT_YAML, YAML);
    }
  }

  private static void reading(String text, Reading reading, String otherwise, ObjectMapper mapper) {
    try (var parser = mapper.createParser(text)) {
      reading.read(parser);
      if (parser.nextToken() != null) {
        throw unreadable(otherwise, parser.currentTokenLocation());
      }
    } catch (JsonProcessingException e) {
      throw malformed(e, otherwise);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of a text
    }
  }

  /** Reads a value that others may follow. */
  public static <T> T part(JsonParser parser, Class<T> type) throws IOException {
    return PARTS.forType(type).readValue(parser);
  }

  /** As {@link #yaml}, of JSON alone. */
  public static <T> T json(String text, Class<T> type, T nothing) {
    if (text.isBlank()) {
      return nothing;
    }
    try {
      var value = JSON.readValue(text, type);
      return value == null ? nothing : value;
    } catch (JsonProcessingException e) {
      throw malformed(e, "not JSON");
    }
  }

  /**
   * Returns what is wrong with a value, beginning with the way to the place.
   *
   * @throws BadRequestException if the text itself can't be read
   */
  public static BadRequestException malformed(JsonMappingException e) {
    if (e.getCause() instanceof JsonProcessingException unreadable) {
      throw malformed(unreadable, NOT_YAML);
    }
    return malformed(e, NOT_YAML);
  }

  private static BadRequestException malformed(JsonProcessingException e, String otherwise) {
    if (e instanceof PlainYamlParser.RefusedException refused) {
      return new BadRequestException(refused.getOriginalMessage() + at(refused.getLocation()));
    }
    if (e instanceof UnrecognizedPropertyException unknown) {
      var known =
          new TreeSet<>(unknown.getKnownPropertyIds().stream().map(String::valueOf).toList());
      return new BadRequestException(where(unknown) + "not known; use " + String.join(", ", known));
    }
    if (e instanceof JsonMappingException mapping) {
      return e.getCause() instanceof JsonProcessingException unreadable
          ? malformed(unreadable, otherwise)
          : new BadRequestException(where(mapping) + why(mapping));
    }
    var message = String.valueOf(e.getOriginalMessage());
    return message.startsWith("Duplicate field '")
        ? new BadRequestException(
            message.replaceFirst("Duplicate field ('.*')", "$1: given twice") + at(e.getLocation()))
        : unreadable(otherwise, e.getLocation());
  }

  private static String at(@Nullable JsonLocation at) {
    return at == null ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static BadRequestException unreadable(String otherwise, @Nullable JsonLocation at) {
    var where =
        at == null ? "" : " from line " + at.getLineNr() + ", column " + at.getColumnNr() + " on";
    return new BadRequestException(otherwise + where);
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
      if (cause instanceof BadRequestException malformed) {
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
