package dev.doppel.dialect;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.util.Optional;

/** Finds a text in a body that may be a JSON object, without reading all of it. */
final class BodyText {

  private static final JsonFactory JSON = ClientJson.factory().build();

  private BodyText() {}

  static Optional<String> of(Buffer body, String... path) {
    if (body.length() == 0) {
      return Optional.empty();
    }
    try (var parser = JSON.createParser(body.getBytes())) {
      parser.nextToken();
      for (var member : path) {
        if (!enter(parser, member)) {
          return Optional.empty();
        }
      }
      return parser.currentToken() == JsonToken.VALUE_STRING
          ? Optional.of(parser.getText())
          : Optional.empty();
    } catch (IOException noJson) {
      return Optional.empty();
    }
  }

  /** Moves from an object to the value of a member; returns false if there is none. */
  private static boolean enter(JsonParser parser, String member) throws IOException {
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      return false;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      var found = member.equals(parser.currentName());
      parser.nextToken();
      if (found) {
        return true;
      }
      parser.skipChildren();
    }
    return false;
  }
}
