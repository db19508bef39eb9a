package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Limits;
import dev.doppel.JournalEntry;
import dev.doppel.dialect.AddressBlock;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.Proxies.Headers;
import dev.doppel.gateway.Http;
import io.vertx.core.json.JsonObject;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Doppel behind a reverse proxy, whose part this test plays. */
class ProxyTest {

  private static final Proxies LOCAL = Proxies.NONE.trusting(AddressBlock.parse("127.0.0.0/8"));
  private static final Proxies ELSEWHERE = Proxies.NONE.trusting(AddressBlock.parse("10.0.0.0/8"));
  private static final String[] PUBLIC = {
    "X-Forwarded-For", "192.0.2.1", "X-Forwarded-Proto", "https", "X-Forwarded-Host", "vcd.example"
  };

  private Optional<Doppel> started = Optional.empty();

  @AfterEach
  void close() {
    started.ifPresent(Doppel::close);
  }

  private Doppel start(Proxies proxies) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .proxies(proxies)
            .limits(Limits.DEFAULT.withSignInsPerMinute(2))
            .build();
    var doppel = Doppel.start(config);
    started = Optional.of(doppel);
    return doppel;
  }

  private static String[] with(String[] some, String... more) {
    var all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  // ---- links

  /** Returns all absolute URLs in a VCD response, except namespaces. */
  private static List<String> urls(HttpResponse<String> answer) {
    var text = answer.body() + answer.headers().map();
    return Arrays.stream(text.split("[\"<>,\\[\\]\\s]", -1))
        .filter(part -> part.matches("https?://.*"))
        .filter(part -> !part.startsWith("http://www."))
        .toList();
  }

  private static void assertLinks(Doppel doppel, String expected, String prefix, String... sent) {
    var http = new Http(doppel.uri());
    var signedIn =
        http.send(
            "POST",
            prefix + "/cloudapi/1.0.0/sessions/provider",
            "",
            with(
                sent,
                "Authorization",
                basic("root@System", "Milvus"),
                "Accept",
                "application/json;version=39.1"));
    var bearer =
        "Bearer " + signedIn.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
    var headers = with(sent, "Authorization", bearer, "Accept", "application/json;version=39.1");
    var versions = http.send("GET", prefix + "/api/versions", "", sent);
    var older =
        http.send(
            "GET",
            prefix + "/api/session",
            "",
            with(sent, "Authorization", bearer, "Accept", "application/*+xml;version=39.1"));
    var users = http.send("GET", prefix + "/cloudapi/1.0.0/users?pageSize=1", "", headers);
    for (var answer : List.of(versions, older, users)) {
      assertThat(urls(answer))
          .as(answer.uri().toString())
          .isNotEmpty()
          .allMatch(url -> url.equals(expected) || url.startsWith(expected + "/"));
    }
    var made =
        http.send(
            "POST",
            prefix + "/cloudapi/1.0.0/users",
            "{\"username\":\"ann\",\"password\":\"P@ssw0rd1\",\"roleEntityRefs\":[{\"name\":\"System Administrator\"}]}",
            with(headers, "Content-Type", "application/json"));
    assertThat(made.statusCode()).as(made.body()).isEqualTo(201);
    var deleted =
        http.send(
            "DELETE",
            prefix + "/cloudapi/1.0.0/users/" + new JsonObject(made.body()).getString("id"),
            "",
            headers);
    assertThat(deleted.headers().firstValue("Location").orElseThrow())
        .startsWith(expected + "/api/task/");
  }

  @Test
  void links_useAddressFromTrustedProxy() {
    assertLinks(start(LOCAL), "https://vcd.example", "", PUBLIC);
  }

  @Test
  void links_useForwardedHeader() {
    assertLinks(
        start(LOCAL.writing(Headers.FORWARDED)),
        "https://vcd.example:8443",
        "",
        "Forwarded",
        "for=192.0.2.1;proto=https;host=\"vcd.example:8443\"");
  }

  @Test
  void links_ignoreUntrustedProxy() {
    var doppel = start(ELSEWHERE);
    assertLinks(doppel, doppel.uri().toString(), "", PUBLIC);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void publicUrl_overridesProxy(boolean trusted) {
    assertLinks(
        start((trusted ? LOCAL : Proxies.NONE).withPublicUrl("https://users.example:444/doppel")),
        "https://users.example:444/doppel",
        "",
        PUBLIC);
  }

  @Test
  void publicUrl_appliesToRealms() {
    var doppel = start(Proxies.NONE.withPublicUrl("https://users.example"));
    new Http(doppel.uri()).control("POST", "realms", "{\"name\":\"one\"}");
    assertLinks(doppel, "https://users.example/~one", "/~one", PUBLIC);
  }

  @Test
  void cookies_areSecureBehindTlsProxy() {
    var http = new Http(start(LOCAL).uri());
    assertThat(cookie(http, "X-Forwarded-Proto", "https")).contains("Secure;");
    assertThat(cookie(http, "X-Forwarded-Proto", "http")).doesNotContain("Secure;");
  }

  private static String cookie(Http http, String... headers) {
    http.send(
        "POST",
        "/api/v2/users",
        "{\"name\":\"bob\"}",
        "Authorization",
        "Token doppel-operator-token");
    var users =
        http.send(
            "GET", "/api/v2/users?name=bob", "", "Authorization", "Token doppel-operator-token");
    var id = new JsonObject(users.body()).getJsonArray("users").getJsonObject(0).getString("id");
    http.send(
        "POST",
        "/api/v2/users/" + id + "/password",
        "{\"password\":\"P@ssw0rd1\"}",
        "Authorization",
        "Token doppel-operator-token");
    return http.send(
            "POST", "/api/v2/signin", "", with(headers, "Authorization", basic("bob", "P@ssw0rd1")))
        .headers()
        .firstValue("Set-Cookie")
        .orElseThrow();
  }

  // ---- client addresses

  /** Returns whether a wrong password is verified, or rejected due to too many sign-ins. */
  private static boolean isAdmitted(Http http, String... headers) {
    var answer =
        http.send(
            "POST",
            "/v1/auth/login",
            "{\"provider\":\"traditional\",\"payload\":{\"email\":\"root\",\"password\":\"Wr0ng-one\"}}",
            with(headers, "Content-Type", "application/json"));
    assertThat(answer.statusCode()).as(answer.body()).isIn(403, 429);
    return answer.statusCode() == 403;
  }

  @Test
  void signIns_areCountedByClient() {
    var http = new Http(start(LOCAL).uri());
    for (var client : List.of("192.0.2.1", "192.0.2.2", "2001:db8::1")) {
      // an address that the client itself claims doesn't count
      assertThat(isAdmitted(http, "X-Forwarded-For", "6.6.6.1, " + client)).isTrue();
      assertThat(isAdmitted(http, "X-Forwarded-For", "6.6.6.2, " + client)).isTrue();
      assertThat(isAdmitted(http, "X-Forwarded-For", "6.6.6.3, " + client)).isFalse();
    }
  }

  /** The proxy forwards headers of the other kind unchanged. */
  @Test
  void signIns_ignoreHeadersOfOtherKind() {
    for (var kind : Headers.values()) {
      started.ifPresent(Doppel::close);
      var http = new Http(start(LOCAL.writing(kind)).uri());
      for (int i = 0; i < 3; i++) {
        var standard = kind == Headers.FORWARDED;
        assertThat(
                isAdmitted(
                    http,
                    "Forwarded",
                    standard ? "for=192.0.2.1" : "for=1.2.3." + i,
                    "X-Forwarded-For",
                    standard ? "1.2.3." + i : "192.0.2.1"))
            .isEqualTo(i < 2);
      }
    }
  }

  @Test
  void signIns_areCountedByUntrustedProxy() {
    var http = new Http(start(ELSEWHERE).uri());
    assertThat(isAdmitted(http, "X-Forwarded-For", "192.0.2.1")).isTrue();
    assertThat(isAdmitted(http, "X-Forwarded-For", "192.0.2.2")).isTrue();
    assertThat(isAdmitted(http, "X-Forwarded-For", "192.0.2.3")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void signIns_overGrpc_areCountedByClient(boolean trusted) {
    try (var milvus = new MilvusCalls(start(trusted ? LOCAL : ELSEWHERE).uri())) {
      assertThat(isAdmitted(milvus, "192.0.2.1")).isTrue();
      assertThat(isAdmitted(milvus, "192.0.2.1")).isTrue();
      assertThat(isAdmitted(milvus, "192.0.2.1")).isFalse();
      assertThat(isAdmitted(milvus, "192.0.2.2")).isEqualTo(trusted);
    }
  }

  private static boolean isAdmitted(MilvusCalls milvus, String client) {
    var pair =
        Base64.getEncoder().encodeToString("root:Wr0ng-one".getBytes(StandardCharsets.UTF_8));
    var answer =
        milvus.call(
            "ListCredUsers",
            name -> "",
            Map.of("authorization", pair, "x-forwarded-for", "6.6.6.6, " + client));
    var wrong = "auth check failure, please check username and password are correct";
    assertThat(answer.text()).containsAnyOf(wrong, "too many requests");
    return answer.text().equals(wrong);
  }

  /** Header values that could take a parser a long time. */
  @ParameterizedTest
  @ValueSource(strings = {"Forwarded", "X-Forwarded-For", "X-Forwarded-Host"})
  void longInvalidHeader_isIgnored(String header) {
    var kind = header.equals("Forwarded") ? Headers.FORWARDED : Headers.X_FORWARDED;
    var doppel = start(LOCAL.writing(kind));
    var http = new Http(doppel.uri());
    for (var length : List.of(2_000, 4_000, 8_000)) {
      var quoted = "for=\"" + "a".repeat(length) + "\"";
      assertThat(http.send("GET", "/api/v2/users", "", header, quoted).statusCode()).isEqualTo(401);
    }
    assertThat(doppel.calls().list())
        .extracting(JournalEntry::address)
        .containsExactly("127.0.0.1", "127.0.0.1", "127.0.0.1");
  }

  @Test
  void journal_containsClientAddress() {
    var doppel = start(LOCAL);
    var http = new Http(doppel.uri());
    http.send("GET", "/api/v2/users", "", "X-Forwarded-For", "6.6.6.6, 2001:db8::1");
    http.send("GET", "/health", "");
    try (var milvus = new MilvusCalls(doppel.uri())) {
      milvus.call("Check", name -> "", Map.of("x-forwarded-for", "192.0.2.7"));
    }
    assertThat(doppel.calls().list())
        .extracting(JournalEntry::address)
        .containsExactly("2001:db8::1", "127.0.0.1", "192.0.2.7");
  }

  /** Trust in a proxy's addresses doesn't open the control plane to it. */
  @Test
  void controlPlane_staysClosedToProxies() {
    var http = new Http(start(LOCAL).uri());
    var answer = http.send("GET", "/_doppel/users", "", "X-Forwarded-For", "127.0.0.1");
    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(answer.body()).contains("came through a proxy");
  }
}
