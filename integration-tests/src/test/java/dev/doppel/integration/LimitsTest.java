package dev.doppel.integration;

import static dev.doppel.gateway.Http.basic;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.DoppelConfig.Limits;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import dev.doppel.store.MvStore;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Configured limits of sessions, sign-ins and registrations. */
class LimitsTest {

  private static final int SESSIONS = 60;
  private static final String PASSWORD = "P@ssw0rd1";

  @TempDir Path folder;

  private Optional<Doppel> started = Optional.empty();

  @AfterEach
  void close() {
    started.ifPresent(Doppel::close);
  }

  private Doppel start(String store, Limits limits) {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .store(
                store.equals("memory")
                    ? MvStore.memory()
                    : MvStore.file(folder.resolve("users.db")))
            .hash(HashScheme.FAST)
            .credentials(
                new Credentials(
                    Optional.empty(),
                    Optional.of(new Password(PASSWORD)),
                    Optional.of("operator"),
                    false))
            .limits(limits)
            .build();
    var doppel = Doppel.start(config);
    started = Optional.of(doppel);
    return doppel;
  }

  /** Uses one user per dialect, because the limit counts a user's sessions in all dialects. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "file"})
  void newSession_overLimit_endsOldest(String store) {
    var doppel = start(store, Limits.DEFAULT.withSessionsPerUser(SESSIONS));
    doppel
        .seed()
        .user("ann")
        .password(PASSWORD)
        .user("bob")
        .password(PASSWORD)
        .user("cid")
        .password(PASSWORD)
        .put();
    var http = new Http(doppel.uri());
    assertOldestEnds(
        SESSIONS,
        () ->
            http.send("POST", "/api/v2/signin", "", "Authorization", basic("ann", PASSWORD))
                .headers()
                .firstValue("Set-Cookie")
                .orElseThrow(),
        cookie -> is200(http.send("GET", "/api/v2/me", "", "Cookie", cookie)));
    var vcloud = new VendorClient.Vcloud(http);
    assertOldestEnds(
        SESSIONS,
        () -> vcloud.bearer("", "bob@doppel", PASSWORD),
        bearer ->
            is200(
                http.send(
                    "GET",
                    "/cloudapi/1.0.0/sessions/current",
                    "",
                    "Authorization",
                    bearer,
                    "Accept",
                    VendorClient.Vcloud.ACCEPT)));
    var workspace = new VendorClient.Workspace(http);
    assertOldestEnds(
        SESSIONS / 2, // each has an access token and a refresh token
        () -> "Bearer " + workspace.token("cid", PASSWORD),
        bearer -> is200(http.send("GET", "/v1/users/profile", "", "Authorization", bearer)));
  }

  private static void assertOldestEnds(
      int limit, Supplier<String> signIn, Predicate<String> isOpen) {
    var sessions = new ArrayList<String>();
    for (int i = 0; i < limit; i++) {
      sessions.add(signIn.get());
    }
    assertThat(sessions).hasSize(limit).allMatch(isOpen);
    sessions.add(signIn.get());
    assertThat(sessions.get(0)).matches(isOpen.negate());
    assertThat(sessions.subList(1, limit + 1)).hasSize(limit).allMatch(isOpen);
  }

  private static boolean is200(HttpResponse<String> answer) {
    return answer.statusCode() == 200;
  }

  @ParameterizedTest
  @ValueSource(strings = {"memory", "file"})
  void registrations_overLimit_getWorkspaceError(String store) {
    var http = new Http(start(store, Limits.DEFAULT.withRegistrationsPerMinute(2)).uri());
    assertThat(register(http, "ann").statusCode()).isEqualTo(200);
    assertThat(register(http, "bob").statusCode()).isEqualTo(200);
    var refused = register(http, "cid");
    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.body()).startsWith("{\"status\":false,\"error\":{\"code\":4029,");
  }

  private static HttpResponse<String> register(Http http, String name) {
    return http.send(
        "POST",
        "/v1/auth/register",
        """
        {"email":"%s@example.com","password":"%s","firstName":"Carol","lastName":"Smith","newsletter":true}\
        """
            .formatted(name, PASSWORD),
        "Content-Type",
        "application/json");
  }

  /** Also with the right password. All accounts and dialects count for an address. */
  @ParameterizedTest
  @ValueSource(strings = {"memory", "file"})
  void signIns_overLimit_getVendorErrors(String store) {
    var doppel = start(store, Limits.DEFAULT.withSignInsPerMinute(2));
    doppel.seed().user("ann").password(PASSWORD).user("bob").password(PASSWORD).put();
    var http = new Http(doppel.uri());
    assertThat(new VendorClient.Influx(http).signsIn("ann", "Wr0ng-P4ssword")).isFalse();
    assertThat(new VendorClient.Vcloud(http).signsIn("bob", PASSWORD)).isTrue();
    var influx = http.send("POST", "/api/v2/signin", "", "Authorization", basic("ann", PASSWORD));
    assertThat(influx.statusCode()).isEqualTo(429);
    assertThat(influx.body()).contains("too many requests");
    var milvus =
        http.send(
            "POST", "/v2/vectordb/users/list", "{}", "Authorization", "Bearer ann:" + PASSWORD);
    assertThat(milvus.body())
        .isEqualTo(
            "{\"code\":1807,\"message\":\"request is rejected by limiter, error: too many"
                + " requests\"}");
  }

  @Test
  void realms_haveLimits() {
    try (var realm = start("file", Limits.DEFAULT.withRegistrationsPerMinute(1)).openRealm()) {
      var http = new Http(realm.uri());
      assertThat(register(http, "ann").statusCode()).isEqualTo(200);
      assertThat(register(http, "bob").statusCode()).isEqualTo(429);
    }
  }
}
