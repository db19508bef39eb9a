package dev.doppel.gateway.journal;

import com.fasterxml.jackson.core.JsonToken;
import dev.doppel.JournalEntry;
import dev.doppel.Vendors;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.dialect.Vendor;
import dev.doppel.serve.CompletedCall;
import io.vertx.core.MultiMap;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Masks the secrets of a call. Copies only well-known headers, JSON and forms. Of other headers
 * only the name is copied, of other bodies only the length and media type.
 */
final class Masking {

  /**
   * The masked parts of a call.
   *
   * @param uri path and query
   */
  record Masked(String uri, JournalEntry.Message request, JournalEntry.Message response) {}

  static final String MASK = "***";

  private static final int MAX_BODY_CHARACTERS = 16 << 10;

  /** Minimum length of a secret that is searched for in responses; shorter ones match too much. */
  private static final int MIN_QUOTED_SECRET = 4;

  private static final int MAX_QUOTED_SECRETS = 1000;

  /** The headers whose values are copied. */
  private static final Set<String> COPIED_HEADERS =
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
          "doppel-deviates",
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
          "x-powered-by",
          "x-ratelimit-limit",
          "x-ratelimit-remaining",
          "x-ratelimit-reset",
          "x-request-id");

  private static final Set<String> COPIED_HEADERS_OF_VENDORS =
      Vendors.all().stream()
          .flatMap(vendor -> vendor.plainHeaders().stream())
          .collect(Collectors.toUnmodifiableSet());

  /** All vendors by name. */
  private static final Map<String, Vendor<?>> VENDORS =
      Vendors.all().stream()
          .collect(Collectors.toUnmodifiableMap(vendor -> vendor.name(), vendor -> vendor));

  /** The schemes of credentials that are copied. */
  private static final Set<String> SCHEMES = Set.of("basic", "bearer", "token");

  /** Secret members of our responses; {@link SecretNames} are those of requests. */
  private static final Pattern SECRET_IN_RESPONSE =
      Pattern.compile(
          "(?i)p|.*(pass|pwd|secret|token(?!.?type)|assertion|bearer|credential|jwt|otp).*");

  private static final Pattern NAME = Pattern.compile("[A-Za-z_][\\w.\\[\\]-]*");
  private static final Pattern MEDIA_TYPE = Pattern.compile("([\\w.+-]+/[\\w.+-]+)(\\s*;.*)?");
  private static final Pattern ORIGIN =
      Pattern.compile(
          "([A-Za-z][\\w+.-]*+://)([^/?#]*@)?((?:[\\w.-]++|\\[[\\w.:]++])(?::\\d++)?)(|[/?#].*+)",
          Pattern.DOTALL);
  private static final Pattern QUERY_IN_LINK = Pattern.compile("\\?([^>\\s\"]*)");

  private final SecretNames names;

  /** The masked secrets, to mask them in responses that quote them; longest first. */
  private final Set<String> secrets =
      new TreeSet<>(
          Comparator.comparing(String::length).reversed().thenComparing(Comparator.naturalOrder()));

  private Masking(SecretNames names) {
    this.names = names;
  }

  static Masked mask(CompletedCall completed, SecretNames names) {
    var masking = new Masking(names);
    var uri = masking.uri(completed.uri(), completed.call().operationName().isPresent());
    var request =
        new JournalEntry.Message(
            masking.headers(completed.request().headers(), masking::requestHeader),
            masking.requestBody(completed.request(), takesSecrets(completed)));
    var failed = completed.reason().isPresent() || completed.status() >= 400;
    var response =
        new JournalEntry.Message(
            masking.headers(completed.response().headers(), masking::responseHeader),
            masking.responseBody(completed.response(), failed, secretMembers(completed)));
    return new Masked(uri, request, response);
  }

  private static boolean takesSecrets(CompletedCall completed) {
    var vendor = VENDORS.get(completed.call().dialectName());
    return vendor != null && vendor.takesSecrets(completed.call().path());
  }

  private static Set<String> secretMembers(CompletedCall completed) {
    var vendor = VENDORS.get(completed.call().dialectName());
    return vendor == null ? Set.of() : vendor.secretMembers();
  }

  private String hide(String secret) {
    for (var decoded : SecretNames.decodings(secret)) {
      remember(decoded);
      remember(decoded.replace('+', ' ')); // a form encodes a blank as +
    }
    return MASK;
  }

  private void remember(String secret) {
    if (secret.length() >= MIN_QUOTED_SECRET) {
      secrets.add(secret);
    }
  }

  /** Returns a text of the client, masked if it holds a secret. */
  private String text(String text) {
    return names.holdsSecret(text) ? hide(text) : text;
  }

  /** Returns a text of a response without the secrets of the request that it quotes. */
  private String withoutSecrets(String text) {
    if (secrets.size() > MAX_QUOTED_SECRETS) {
      return MASK; // too many to search for each
    }
    var result = text;
    for (var secret : secrets) {
      result = result.replace(secret, MASK);
    }
    return result;
  }

  // ---- path and query

  private String uri(String uri, boolean hasOperation) {
    var query = uri.indexOf('?');
    var target = query < 0 ? uri : uri.substring(0, query);
    var copied =
        target.startsWith("/") ? path(target, hasOperation) : absolute(target, hasOperation);
    return query < 0 ? copied : copied + '?' + query(uri.substring(query + 1));
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
    var copied = new ArrayList<String>();
    var previous = "";
    for (var segment : path.split("/", -1)) {
      var secret =
          !hasOperation
              && !segment.isEmpty()
              && (SecretNames.announcesSecret(previous) || hidesSegments(segment));
      copied.add(secret ? hide(segment) : text(segment));
      previous = segment;
    }
    return String.join("/", copied);
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
    var copied = new ArrayList<Header>();
    all.forEach(header -> copied.add(masked.apply(new Header(header.getKey(), header.getValue()))));
    return copied;
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
          default -> isCopied(header) ? text(value) : hide(value);
        });
  }

  private Header responseHeader(Header header) {
    var value = header.value();
    return new Header(
        header.name(),
        switch (header.name().toLowerCase(Locale.ROOT)) {
          case "set-cookie" -> newCookie(value);
          case "access-control-allow-origin" -> value.equals("*") ? value : origin(value);
          case "content-location", "link", "location" -> withoutSecrets(links(value));
          case "grpc-message" -> withoutSecretsInMessage(value);
          default -> isCopied(header) ? withoutSecrets(value) : MASK;
        });
  }

  private static boolean isCopied(Header header) {
    var name = header.name().toLowerCase(Locale.ROOT);
    return COPIED_HEADERS.contains(name) || COPIED_HEADERS_OF_VENDORS.contains(name);
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

  /**
   * Returns a cookie with its name if the name says that it is a secret, otherwise only the mask.
   */
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

  private String withoutSecretsInMessage(String value) {
    var message = SecretNames.decode(value);
    return withoutSecrets(message).equals(message) ? value : MASK;
  }

  // ---- bodies

  private String requestBody(CallMessage message, boolean secret) {
    var bytes = message.body().getBytes();
    if (bytes.length == 0) {
      return "";
    }
    return shortened(
        MaskedJson.of(bytes, new RequestRule(secret))
            .or(() -> isForm(message) ? form(message.body().toString()) : Optional.empty())
            .orElseGet(() -> summary(message)));
  }

  private String responseBody(CallMessage message, boolean failed, Set<String> secretMembers) {
    var bytes = message.body().getBytes();
    return bytes.length == 0
        ? ""
        : shortened(
            MaskedJson.of(bytes, new ResponseRule(failed, secretMembers))
                .orElseGet(() -> summary(message)));
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
    var copied = Arrays.stream(body.split("&", -1)).map(this::pair).toList();
    return copied.stream().allMatch(Optional::isPresent)
        ? Optional.of(copied.stream().map(Optional::get).collect(Collectors.joining("&")))
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

  /** Masks secrets in unexpected places too: values without a name, and whole structures. */
  private final class RequestRule implements MaskedJson.Rule {
    private final boolean everything;

    RequestRule(boolean everything) {
      this.everything = everything;
    }

    @Override
    public boolean masks(@Nullable String name, boolean isMember, JsonToken token) {
      return name == null
          ? token.isScalarValue()
          : isMember && (everything || names.isSecret(name));
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

  /** Masks by our own and the vendor's member names; only errors quote texts of the client. */
  private final class ResponseRule implements MaskedJson.Rule {
    private final boolean failed;
    private final Set<String> secretMembers;

    ResponseRule(boolean failed, Set<String> secretMembers) {
      this.failed = failed;
      this.secretMembers = secretMembers;
    }

    @Override
    public boolean masks(@Nullable String name, boolean isMember, JsonToken token) {
      return name != null
          && token.isScalarValue()
          && (secretMembers.contains(name) || SECRET_IN_RESPONSE.matcher(name).matches());
    }

    @Override
    public String text(String text) {
      return failed ? withoutSecrets(text) : text;
    }

    @Override
    public void masked(String text) {}
  }
}
