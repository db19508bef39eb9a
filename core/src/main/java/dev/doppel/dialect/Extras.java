package dev.doppel.dialect;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;

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
