package dev.doppel.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Optional;

/**
 * What a dialect alone knows about something, as the JSON text that is kept under its name. Members
 * may be added to its records: those a text lacks are null, those a record lacks are ignored.
 */
public final class Extras {

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private Extras() {}

  /**
   * The record that a text was made of.
   *
   * @param type a record
   * @throws IllegalStateException if the text is not one that {@link #json} made of such a record
   */
  public static <T> T read(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not the extras of " + type.getSimpleName());
    }
  }

  /**
   * One text or number of a record's, without reading the rest into objects.
   *
   * @throws IllegalStateException if the text is not JSON
   */
  static Optional<String> member(String json, String name) {
    try (var parser = JSON.createParser(json)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var found = parser.currentName().equals(name);
        parser.nextToken();
        if (found) {
          return Optional.ofNullable(parser.getValueAsString());
        }
        parser.skipChildren();
      }
      return Optional.empty();
    } catch (IOException e) {
      throw new IllegalStateException("extras that are not JSON");
    }
  }

  /**
   * The text to keep.
   *
   * @param extras a record of strings, numbers, lists and such records again
   */
  public static String json(Object extras) {
    try {
      return JSON.writeValueAsString(extras);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not to be kept: " + extras.getClass().getSimpleName(), e);
    }
  }
}
