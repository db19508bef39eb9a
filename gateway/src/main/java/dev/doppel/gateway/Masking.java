package dev.doppel.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.dialect.Served;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Replaces every secret in what is kept for people to read: passwords, tokens, sessions, by the
 * names that carry them. What can't be read, and so not searched, isn't kept.
 */
final class Masking {

  private static final String MASK = "***";
  private static final int LONGEST = 16 << 10;
  private static final int NAMES_REMEMBERED = 1000;

  private static final Pattern SECRET_HEADER =
      Pattern.compile("(?i).*(authorization|cookie|password|secret|token(?!.?type)|api-?key).*");
  private static final Pattern SECRET_MEMBER =
      Pattern.compile("(?i)p|.*(pass|secret|token(?!.?type)|assertion|credential|jwt|otp).*");

  /** What tells how a secret is to be understood. */
  private static final Set<String> SCHEMES = Set.of("basic", "bearer", "token");

  /** Places in the text are counted in its bytes, so it is read as UTF-8 or not at all. */
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(JsonFactory.Feature.CHARSET_DETECTION).build();

  private final Map<String, Boolean> headers = new ConcurrentHashMap<>();
  private final Map<String, Boolean> members = new ConcurrentHashMap<>();

  private static boolean known(Map<String, Boolean> verdicts, Pattern pattern, String name) {
    var verdict = verdicts.get(name);
    if (verdict != null) {
      return verdict;
    }
    if (verdicts.size() >= NAMES_REMEMBERED) {
      verdicts.clear(); // names are the clients' to choose
    }
    var secret = pattern.matcher(name).matches();
    verdicts.put(name, secret);
    return secret;
  }

  private boolean isSecretMember(String name) {
    return known(members, SECRET_MEMBER, name);
  }

  JournalEntry.Message request(Served.Message message) {
    return new JournalEntry.Message(
        headers(message.headers()),
        body(message, type -> type.startsWith("application/x-www-form-urlencoded"), false));
  }

  /** Answers that aren't JSON are our own, and hold no secrets. */
  JournalEntry.Message response(Served.Message message) {
    return new JournalEntry.Message(headers(message.headers()), body(message, type -> false, true));
  }

  /** Path and query. */
  String uri(String uri) {
    var query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query + 1) + pairs(uri.substring(query + 1));
  }

  private List<Header> headers(MultiMap all) {
    var shown = new ArrayList<Header>();
    for (var header : all) {
      var name = header.getKey();
      shown.add(
          new Header(
              name,
              known(headers, SECRET_HEADER, name)
                  ? masked(name, header.getValue())
                  : header.getValue()));
    }
    return shown;
  }

  private static String masked(String name, String value) {
    if (name.equalsIgnoreCase("Set-Cookie")) {
      var end = value.indexOf(';');
      return cookie(end < 0 ? value : value.substring(0, end))
          + (end < 0 ? "" : value.substring(end));
    }
    if (name.equalsIgnoreCase("Cookie")) {
      return Arrays.stream(value.split(";", -1))
          .map(one -> cookie(one.strip()))
          .collect(Collectors.joining("; "));
    }
    var scheme = value.substring(0, Math.max(0, value.indexOf(' ')));
    return SCHEMES.contains(scheme.toLowerCase(Locale.ROOT)) ? scheme + " " + MASK : MASK;
  }

  private static String cookie(String pair) {
    var sign = pair.indexOf('=');
    return sign < 0 ? MASK : pair.substring(0, sign + 1) + MASK;
  }

  private String body(Served.Message message, Predicate<String> form, boolean ours) {
    var bytes = message.body();
    if (bytes.length() == 0) {
      return "";
    }
    var type = Optional.ofNullable(message.headers().get("Content-Type")).orElse("");
    if ("{[\"".indexOf(firstVisible(bytes)) >= 0) {
      return shortened(json(bytes.getBytes(), ours));
    }
    if (form.test(type)) {
      return shortened(pairs(bytes.toString()));
    }
    return ours
        ? shortened(bytes.toString())
        : "(" + bytes.length() + " bytes" + (type.isEmpty() ? ")" : " of " + type + ")");
  }

  private static byte firstVisible(Buffer bytes) {
    for (int i = 0; i < bytes.length(); i++) {
      if (bytes.getByte(i) > ' ' || bytes.getByte(i) < 0) {
        return bytes.getByte(i);
      }
    }
    return ' ';
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST
        ? text
        : text.substring(0, LONGEST) + "… (" + (text.length() - LONGEST) + " characters more)";
  }

  /** {@code name=value} pairs as in a query or a form. */
  private String pairs(String text) {
    if (text.indexOf('=') < 0) {
      return text;
    }
    return Arrays.stream(text.split("&", -1)).map(this::pair).collect(Collectors.joining("&"));
  }

  private String pair(String text) {
    var sign = text.indexOf('=');
    return sign >= 0 && isSecretMember(decoded(text.substring(0, sign)))
        ? text.substring(0, sign + 1) + MASK
        : text;
  }

  private static String decoded(String name) {
    try {
      return URLDecoder.decode(name, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException notEncoded) {
      return name;
    }
  }

  /** The same text but for secret members' values; up to where it is no JSON any more. */
  private String json(byte[] bytes, boolean ours) {
    var shown = new StringBuilder();
    var copied = 0;
    var around = new Surroundings();
    try (var parser = JSON.createParser(bytes)) {
      try {
        for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
          parser.finishToken();
          around.pass(parser, token);
          if (token.isScalarValue()
              && token != JsonToken.VALUE_NULL
              && (ours ? isSecret(parser) : isSecret(parser, around))) {
            shown.append(text(bytes, copied, begin(parser))).append('"').append(MASK).append('"');
            copied = end(parser);
          }
        }
      } catch (IOException noMore) {
        var read = Math.max(copied, begin(parser));
        return shown.append(text(bytes, copied, read))
            + "… (%d bytes that are no JSON)".formatted(bytes.length - read);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of bytes in memory there is none
    }
    return copied == 0
        ? text(bytes, 0, bytes.length)
        : shown.append(text(bytes, copied, bytes.length)).toString();
  }

  private static String text(byte[] bytes, int from, int to) {
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  /** By the name of the member that it is, or of the one whose list it stands in. */
  private boolean isSecret(JsonParser parser) {
    var context = parser.getParsingContext();
    while (context.inArray()) {
      context = context.getParent();
    }
    return isSecret(context.getCurrentName());
  }

  private boolean isSecret(JsonParser parser, Surroundings around) throws IOException {
    return around.areSecret() || isSecret(parser.currentName());
  }

  private boolean isSecret(@Nullable String name) {
    return name != null && isSecretMember(name);
  }

  /**
   * What is around a value that a client sent. It may have put a secret where none belongs: deep in
   * a member of a secret's name, or where there is no name at all.
   */
  private final class Surroundings {
    private int depth;
    private int objects;
    private int secretSince;

    void pass(JsonParser parser, JsonToken token) throws IOException {
      if (token.isStructStart()) {
        depth++;
        objects += token == JsonToken.START_OBJECT ? 1 : 0;
        if (secretSince == 0 && isSecret(parser.currentName())) {
          secretSince = depth;
        }
      } else if (token.isStructEnd()) {
        secretSince = secretSince == depth ? 0 : secretSince;
        objects -= token == JsonToken.END_OBJECT ? 1 : 0;
        depth--;
      }
    }

    boolean areSecret() {
      return secretSince > 0 || objects == 0;
    }
  }

  private static int begin(JsonParser parser) {
    return (int) parser.currentTokenLocation().getByteOffset();
  }

  private static int end(JsonParser parser) {
    return (int) parser.currentLocation().getByteOffset();
  }
}
