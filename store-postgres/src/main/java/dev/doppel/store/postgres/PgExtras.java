package dev.doppel.store.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Encodes the extras of all dialects as one JSON object with a member for each dialect. The text of
 * each is unchanged, except that it is encoded by {@link PgText}.
 */
final class PgExtras {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String EMPTY = "{}";

  private PgExtras() {}

  static String encode(Map<String, String> extras) {
    if (extras.isEmpty()) {
      return EMPTY;
    }
    var all = new StringBuilder("{");
    extras.forEach(
        (dialect, json) -> {
          all.append(all.length() == 1 ? "\"" : ",\"");
          JsonStringEncoder.getInstance().quoteAsString(dialect, all);
          all.append("\":").append(PgText.encodeJson(json));
        });
    return all.append('}').toString();
  }

  static Map<String, String> decode(String encoded) {
    if (encoded.equals(EMPTY)) {
      return Map.of();
    }
    var all = new HashMap<String, String>();
    try (var parser = JSON.createParser(encoded)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var dialect = parser.currentName();
        parser.nextToken();
        var start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        var end = (int) parser.currentLocation().getCharOffset();
        all.put(dialect, PgText.decodeJson(encoded.substring(start, end)));
      }
    } catch (IOException e) {
      throw new IllegalStateException("extras that are not JSON", e);
    }
    return all;
  }
}
