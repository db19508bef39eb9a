package dev.doppel.users;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Converts records to and from the JSON text in which a dialect stores what only its vendor knows
 * about a user, token, role or organization. Records may get new members: a member missing in the
 * text becomes null, and a member missing in the record is ignored.
 */
public final class Extras {

  /**
   * The member that a dialect gives to a user's extras while they grant the user rights, in the
   * dialect's own form. Taking the account over would give these rights.
   */
  public static final String GRANTS = "grants";

  private static final String OLDER_GRANTS = "mappings";

  private static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);

  private static final Pattern SECRET =
      Pattern.compile("(secret|password|token|hash|code)s?$", Pattern.CASE_INSENSITIVE);

  private Extras() {}

  /**
   * Decodes a stored text.
   *
   * @param type a record
   * @throws IllegalStateException if the text is not a result of {@link #encode} for this type
   */
  public static <T> T decode(String json, Class<T> type) {
    try {
      return JSON.readValue(json, type);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not the extras of " + type.getSimpleName());
    }
  }

  /**
   * Returns a string or number of an encoded record, without creating objects for the rest.
   *
   * @throws IllegalStateException if the text is not JSON
   */
  public static Optional<String> member(String json, String name) {
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
   * Returns an encoded record to be shown, with {@code ***} for every member whose name says that
   * it is a secret: it ends with secret, password, token, hash or code.
   */
  public static String masked(String json) {
    try {
      return JSON.writeValueAsString(masked(JSON.readTree(json)));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that are not JSON");
    }
  }

  private static JsonNode masked(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (var member : object.properties()) {
        member.setValue(
            SECRET.matcher(member.getKey()).find()
                ? TextNode.valueOf("***")
                : masked(member.getValue()));
      }
    } else {
      node.forEach(Extras::masked);
    }
    return node;
  }

  /** Returns whether extras of a user grant rights, also in the form of older stores. */
  static boolean grant(String json) {
    try {
      var extras = JSON.readTree(json);
      return extras.has(GRANTS) || extras.has(OLDER_GRANTS);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("extras that are not JSON");
    }
  }

  /**
   * Encodes a record for storing.
   *
   * @param extras a record of strings, numbers, lists and such records
   */
  public static String encode(Object extras) {
    try {
      return JSON.writeValueAsString(extras);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not to be kept: " + extras.getClass().getSimpleName(), e);
    }
  }
}
