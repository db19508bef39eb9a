package dev.doppel.integration;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_16LE;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.journal.JournalJson;
import dev.doppel.users.HashScheme;
import io.vertx.core.json.JsonObject;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Sends secrets in every combination of name, spelling, place, media type and encoding, well-formed
 * or not, and searches the journal for them. Other data in the requests must be in the journal.
 */
class JournalSecretsTest {

  /** Part of every secret, and of nothing else. */
  private static final String MARKER = "Zq7Marker0";

  private static final String VCD_JSON = "application/json;version=39.1";
  private static final int MAX_SHOWN = 20;

  private static final String USER_AGENT = "harmless-agent/1.0";

  private static final List<String> SECRETS =
      List.of(
          MARKER,
          "p@ss w/" + MARKER + "?#!",
          "key&" + MARKER + "%",
          base64("alice:" + MARKER),
          "eyJhbGciOiJIUzI1NiJ9." + base64("{\"sub\":\"" + MARKER + "\"}") + ".c2lnbmF0dXJl");

  private static final List<String> NAMES =
      List.of(
          "password",
          "Password",
          "PASSWD",
          "pwd",
          "p",
          "pass",
          "newPassword",
          "user[password]",
          "access_token",
          "client-secret",
          "apiKey",
          "authorization",
          "sessionId",
          "jwt",
          "otp",
          "code",
          "credentials");

  /** Paths of operations, and unknown paths, of all dialects. */
  private static final List<String> PATHS =
      List.of(
          "/api/v2/users",
          "/api/v2/nowhere",
          "/api/v2/me/password",
          "/v2/vectordb/users/create",
          "/v2/vectordb/nowhere",
          "/cloudapi/1.0.0/users",
          "/cloudapi/1.0.0/nowhere",
          "/api/admin/users",
          "/cloudapi/1.0.0/sessions",
          "/oauth/provider/token",
          "/v1/auth/login",
          "/v1/auth/register",
          "/v1/nowhere");

  private static final String FORM = "application/x-www-form-urlencoded";

  private static final List<String> TYPES =
      List.of("application/json", FORM, "application/xml", "");

  private static final List<String> SECRET_HEADERS =
      List.of(
          "Authorization",
          "Proxy-Authorization",
          "Authentication",
          "Cookie",
          "Cookie2",
          "PRIVATE-TOKEN",
          "X-Access-Token",
          "X-Amz-Security-Token",
          "X-Api-Key",
          "X-Auth",
          "X-Auth-Token",
          "X-Csrf-Token",
          "X-Custom",
          "X-Forwarded-Access-Token",
          "X-Jwt",
          "X-Otp",
          "X-Password",
          "X-Session-Id",
          "X-Signature",
          "X-Vault-Token",
          "X-VCloud-Authorization",
          "X-VMWARE-VCLOUD-ACCESS-TOKEN",
          "X-VMWARE-VCLOUD-JWT",
          "Sec-WebSocket-Protocol");

  private static final List<String> OTHER_HEADERS =
      List.of("Accept", "Content-Type", "Link", "Location", "Origin", "Pragma", "Referer", "Via");

  /**
   * A body.
   *
   * @param pattern format of the secret's name and the secret
   * @param spelling encodes the secret in this syntax
   * @param encoding encodes the whole body
   * @param type media type for which the harmless part is kept; {@code *} for any
   */
  private record Shape(
      String pattern, UnaryOperator<String> spelling, UnaryOperator<byte[]> encoding, String type) {

    static Shape json(String pattern) {
      return new Shape(pattern, JournalSecretsTest::json, bytes -> bytes, "*");
    }

    static Shape form(String pattern, UnaryOperator<String> spelling) {
      return new Shape(pattern, spelling, bytes -> bytes, FORM);
    }

    static Shape unreadable(String pattern, UnaryOperator<byte[]> encoding) {
      return new Shape(pattern, spelling -> spelling, encoding, "none");
    }

    static Shape unreadable(String pattern) {
      return unreadable(pattern, bytes -> bytes);
    }

    boolean isKeptAs(String other) {
      return type.equals("*") || type.equals(other);
    }

    byte[] body(String name, String secret) {
      return encoding.apply(pattern.formatted(name, spelling.apply(secret)).getBytes(UTF_8));
    }
  }

  private static final List<Shape> SHAPES =
      List.of(
          Shape.json("{\"name\":\"alice\",\"%s\":\"%s\"}"),
          Shape.json("[{\"name\":\"alice\",\"%s\":[[\"%s\"]]}]"),
          Shape.json("{\"%s\":{\"a\":[{\"b\":\"%s\"}]},\"name\":\"alice\"}"),
          Shape.json("{\"name\":\"alice\",\"payload\":{\"%s\":\"%s\"}}"),
          Shape.json("{\"name\":\"alice\",\"description\":\"%s=%s\"}"),
          Shape.json("{\"name\":\"alice\",\"description\":\"{\\\"%s\\\": \\\"%s\\\"}\"}"),
          Shape.json("{\"name\":\"alice\",\"link\":\"http://%s:%s@host/\"}"),
          Shape.json("{\"name\":\"alice\",\"%s:%s\":true}"),
          new Shape(
              "{\"name\":\"alice\",\"%s\":\"%s\"}",
              JournalSecretsTest::jsonEscapes, bytes -> bytes, "*"),
          Shape.form("name=alice&%s=%s", JournalSecretsTest::urlEncoded),
          Shape.form("%s=%s&name=alice", JournalSecretsTest::everyByteEncoded),
          Shape.form(
              "name=alice&%s=%s", secret -> urlEncoded(JournalSecretsTest.urlEncoded(secret))),
          Shape.form("name=alice&x=%%7B%s%%3A%s", JournalSecretsTest::urlEncoded),
          Shape.unreadable("%s=%s&rest"),
          Shape.unreadable("name=alice&%2$s"),
          Shape.unreadable("%2$s"),
          Shape.unreadable("%2$s="),
          Shape.unreadable("{\"name\":\"alice\",\"%s\":\"%s\"}", JournalSecretsTest::withMark),
          Shape.unreadable("{\"name\":\"alice\",\"%s\":\"%s\"}", JournalSecretsTest::utf16),
          Shape.unreadable("{\"name\":\"alice\",\"%s\":\"%s"),
          Shape.unreadable("{\"name\":\"alice\",\"%s\":\"%s\"} x"),
          Shape.unreadable("{'name':'alice','%s':'%s'}"),
          Shape.unreadable("'{name:alice,%s:%s}'"),
          Shape.unreadable("<User name=\"alice\"><%1$s>%2$s</%1$s></User>"),
          Shape.unreadable(
              "--b\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n--b--\r\n"));

  private static final List<UnaryOperator<String>> URI_ENCODINGS =
      List.of(
          JournalSecretsTest::urlEncoded,
          JournalSecretsTest::everyByteEncoded,
          secret -> urlEncoded(urlEncoded(secret)));

  /** Request targets with a place for the secret; {@code limit} is harmless. */
  private static final List<String> TARGETS =
      List.of(
          "%1$s?limit=17&%2$s=%3$s",
          "%1$s?%2$s=%3$s&limit=17",
          "%1$s?limit=17&filter=%2$s==%3$s",
          "%1$s?limit=17&%3$s",
          "%1$s?limit=17&%3$s=",
          "%1$s;%2$s=%3$s?limit=17",
          "%1$s/%2$s:%3$s?limit=17",
          "%1$s/password/%3$s?limit=17",
          "%1$s%%2Fpassword%%2F%3$s?limit=17",
          "%1$s/reset-token/%3$s?limit=17",
          "http://alice:%3$s@127.0.0.1%1$s?limit=17",
          "http://alice:%3$s%1$s?limit=17",
          "http://%3$s@127.0.0.1%1$s?limit=17&%2$s=%3$s");

  /** A request, and its parts that the journal must contain. */
  private record Try(String title, byte[] request, List<String> harmless) {}

  private final List<Try> tries = new ArrayList<>();
  private Doppel doppel;
  private Http http;
  private Map<String, String> administrators = Map.of();

  @BeforeEach
  void start() {
    doppel =
        Doppel.start(
            DoppelConfig.DEFAULT.toBuilder()
                .hash(HashScheme.FAST)
                .journal(100_000)
                .port(0)
                .build());
    http = new Http(doppel.uri());
    administrators = signIn();
    http.control("DELETE", "requests", "");
  }

  /** Returns the credentials of an administrator by the beginnings of the paths. */
  private Map<String, String> signIn() {
    var session =
        http.send(
            "POST",
            "/cloudapi/1.0.0/sessions/provider",
            "",
            "Authorization",
            Http.basic("root@System", "Milvus"),
            "Accept",
            VCD_JSON);
    var vcloud = session.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
    var login =
        http.send(
            "POST",
            "/v1/auth/login",
            "{\"provider\":\"traditional\",\"payload\":{\"email\":\"root\",\"password\":\"Milvus\"}}",
            "Content-Type",
            "application/json");
    var workspace =
        new JsonObject(login.body())
            .getJsonObject("data")
            .getJsonObject("accessToken")
            .getString("token");
    return Map.of(
        "/api/v2",
        "Token doppel-operator-token",
        "/v2/vectordb",
        "Bearer root:Milvus",
        "/cloudapi",
        "Bearer " + vcloud,
        "/v1",
        "Bearer " + workspace);
  }

  @AfterEach
  void stop() {
    doppel.close();
  }

  @Test
  void journal_containsNoSecret() {
    addBodies();
    addTargets();
    addHeaders();
    assertThat(tries).hasSizeGreaterThan(10_000);
    var leaks = new ArrayList<String>();
    var lost = new ArrayList<String>();
    for (int from = 0; from < tries.size(); from += 1000) {
      send(tries.subList(from, Math.min(from + 1000, tries.size())), leaks, lost);
    }
    assertNone(leaks, "leak a secret");
    assertNone(lost, "lose what is none");
  }

  @ParameterizedTest
  @CsvSource({
    "PATCH, /api/v2/orgs/%s/secrets",
    "PUT, /api/v2/orgs/%s/secrets",
    "POST, /api/v2/orgs/%s/secrets",
    "PATCH, /api/v2/orgs/%s/secrets/",
    "PATCH, /api/v2/orgs/%s/secrets/x/y",
  })
  void secretOfAnyName_isMasked(String method, String path) {
    var token = new String[] {"Authorization", "Token doppel-operator-token"};
    var http = new Http(doppel.uri());
    var orgs = new JsonObject(http.send("GET", "/api/v2/orgs", "", token).body());
    var id = orgs.getJsonArray("orgs").getJsonObject(0).getString("id");
    http.send(method, path.formatted(id), "{\"color\":\"blue\"}", token);
    var last = doppel.calls().list().get((int) doppel.calls().count() - 1);
    assertThat(last.request().body()).isEqualTo("{\"color\":\"***\"}");
  }

  /** The API of InfluxDB 1.x has the token as the password in the query. */
  @Test
  void tokenInQueryOfOldApi_isMasked() {
    var http = new Http(doppel.uri());
    for (var token : List.of("doppel-operator-token", "unknown")) {
      http.send("GET", "/query?u=me&p=" + token + "&db=data", "");
      var last = doppel.calls().list().get((int) doppel.calls().count() - 1);
      assertThat(last.uri()).isEqualTo("/query?u=me&p=***&db=data");
    }
  }

  /** The codes of the device flow of VCD get a token; the response of a look-up has one, too. */
  @Test
  void codesOfDeviceFlow_areMasked() {
    var provider =
        new String[] {
          "Authorization",
          administrators.get("/cloudapi"),
          "Accept",
          VCD_JSON,
          "Content-Type",
          "application/json"
        };
    var metadata =
        new JsonObject()
            .put("client_name", "robot")
            .put("software_id", "12345678-1234-1234-1234-1234567890ab")
            .put("scope", "urn:vcloud:role:System%20Administrator");
    var id =
        new JsonObject(
                http.send("POST", "/oauth/provider/register", metadata.encode(), provider).body())
            .getString("client_id");
    var codes = new JsonObject(form("/oauth/provider/device_authorization", "client_id=" + id));
    var userCode = codes.getString("user_code");
    var code = new JsonObject().put("userCode", userCode).encode();
    var deviceLookup = "/cloudapi/1.0.0/deviceLookup";
    assertThat(http.send("POST", deviceLookup, code, provider).body()).contains(userCode);
    assertThat(http.send("POST", deviceLookup + "/grant", code, provider).statusCode())
        .isEqualTo(204);
    var deviceCode = codes.getString("device_code");
    var granted =
        form(
            "/oauth/provider/token",
            "grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Adevice_code&client_id="
                + id
                + "&device_code="
                + deviceCode);
    assertThat(granted).contains("access_token");
    var journal = http.send("GET", "/_doppel/requests?limit=1000", "").body();
    assertThat(journal)
        .contains("client_id=" + id + "&device_code=***", "\\\"user_code\\\":\\\"***\\\"")
        .doesNotContain(userCode, deviceCode);
    assertThat(doppel.calls().list().toString()).doesNotContain(userCode, deviceCode);
  }

  private String form(String path, String body) {
    return http.send(
            "POST",
            path,
            body,
            "Content-Type",
            "application/x-www-form-urlencoded",
            "Accept",
            VCD_JSON)
        .body();
  }

  private void assertNone(List<String> found, String what) {
    assertThat(found.stream().limit(MAX_SHOWN))
        .as("%d of %d requests %s", found.size(), tries.size(), what)
        .isEmpty();
  }

  private void send(List<Try> some, List<String> leaks, List<String> lost) {
    some.forEach(one -> exchange(doppel.uri(), one.request()));
    var entries = doppel.calls().list();
    var shown = new JsonObject(http.send("GET", "/_doppel/requests?limit=1000", "").body());
    var requests = shown.getJsonArray("requests");
    assertThat(entries.size()).as("a call for each request").isEqualTo(some.size());
    assertThat(requests.size()).isEqualTo(some.size());
    for (int i = 0; i < some.size(); i++) {
      var entry = entries.get(i);
      var json = JournalJson.encode(entry).encode();
      assertThat(requests.getJsonObject(i).encode()).isEqualTo(json);
      var sent = some.get(i);
      if (showsMarker(json) || showsMarker(entry.toString())) {
        leaks.add(sent.title() + " -> " + json);
      }
      sent.harmless().stream()
          .filter(harmless -> !json.contains(harmless))
          .forEach(harmless -> lost.add(harmless + " of " + sent.title() + " -> " + json));
    }
    http.control("DELETE", "requests", "");
  }

  // ---- requests

  private void addBodies() {
    for (var shape : SHAPES) {
      for (var type : TYPES) {
        for (var name : NAMES) {
          for (var secret : SECRETS) {
            var path = nextPath();
            add(
                "POST " + path + "?limit=17",
                administrator(path) + (type.isEmpty() ? "" : "Content-Type: " + type + "\r\n"),
                shape.body(name, secret),
                shape.isKeptAs(type) ? List.of("limit=17", "alice") : List.of("limit=17"));
          }
        }
      }
    }
  }

  private void addTargets() {
    for (var target : TARGETS) {
      for (var encoding : URI_ENCODINGS) {
        for (var name : NAMES) {
          for (var secret : SECRETS) {
            var path = nextPath();
            var method = tries.size() % 2 == 0 ? "GET " : "DELETE ";
            var encoded = target.formatted(path, encoding.apply(name), encoding.apply(secret));
            add(method + encoded, administrator(path), new byte[0], List.of("limit=17"));
          }
        }
      }
    }
  }

  private void addHeaders() {
    for (var secret : SECRETS) {
      for (var header : SECRET_HEADERS) {
        for (var value :
            List.of(
                secret,
                "Bearer " + secret,
                "bearer alice:" + secret,
                "Token " + secret,
                "Basic " + base64("alice:" + secret),
                "Unheard-of " + secret,
                "a=" + secret,
                secret + "=")) {
          addHeader("", header, value);
        }
      }
      for (var header : OTHER_HEADERS) {
        for (var name : NAMES) {
          for (var value :
              List.of(
                  "http://h/?" + name + "=" + secret,
                  "http://h/?" + name + "=" + everyByteEncoded(secret),
                  "http://alice:" + secret + "@h/",
                  "http://" + everyByteEncoded(name + ":" + secret) + "@h",
                  "x; " + name + "=\"" + secret + "\"")) {
            addHeader(administrator(nextPath()), header, value);
          }
        }
      }
      addHeader("", "Referer", "http://h/reset/" + secret);
      addHeader("", "Referer", secret);
      addHeader("", "Origin", secret);
      addHeader("", "X-Forwarded-Host", "alice:" + secret + "@h");
    }
  }

  private void addHeader(String others, String name, String value) {
    add(
        "POST " + nextPath() + "?limit=17",
        others + name + ": " + value + "\r\n",
        "{\"name\":\"alice\"}".getBytes(UTF_8),
        List.of("limit=17", "alice"));
  }

  private String nextPath() {
    return PATHS.get(tries.size() % PATHS.size());
  }

  /** Returns credentials for a path: errors quote invalid values only to authenticated callers. */
  private String administrator(String path) {
    return administrators.entrySet().stream()
        .filter(one -> path.startsWith(one.getKey()))
        .map(one -> "Authorization: " + one.getValue() + "\r\nAccept: " + VCD_JSON + "\r\n")
        .collect(Collectors.joining());
  }

  private void add(String line, String headers, byte[] body, List<String> harmless) {
    var head =
        line
            + " HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nUser-Agent: "
            + USER_AGENT
            + "\r\nContent-Length: "
            + body.length
            + "\r\n"
            + headers
            + "\r\n";
    var request = new ByteArrayOutputStream();
    request.writeBytes(head.getBytes(ISO_8859_1));
    request.writeBytes(body);
    var kept = Stream.concat(harmless.stream(), Stream.of(USER_AGENT)).toList();
    tries.add(new Try(request.toString(UTF_8), request.toByteArray(), kept));
  }

  /** Sends a request and waits for the end of its response, when the journal has the call. */
  private static void exchange(URI gateway, byte[] request) {
    try (var socket = new Socket(gateway.getHost(), gateway.getPort())) {
      socket.getOutputStream().write(request);
      var answer = new String(socket.getInputStream().readAllBytes(), UTF_8);
      assertThat(answer).startsWith("HTTP/1.1 ");
    } catch (IOException e) {
      throw new UncheckedIOException(new String(request, UTF_8), e);
    }
  }

  // ---- spellings

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String jsonEscapes(String text) {
    return text.chars()
        .mapToObj(unit -> "\\u" + HexFormat.of().toHexDigits((char) unit))
        .collect(Collectors.joining());
  }

  private static String urlEncoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  private static String everyByteEncoded(String text) {
    return "%" + HexFormat.ofDelimiter("%").formatHex(text.getBytes(UTF_8));
  }

  private static byte[] withMark(byte[] utf8) {
    return ("\uFEFF" + new String(utf8, UTF_8)).getBytes(UTF_8);
  }

  private static byte[] utf16(byte[] utf8) {
    return new String(utf8, UTF_8).getBytes(UTF_16LE);
  }

  // ---- search

  private static final Pattern PERCENT = Pattern.compile("%([0-9A-Fa-f]{2})");
  private static final Pattern ESCAPE = Pattern.compile("\\\\+u([0-9A-Fa-f]{4})");
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/_-]{8,}");

  private static boolean showsMarker(String text) {
    return showsMarker(text, 2);
  }

  /** Searches also in Base64, nested to the given depth. */
  private static boolean showsMarker(String text, int base64) {
    var plain = text;
    for (int i = 0; i < 4; i++) {
      plain = ESCAPE.matcher(plain).replaceAll(JournalSecretsTest::character);
      plain = PERCENT.matcher(plain).replaceAll(JournalSecretsTest::character);
    }
    return hasMarker(plain)
        || (base64 > 0
            && BASE64.matcher(plain).results().anyMatch(run -> hides(run.group(), base64 - 1)));
  }

  private static String character(MatchResult found) {
    var one = Integer.parseInt(found.group(1), 16);
    return Matcher.quoteReplacement(Character.toString(one));
  }

  private static boolean hasMarker(String text) {
    return text.replace("\0", "")
        .toLowerCase(Locale.ROOT)
        .contains(MARKER.toLowerCase(Locale.ROOT));
  }

  /** Decodes Base64 from every possible start. */
  private static boolean hides(String run, int base64) {
    for (int from = 0; from < 4; from++) {
      var most = run.length() - from;
      var whole =
          run.substring(from, from + (most % 4 == 1 ? most - 1 : most))
              .replace('-', '+')
              .replace('_', '/');
      if (showsMarker(new String(Base64.getDecoder().decode(whole), ISO_8859_1), base64)) {
        return true;
      }
    }
    return false;
  }

  @Test
  void search_findsEverySpelling() {
    for (var secret : SECRETS) {
      for (var spelled :
          List.of(
              secret,
              MARKER.toUpperCase(Locale.ROOT),
              base64(secret),
              jsonEscapes(secret),
              urlEncoded(urlEncoded(secret)),
              everyByteEncoded(secret))) {
        assertThat(showsMarker("x=" + spelled + "&y")).as(spelled).isTrue();
      }
    }
    assertThat(showsMarker(base64("harmless, and long enough to be looked into"))).isFalse();
  }
}
