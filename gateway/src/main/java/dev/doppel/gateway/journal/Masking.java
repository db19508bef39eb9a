package dev.doppel.gateway.journal;

import com.fasterxml.jackson.core.JsonToken;
import dev.doppel.JournalEntry;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.serve.CompletedCall;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A call without its secrets. Only what was understood is kept: well-known headers, JSON, forms. Of
 * any other header the name is kept, of any other body its length and type.
 */
final class Masking {

  /**
   * A call as the journal keeps it.
   *
   * @param uri path and query
   */
  record Masked(String uri, JournalEntry.Message request, JournalEntry.Message response) {}

  static final String MASK = "***";

  private static final int MAX_BODY_CHARACTERS = 16 << 10;

  /** A shorter text is found in too many others. */
  private static final int MIN_QUOTED_SECRET = 4;

  private static final int MAX_QUOTED_SECRETS = 1000;

  /** The headers whose values are kept. */
  private static final Set<String> KEPT_HEADERS =
      Set.of(
          "accept",
          "accept-charset",
          "accept-encoding",
          "accept-language",
          "access-control-allow-credentials",
          "access-control-allow-headers",
          "access-control-allow-methods",
          "access-control-allow-origin",
          "access-control-expose-headers",
          "access-control-max-age",
          "access-control-request-headers",
          "access-control-request-method",
          "allow",
          "cache-control",
          "connection",
          "content-encoding",
          "content-language",
          "content-length",
          "content-location",
          "content-security-policy",
          "content-type",
          "date",
          "db-name",
          "dbname",
          "etag",
          "expect",
          "expires",
          "grpc-accept-encoding",
          "grpc-encoding",
          "grpc-message",
          "grpc-status",
          "grpc-timeout",
          "host",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-unmodified-since",
          "keep-alive",
          "last-modified",
          "link",
          "location",
          "origin",
          "pragma",
          "referer",
          "request-timeout",
          "retry-after",
          "server",
          "status-message",
          "strict-transport-security",
          "te",
          "traceparent",
          "trailer",
          "transfer-encoding",
          "upgrade",
          "user-agent",
          "vary",
          "via",
          "www-authenticate",
          "x-content-type-options",
          "x-correlation-id",
          "x-forwarded-for",
          "x-forwarded-host",
          "x-forwarded-port",
          "x-forwarded-proto",
          "x-frame-options",
          "x-influxdb-build",
          "x-influxdb-version",
          "x-platform-error-code",
          "x-powered-by",
          "x-ratelimit-limit",
          "x-ratelimit-remaining",
          "x-ratelimit-reset",
          "x-request-id",
          "x-vmware-vcloud-auth-context",
          "x-vmware-vcloud-ceip-id",
          "x-vmware-vcloud-client-request-id",
          "x-vmware-vcloud-org-id",
          "x-vmware-vcloud-request-execution-time",
          "x-vmware-vcloud-request-id",
          "x-vmware-vcloud-tenant-context",
          "x-vmware-vcloud-token-type");

  /** Tell how a secret is to be read, and are kept. */
  private static final Set<String> SCHEMES = Set.of("basic", "bearer", "token");

  /** Members of our own responses; the names of clients' members are {@link SecretNames}. */
  private static final Pattern SECRET_IN_RESPONSE =
      Pattern.compile("(?i)p|.*(pass|pwd|secret|token(?!.?type)|assertion|credential|jwt|otp).*");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.\\[\\]-]*");
  private static final Pattern MEDIA_TYPE = Pattern.compile("([\\w.+-]+/[\\w.+-]+)(\\s*;.*)?");
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([A-Za-z][\\w+.-]*+://)([^/?#]*@)?((?:[\\w.-]++|\\[[\\w.:]++])(?::\\d++)?)(|[/?#].*+)",
          Pattern.DOTALL);
  private static final Pattern QUERY_IN_LINK = Pattern.compile("\\?([^>\\s\"]*)");

  private final SecretNames names;

  /** What was masked, to be found again where a response quotes it; the longest first. */
  private final Set<String> secrets =
      new TreeSet<>(
          Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

  private Masking(SecretNames names) {
    this.names = names;
  }

  static Masked mask(CompletedCall served, SecretNames names) {
    var masking = new Masking(names);
    var uri = masking.uri(served.uri(), served.call().operationName().isPresent());
    var request =
        new JournalEntry.Message(
            masking.headers(served.request().headers(), masking::requestHeader),
            masking.requestBody(served.request()));
    var failed = served.reason().isPresent() || served.status() >= 400;
    var response =
        new JournalEntry.Message(
            masking.headers(served.response().headers(), masking::responseHeader),
            masking.responseBody(served.response(), failed));
    return new Masked(uri, request, response);
  }

  private String hide(String secret) {
    for (var decoded : SecretNames.decodings(secret)) {
      remember(decoded);
      remember(decoded.replace('+', ' ')); // of a form
    }
    return MASK;
  }

  private void remember(String secret) {
    if (secret.length() >= MIN_QUOTED_SECRET) {
      secrets.add(secret);
    }
  }

  /** Returns a text that a client sent, unless it holds a secret. */
  private String text(String text) {
    return names.holdsSecret(text) ? hide(text) : text;
  }

  /** Returns a text of ours without the secrets of the request that it quotes. */
  private String unquoted(String text) {
    if (secrets.size() > MAX_QUOTED_SECRETS) {
      return MASK; // rather than look for each of them
    }
    var unquoted = text;
    for (var secret : secrets) {
      unquoted = unquoted.replace(secret, MASK);
    }
    return unquoted;
  }

  // ---- path and query

  private String uri(String uri, boolean hasOperation) {
    var query = uri.indexOf('?');
    var target = query < 0 ? uri : uri.substring(0, query);
    var kept = target.startsWith("/") ? path(target, hasOperation) : absolute(target, hasOperation);
    return query < 0 ? kept : kept + '?' + query(uri.substring(query + 1));
  }

  private String absolute(String target, boolean hasOperation) {
    var parts = ORIGIN.matcher(target);
    return parts.matches()
        ? origin(parts.group(1), parts.group(2), parts.group(3))
            + path(parts.group(4), hasOperation)
        : hide(target);
  }

  private static String origin(String scheme, @Nullable String userInformation, String host) {
    return scheme + (userInformation == null ? "" : MASK + "@") + host;
  }

  private String path(String path, boolean hasOperation) {
    var kept = new ArrayList<String>();
    var previous = "";
    for (var segment : path.split("/", -1)) {
      var secret =
          !hasOperation
              && !segment.isEmpty()
              && (SecretNames.announcesSecret(previous) || hidesSegments(segment));
      kept.add(secret ? hide(segment) : text(segment));
      previous = segment;
    }
    return String.join("/", kept);
  }

  private boolean hidesSegments(String segment) {
    var decoded = SecretNames.decode(segment);
    return decoded.indexOf('/') >= 0 && names.isSecret(decoded);
  }

  private String query(String query) {
    return Arrays.stream(query.split("&", -1))
        .map(pair -> pair.isEmpty() ? pair : pair(pair).orElseGet(() -> hide(pair)))
        .collect(Collectors.joining("&"));
  }

  /** Returns {@code name=value} with the value masked if it is a secret; empty if it is no pair. */
  private Optional<String> pair(String pair) {
    var sign = pair.indexOf('=');
    if (sign < 0) {
      return Optional.empty();
    }
    var name = pair.substring(0, sign);
    var value = pair.substring(sign + 1);
    if (!NAME.matcher(SecretNames.decode(name)).matches()
        || names.holdsSecret(name)
        || value.replace("=", "").isEmpty()) {
      return Optional.empty(); // Base64 with its padding, say
    }
    return Optional.of(name + '=' + (names.isSecret(name) ? hide(value) : text(value)));
  }

  // ---- headers

  private List<Header> headers(MultiMap all, UnaryOperator<Header> masked) {
    var kept = new ArrayList<Header>();
    all.forEach(header -> kept.add(masked.apply(new Header(header.getKey(), header.getValue()))));
    return kept;
  }

  private Header requestHeader(Header header) {
    var value = header.value();
    return new Header(
        header.name(),
        switch (header.name().toLowerCase(Locale.ROOT)) {
          case "authorization", "proxy-authorization" -> credentials(value);
          case "cookie" -> cookies(value);
          case "origin", "referer" -> origin(value);
          case "host", "x-forwarded-host" -> value.indexOf('@') < 0 ? text(value) : hide(value);
          default -> isKept(header) ? text(value) : hide(value);
        });
  }

  private Header responseHeader(Header header) {
    var value = header.value();
    return new Header(
        header.name(),
        switch (header.name().toLowerCase(Locale.ROOT)) {
          case "set-cookie" -> newCookie(value);
          case "access-control-allow-origin" -> value.equals("*") ? value : origin(value);
          case "content-location", "link", "location" -> unquoted(links(value));
          case "grpc-message" -> unquotedMessage(value);
          default -> isKept(header) ? unquoted(value) : MASK;
        });
  }

  private static boolean isKept(Header header) {
    return KEPT_HEADERS.contains(header.name().toLowerCase(Locale.ROOT));
  }

  private String credentials(String value) {
    var blank = value.indexOf(' ');
    var scheme = value.substring(0, Math.max(0, blank));
    var secret = value.substring(blank + 1).strip();
    hide(secret);
    hidePassword(secret);
    try {
      hidePassword(new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8));
    } catch (IllegalArgumentException notBase64) {
      // Then it isn't Basic.
    }
    return SCHEMES.contains(scheme.toLowerCase(Locale.ROOT)) ? scheme + " " + MASK : hide(value);
  }

  private void hidePassword(String credentials) {
    var colon = credentials.indexOf(':');
    if (colon >= 0) {
      remember(credentials.substring(colon + 1));
    }
  }

  private String cookies(String value) {
    return Arrays.stream(value.split(";", -1))
        .map(cookie -> cookie(cookie.strip()))
        .collect(Collectors.joining("; "));
  }

  /** Keeps the name of a cookie for a session, which is none itself. */
  private String cookie(String cookie) {
    var sign = cookie.indexOf('=');
    return sign > 0 && names.isSecret(cookie.substring(0, sign))
        ? pair(cookie).orElseGet(() -> hide(cookie))
        : hide(cookie);
  }

  private String newCookie(String value) {
    var end = value.indexOf(';');
    return end < 0 ? cookie(value) : cookie(value.substring(0, end)) + value.substring(end);
  }

  private String origin(String uri) {
    if (uri.equals("null")) { // as browsers send it
      return uri;
    }
    var parts = ORIGIN.matcher(uri);
    if (!parts.matches() || parts.group(4).indexOf('@') >= 0) {
      return hide(uri);
    }
    var rest = parts.group(4);
    return origin(parts.group(1), parts.group(2), parts.group(3))
        + (rest.length() <= 1 ? rest : "/" + MASK);
  }

  private String links(String value) {
    return QUERY_IN_LINK
        .matcher(value)
        .replaceAll(found -> Matcher.quoteReplacement("?" + query(found.group(1))));
  }

  private String unquotedMessage(String value) {
    var message = SecretNames.decode(value);
    return unquoted(message).equals(message) ? value : MASK;
  }

  // ---- bodies

  private String requestBody(CallMessage message) {
    var bytes = message.body().getBytes();
    if (bytes.length == 0) {
      return "";
    }
    return shortened(
        MaskedJson.of(bytes, new RequestRule())
            .or(() -> isForm(message) ? form(message.body().toString()) : Optional.empty())
            .orElseGet(() -> summary(message)));
  }

  private String responseBody(CallMessage message, boolean failed) {
    var bytes = message.body().getBytes();
    return bytes.length == 0
        ? ""
        : shortened(
            MaskedJson.of(bytes, new ResponseRule(failed)).orElseGet(() -> summary(message)));
  }

  private static Optional<String> mediaType(CallMessage message) {
    return Optional.ofNullable(message.headers().get("Content-Type"))
        .map(MEDIA_TYPE::matcher)
        .filter(Matcher::matches)
        .map(type -> type.group(1));
  }

  private static boolean isForm(CallMessage message) {
    return mediaType(message)
        .filter(type -> type.equalsIgnoreCase("application/x-www-form-urlencoded"))
        .isPresent();
  }

  private Optional<String> form(String body) {
    var kept = Arrays.stream(body.split("&", -1)).map(this::pair).toList();
    return kept.stream().allMatch(Optional::isPresent)
        ? Optional.of(kept.stream().map(Optional::get).collect(Collectors.joining("&")))
        : Optional.empty();
  }

  private static String summary(CallMessage message) {
    return "("
        + message.body().length()
        + " bytes"
        + mediaType(message).map(type -> " of " + type).orElse("")
        + ")";
  }

  private static String shortened(String text) {
    var more = text.length() - MAX_BODY_CHARACTERS;
    return more <= 0
        ? text
        : text.substring(0, MAX_BODY_CHARACTERS) + "… (" + more + " characters more)";
  }

  /** A client may put a secret where it doesn't belong: without a name, or in a structure. */
  private final class RequestRule implements MaskedJson.Rule {
    @Override
    public boolean masks(@Nullable String name, boolean isMember, JsonToken token) {
      return name == null ? token.isScalarValue() : isMember && names.isSecret(name);
    }

    @Override
    public String text(String text) {
      return Masking.this.text(text);
    }

    @Override
    public void masked(String text) {
      hide(text);
    }
  }

  /** The names are ours; only errors quote what the client sent. */
  private final class ResponseRule implements MaskedJson.Rule {
    private final boolean failed;

    ResponseRule(boolean failed) {
      this.failed = failed;
    }

    @Override
    public boolean masks(@Nullable String name, boolean isMember, JsonToken token) {
      return name != null && token.isScalarValue() && SECRET_IN_RESPONSE.matcher(name).matches();
    }

    @Override
    public String text(String text) {
      return failed ? unquoted(text) : text;
    }

    @Override
    public void masked(String text) {}
  }
}
