package dev.doppel.store.postgres;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;

/**
 * Extras as one JSON object, a member for each dialect's; to the letter, but for {@link PgText}.
 */
final class PgExtras {

  private static final JsonFactory JSON = new JsonFactory();
  private static final String NONE = "{}";

  private PgExtras() {}

  static String kept(Map<String, String> extras) {
    if (extras.isEmpty()) {
      return NONE;
    }
    var all = new StringBuilder("{");
    extras.forEach(
        (dialect, json) -> {
          all.append(all.length() == 1 ? "\"" : ",\"");
          JsonStringEncoder.getInstance().quoteAsString(dialect, all);
          all.append("\":").append(PgText.keptJson(json));
        });
    return all.append('}').toString();
  }

  static Map<String, String> shown(String kept) {
    if (kept.equals(NONE)) {
      return Map.of();
    }
    var all = new HashMap<String, String>();
    try (var parser = JSON.createParser(kept)) {
      parser.nextToken();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        var dialect = parser.currentName();
        parser.nextToken();
        var start = (int) parser.currentTokenLocation().getCharOffset();
        parser.skipChildren();
        parser.finishToken();
        var end = (int) parser.currentLocation().getCharOffset();
        all.put(dialect, PgText.shownJson(kept.substring(start, end)));
      }
    } catch (IOException e) {
      throw new IllegalStateException("extras that are not JSON", e);
    }
    return all;
  }
}
