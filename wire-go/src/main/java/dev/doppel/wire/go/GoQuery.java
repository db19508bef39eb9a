package dev.doppel.wire.go;

import dev.doppel.dialect.Call;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The parameters of a URL's query as the package {@code net/url} of Go 1.22 reads and writes them.
 * Immutable.
 *
 * @param values of each parameter, by its name, in the order they were given; names are
 *     case-sensitive
 * @param error what Go says of the pairs that were left out, if any were: of the last with a
 *     semicolon, else of the first that can't be decoded
 */
public record GoQuery(Map<String, List<String>> values, Optional<String> error) {

  private static final String UNESCAPED = "-_.~";
  private static final GoQuery NONE = new GoQuery(Map.of(), Optional.empty());

  public GoQuery {
    var copy = new LinkedHashMap<String, List<String>>();
    values.forEach((name, list) -> copy.put(name, List.copyOf(list)));
    values = Collections.unmodifiableMap(copy);
  }

  /**
   * Reads a query ({@code url.ParseQuery}, {@code URL.Query}). Pairs that hold a semicolon or a
   * wrong percent sign are left out.
   *
   * @param query as it was sent, without the question mark, one character for each byte
   */
  public static GoQuery parse(String query) {
    var values = new LinkedHashMap<String, List<String>>();
    Optional<String> error = Optional.empty();
    for (var pair : query.split("&", -1)) {
      if (pair.isEmpty()) {
        continue;
      }
      if (pair.contains(";")) {
        error = Optional.of("invalid semicolon separator in query");
        continue;
      }
      var equals = pair.indexOf('=');
      try {
        var name = unescape(equals < 0 ? pair : pair.substring(0, equals));
        var value = unescape(equals < 0 ? "" : pair.substring(equals + 1));
        values.computeIfAbsent(name, any -> new ArrayList<>()).add(value);
      } catch (InvalidEscapeException invalid) {
        error = error.or(() -> Optional.of(invalid.getMessage()));
      }
    }
    return new GoQuery(values, error);
  }

  /** Returns the parameters of a call. */
  public static GoQuery of(Call call) {
    var uri = call.uri();
    var mark = uri.indexOf('?');
    return mark < 0 ? NONE : parse(uri.substring(mark + 1));
  }

  /** Returns the first value of a parameter ({@code Values.Get}), which may be empty. */
  public Optional<String> first(String name) {
    return Optional.ofNullable(values.get(name)).map(list -> list.get(0));
  }

  private static final class InvalidEscapeException extends RuntimeException {
    private static final long serialVersionUID = 1;

    InvalidEscapeException(String escape) {
      super("invalid URL escape " + GoStrings.quote(escape), null, false, false);
    }

    @Override
    public String getMessage() {
      return String.valueOf(super.getMessage());
    }
  }

  /** {@code url.QueryUnescape}; broken UTF-8 becomes U+FFFD. */
  private static String unescape(String text) {
    return GoEscapes.unescape(text, true)
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8))
        .orElseThrow(
            () -> {
              var at = GoEscapes.firstMalformed(text);
              return new InvalidEscapeException(
                  text.substring(at, Math.min(at + 3, text.length())));
            });
  }

  /** Writes parameters in the order of the map ({@code Values.Encode} of a sorted one). */
  public static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(parameter -> escape(parameter.getKey()) + "=" + escape(parameter.getValue()))
        .collect(Collectors.joining("&"));
  }

  /** {@code url.QueryEscape}. */
  static String escape(String text) {
    return text.indexOf(' ') < 0 ? escaped(text) : escaped(text).replace("%20", "+");
  }

  private static String escaped(String text) {
    return GoEscapes.escape(text.getBytes(StandardCharsets.UTF_8), UNESCAPED);
  }
}
