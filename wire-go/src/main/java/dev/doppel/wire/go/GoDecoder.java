package dev.doppel.wire.go;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.doppel.users.Password;
import dev.doppel.wire.go.GoJson.UnreadableException;
import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Decodes a well-formed JSON value into records and reports values of wrong types as Go's decoder
 * does: it remembers the first one and reads on.
 *
 * <p>Messages are those of Go 1.22, package {@code encoding/json}. Every method starts at the first
 * token of its value and ends at the last.
 */
final class GoDecoder {

  private final JsonParser parser;

  /** Names of the enclosing members, outermost first. */
  private final Deque<String> path = new ArrayDeque<>();

  private @Nullable String misfit;

  GoDecoder(JsonParser parser) {
    this.parser = parser;
  }

  /** Reads a map of texts, {@code map[string]string}; null is an empty one. */
  Map<String, String> readMap() throws IOException {
    var token = parser.currentToken();
    if (token == JsonToken.VALUE_NULL) {
      return Map.of();
    }
    if (token != JsonToken.START_OBJECT) {
      throw new UnreadableException(unfit("map[string]string"));
    }
    var map = new LinkedHashMap<String, String>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      var value = parser.nextToken();
      if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NULL) {
        map.put(name, value == JsonToken.VALUE_NULL ? "" : parser.getText());
      } else {
        misfit = misfit == null ? unfit("string") : misfit;
        parser.skipChildren();
      }
    }
    if (misfit != null) {
      throw new UnreadableException(misfit);
    }
    return map;
  }

  private String unfit(String type) {
    return "json: cannot unmarshal " + kind() + " into Go value of type " + type;
  }

  <T> T read(Class<T> type) throws IOException {
    var token = parser.currentToken();
    if (token != JsonToken.START_OBJECT && token != JsonToken.VALUE_NULL) {
      throw new UnreadableException(unfit(GoStruct.of(type).name()));
    }
    var value = record(type);
    if (misfit != null) {
      throw new UnreadableException(misfit);
    }
    return value;
  }

  private <T> T record(Class<T> type) throws IOException {
    var struct = GoStruct.of(type);
    var members = new @Nullable Object[struct.fields().size()];
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      while (parser.nextToken() != JsonToken.END_OBJECT) {
        var at = struct.indexOf(parser.currentName());
        parser.nextToken();
        if (at < 0 || parser.currentToken() == JsonToken.VALUE_NULL) {
          parser.skipChildren();
          continue;
        }
        var field = struct.fields().get(at);
        path.addLast(field.name());
        var value = value(field.type(), new Struct(type, field.goType()));
        members[at] = value == null ? members[at] : value;
        path.removeLast();
      }
    }
    return struct.create(members);
  }

  /** Go's names of the type that has a value and of the value's own type. */
  private record Struct(Class<?> outer, String inner) {}

  private @Nullable Object value(Type type, Struct struct) throws IOException {
    var token = parser.currentToken();
    if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
      return token == JsonToken.START_ARRAY ? list(generic, struct) : misfit(struct, kind());
    }
    if (type instanceof ParameterizedType generic) {
      if (token != JsonToken.START_OBJECT) {
        return misfit(struct, kind());
      }
      return generic.getActualTypeArguments()[1] == Object.class ? values(struct) : map(struct);
    }
    if (type == Long.class) {
      return token == JsonToken.VALUE_NUMBER_INT || token == JsonToken.VALUE_NUMBER_FLOAT
          ? number(struct)
          : misfit(struct, kind());
    }
    if (type == Boolean.class) {
      return token.isBoolean() ? (Boolean) parser.getBooleanValue() : misfit(struct, kind());
    }
    if (type == Instant.class) {
      return time();
    }
    if (((Class<?>) type).isRecord() && type != Password.class) {
      return token == JsonToken.START_OBJECT ? record((Class<?>) type) : misfit(struct, kind());
    }
    if (token != JsonToken.VALUE_STRING) {
      return misfit(struct, kind());
    }
    var text = parser.getText();
    return type == Password.class ? new Password(text) : text;
  }

  /** {@code Time.UnmarshalJSON}, whose error ends the decoding, as that of any such method. */
  private Instant time() throws IOException {
    if (parser.currentToken() != JsonToken.VALUE_STRING) {
      throw new UnreadableException("Time.UnmarshalJSON: input is not a JSON string");
    }
    try {
      return GoTime.parse(parser.getText());
    } catch (GoTime.InvalidTimeException invalid) {
      throw new UnreadableException(invalid.getMessage());
    }
  }

  private @Nullable Object number(Struct struct) throws IOException {
    try {
      return Long.parseLong(parser.getText());
    } catch (NumberFormatException fractionOrTooLarge) {
      return misfit(struct, "number " + parser.getText());
    }
  }

  private List<Object> list(ParameterizedType type, Struct struct) throws IOException {
    var element = type.getActualTypeArguments()[0];
    var of = new Struct(struct.outer, struct.inner.replaceFirst("^\\[]", ""));
    var list = new ArrayList<Object>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      var value =
          parser.currentToken() == JsonToken.VALUE_NULL
              ? zero((Class<?>) element)
              : value(element, of);
      if (value != null) {
        list.add(value);
      }
    }
    return list;
  }

  private Map<String, String> map(Struct struct) throws IOException {
    var map = new LinkedHashMap<String, String>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      var token = parser.nextToken();
      if (token == JsonToken.VALUE_STRING) {
        map.put(name, parser.getText());
      } else if (token == JsonToken.VALUE_NULL) {
        map.put(name, "");
      } else {
        misfit(new Struct(struct.outer, "string"), kind());
      }
    }
    return map;
  }

  /** Reads a map of values of any type, {@code map[string]interface {}}. */
  private Map<String, @Nullable Object> values(Struct struct) throws IOException {
    var map = new LinkedHashMap<String, @Nullable Object>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      var name = parser.currentName();
      parser.nextToken();
      map.put(name, any(struct));
    }
    return map;
  }

  private @Nullable Object any(Struct struct) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> values(struct);
      case START_ARRAY -> {
        var list = new ArrayList<@Nullable Object>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          list.add(any(struct));
        }
        yield list;
      }
      case VALUE_STRING -> parser.getText();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      case VALUE_NULL -> null;
      default -> {
        var number = Double.parseDouble(parser.getText());
        yield Double.isInfinite(number)
            ? misfit(new Struct(struct.outer, "float64"), "number " + parser.getText())
            : (Double) number;
      }
    };
  }

  private @Nullable Object misfit(Struct struct, String kind) throws IOException {
    if (misfit == null) {
      var outer = GoStruct.of(struct.outer).name();
      misfit =
          "json: cannot unmarshal %s into Go struct field %s.%s of type %s"
              .formatted(
                  kind,
                  outer.substring(outer.lastIndexOf('.') + 1),
                  String.join(".", path),
                  struct.inner);
    }
    parser.skipChildren();
    return null;
  }

  private String kind() {
    return switch (parser.currentToken()) {
      case START_OBJECT -> "object";
      case START_ARRAY -> "array";
      case VALUE_STRING -> "string";
      case VALUE_TRUE, VALUE_FALSE -> "bool";
      default -> "number";
    };
  }

  /** Returns Go's zero value of a type. */
  private static Object zero(Class<?> type) {
    if (!type.isRecord()) {
      return "";
    }
    var struct = GoStruct.of(type);
    return struct.create(new @Nullable Object[struct.fields().size()]);
  }
}
