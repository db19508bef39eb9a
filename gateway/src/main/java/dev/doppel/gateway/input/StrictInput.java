package dev.doppel.gateway.input;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.exc.InvalidFormatException;
import com.fasterxml.jackson.databind.exc.InvalidNullException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.doppel.BadRequestException;
import dev.doppel.dialect.ClientJson;
import dev.doppel.dialect.Suggestions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * Strict parsers of JSON and YAML that users write. Unknown and duplicate members and wrong types
 * are errors; messages say what is allowed.
 */
public final class StrictInput {

  private static final ObjectMapper JSON =
      strict(JsonMapper.builder(ClientJson.factory().build()).build());
  private static final ObjectReader PARTS =
      JSON.reader().without(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
  private static final ObjectMapper YAML = strict(new YAMLMapper(yamlFactory()));

  private static final String NOT_YAML = "neither YAML nor JSON";

  private StrictInput() {}

  /** Reads a text token by token. */
  public interface Reading {
    void read(JsonParser parser) throws IOException;
  }

  /** Allows seeds of any size; without aliases, a text can't expand beyond its own size. */
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
        .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
        .setDefaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
        .setConfig(
            mapper
                .getDeserializationConfig()
                .with(MapperFeature.ACCEPT_CASE_INSENSITIVE_ENUMS)
                .without(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .with(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES));
  }

  /**
   * Reads YAML or JSON token by token to its end. YAML anchors, aliases and tags are refused, and
   * duplicate members.
   *
   * @throws BadRequestException whose message says what is wrong, where, and what is allowed
   */
  public static void yaml(String text, Reading reading) {
    if (text.stripLeading().startsWith("{")) {
      read(text, reading, NOT_YAML, JSON);
    } else {
      read(text, reading, NOT_YAML, YAML);
    }
  }

  private static void read(String text, Reading reading, String notParseable, ObjectMapper mapper) {
    try (var parser = mapper.createParser(text)) {
      reading.read(parser);
      if (parser.nextToken() != null) {
        throw unreadable(notParseable, parser.currentTokenLocation());
      }
    } catch (JsonProcessingException e) {
      throw newBadRequestException(e, notParseable);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // can't happen: the text is in memory
    }
  }

  /** Reads a value at the parser's position; other values may follow. */
  public static <T> T part(JsonParser parser, Class<T> type) throws IOException {
    return PARTS.forType(type).readValue(parser);
  }

  /**
   * Parses a JSON value.
   *
   * @param defaultValue returned for a blank text and for {@code null}
   * @throws BadRequestException whose message says what is wrong, where, and what is allowed
   */
  public static <T> T json(String text, Class<T> type, T defaultValue) {
    if (text.isBlank()) {
      return defaultValue;
    }
    try {
      var value = JSON.readValue(text, type);
      return value == null ? defaultValue : value;
    } catch (JsonProcessingException e) {
      throw newBadRequestException(e, "not JSON");
    }
  }

  /**
   * Returns an exception that says what is wrong with a value; its message begins with the path of
   * the place.
   *
   * @param where path of the value that was read, such as {@code users[3]}
   * @throws BadRequestException if the text itself isn't YAML or JSON
   */
  public static BadRequestException newBadRequestException(JsonMappingException e, String where) {
    if (e.getCause() instanceof JsonProcessingException unreadable) {
      throw newBadRequestException(unreadable, NOT_YAML);
    }
    return new BadRequestException(path(where, e) + mistake(e));
  }

  private static BadRequestException newBadRequestException(
      JsonProcessingException e, String notParseable) {
    if (e instanceof PlainYamlParser.RefusedException refused) {
      return new BadRequestException(refused.getOriginalMessage() + at(refused.getLocation()));
    }
    if (e instanceof JsonMappingException mapping) {
      return e.getCause() instanceof JsonProcessingException unreadable
          ? newBadRequestException(unreadable, notParseable)
          : new BadRequestException(path("", mapping) + mistake(mapping));
    }
    var message = String.valueOf(e.getOriginalMessage());
    return message.startsWith("Duplicate field '")
        ? new BadRequestException(
            message.replaceFirst("Duplicate field ('.*')", "$1: given twice") + at(e.getLocation()))
        : unreadable(notParseable, e.getLocation());
  }

  private static String at(@Nullable JsonLocation at) {
    return at == null ? "" : " in line " + at.getLineNr() + ", column " + at.getColumnNr();
  }

  private static BadRequestException unreadable(String notParseable, @Nullable JsonLocation at) {
    var where =
        at == null ? "" : " from line " + at.getLineNr() + ", column " + at.getColumnNr() + " on";
    return new BadRequestException(notParseable + where);
  }

  /** Returns the path of a mistake, such as {@code users[3].status: }. */
  private static String path(String where, JsonMappingException e) {
    var path =
        e.getPath().stream()
            .map(
                step ->
                    step.getFieldName() != null
                        ? "." + Suggestions.shorten(step.getFieldName())
                        : "[" + step.getIndex() + "]")
            .collect(Collectors.joining("", where, ""));
    return path.isEmpty() ? "" : path.substring(path.startsWith(".") ? 1 : 0) + ": ";
  }

  private static String mistake(JsonMappingException e) {
    if (e instanceof UnrecognizedPropertyException unknown) {
      var known =
          new TreeSet<>(unknown.getKnownPropertyIds().stream().map(String::valueOf).toList());
      return "not known; use "
          + String.join(", ", known)
          + Suggestions.didYouMean(unknown.getPropertyName(), known);
    }
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof BadRequestException malformed) {
        return malformed.line();
      }
    }
    if (e instanceof InvalidNullException) {
      return "null is not allowed; leave it out";
    }
    var type = e instanceof MismatchedInputException wrong ? wrong.getTargetType() : null;
    if (type == null) {
      return "not of the form it should have";
    }
    // Only numbers and words of a list are quoted; any other value may be a secret.
    return type.isEnum()
        ? Suggestions.notAllowed(given(e), constants(type))
        : isNumber(type)
            ? Suggestions.notAllowed(given(e), "a number")
            : "this is not allowed; use " + form(type);
  }

  private static boolean isNumber(Class<?> type) {
    return Number.class.isAssignableFrom(type) || type.isPrimitive();
  }

  private static String form(Class<?> type) {
    if (type == String.class) {
      return "a text";
    }
    return Collection.class.isAssignableFrom(type) ? "a list" : "an object with members";
  }

  /** Returns the value that was refused; of a list or an object only the beginning. */
  private static String given(JsonMappingException e) {
    if (e instanceof InvalidFormatException invalid) {
      return String.valueOf(invalid.getValue());
    }
    try {
      return e.getProcessor() instanceof JsonParser parser ? String.valueOf(parser.getText()) : "";
    } catch (IOException unreadable) {
      return "";
    }
  }

  private static List<String> constants(Class<?> type) {
    return Arrays.stream(type.getEnumConstants())
        .map(constant -> ((Enum<?>) constant).name().toLowerCase(Locale.ROOT))
        .toList();
  }
}
