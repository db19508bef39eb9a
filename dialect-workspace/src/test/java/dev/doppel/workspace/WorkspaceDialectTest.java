package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Vendor;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class WorkspaceDialectTest extends DialectContract {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map.Entry<String, String> IS_JSON =
      Map.entry("Content-Type", "application/json");
  private static final String STRONG = "NewSecureP@ssw0rd!";
  private static final String OBJECT_ID = "507f1f77bcf86cd799439023";

  @Override
  protected Vendor<?> vendor() {
    return WorkspaceVendor.INSTANCE;
  }

  @Override
  protected void assertVendorFormat(Answer answer) {
    assertThat(answer.headers()).containsEntry("access-control-allow-origin", "*");
    if (answer.status() == 204) {
      assertThat(answer.body()).isEmpty();
      return;
    }
    assertThat(answer.headers())
        .containsEntry("content-type", "application/json; charset=utf-8")
        .doesNotContainKey("www-authenticate");
    if (!answer.body().isEmpty()) { // as with HEAD
      assertEnvelope(answer);
    }
  }

  private static void assertEnvelope(Answer answer) {
    var success = answer.status() == 200;
    assertThat(answer.body())
        .startsWith(
            success ? "{\"status\":true,\"data\":" : "{\"status\":false,\"error\":{\"code\":");
    assertThat(json(answer).path("status").asBoolean()).isEqualTo(success);
  }

  @Override
  protected List<Map.Entry<String, String>> administrator() {
    return bearer(TestRealm.OPERATOR_TOKEN);
  }

  private static List<Map.Entry<String, String>> bearer(String token) {
    return List.of(Map.entry("Authorization", "Bearer " + token));
  }

  private static JsonNode json(Answer answer) {
    try {
      return JSON.readTree(answer.body());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + answer.body(), e);
    }
  }

  private static Answer login(TestServer server, String email, String password) {
    var payload = JSON.createObjectNode().put("email", email).put("password", password);
    var body = JSON.createObjectNode().put("provider", "traditional").set("payload", payload);
    return server.send("POST", "/v1/auth/login", List.of(IS_JSON), body.toString());
  }

  private static JsonNode loginData(TestServer server, String email) {
    var answer = login(server, email, TestRealm.PASSWORD);
    assertThat(answer.status()).isEqualTo(200);
    return json(answer).path("data");
  }

  private static Answer profile(TestServer server, String token) {
    return server.send("GET", "/v1/users/profile", bearer(token), "");
  }

  private Answer changePassword(TestServer server, String id, String access) {
    var body =
        JSON.createObjectNode().put("oldPassword", TestRealm.PASSWORD).put("newPassword", STRONG);
    return server.send(
        "POST",
        "/v1/users/" + id + "/change-password",
        List.of(IS_JSON, bearer(access).get(0)),
        body.toString());
  }

  private Answer getUser(TestServer server, String id) {
    return server.send("GET", "/v1/users/" + id, administrator(), "");
  }

  private static User create(TestRealm realm, NewUser wanted) {
    return await(realm.realm().users().by(Authority.SERVER).create(wanted));
  }

  private static UserId idOf(TestRealm realm, String name) {
    return await(realm.realm().users().find(name)).id();
  }

  private static int code(Answer answer) {
    return json(answer).path("error").path("code").asInt();
  }

  /** A service account and its token, which no operation creates. */
  @Nested
  class ServiceAccount {

    private static final String SECRET = "service-account-token";

    private void with(Script script) {
      WorkspaceDialectTest.this.with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var profile = WorkspaceProfile.ofNewAccount().withRole("serviceAccount");
            var account =
                create(realm, NewUser.named("robot").withExtras("workspace", profile.toJson()));
            await(
                realm
                    .realm()
                    .tokens()
                    .issue(
                        Authority.SERVER,
                        SECRET,
                        account,
                        "workspace",
                        Status.ACTIVE,
                        "robot",
                        "{}"));
            script.run(server, realm, dialect);
          });
    }

    @Test
    void profile_showsServiceAccount_whoseTokenNeverExpires() {
      with(
          (server, realm, dialect) -> {
            realm.clock().advance(Duration.ofDays(4_000));
            var shown = json(profile(server, SECRET)).path("data");
            assertThat(shown.path("role").asText()).isEqualTo("serviceAccount");
            assertThat(shown.path("hasPassword").asBoolean()).isFalse();
            assertThat(server.send("GET", "/v1/organizations/doppel", bearer(SECRET), "").status())
                .isEqualTo(200);
          });
    }

    @Test
    void changePassword_rejectsServiceAccount() {
      with(
          (server, realm, dialect) ->
              assertThat(code(changePassword(server, "profile", SECRET))).isEqualTo(5023));
    }

    @Test
    void tokenOfAnotherDialect_isRejected() {
      with(
          (server, realm, dialect) -> {
            await(
                realm
                    .realm()
                    .tokens()
                    .issue(
                        Authority.SERVER,
                        "other",
                        await(realm.realm().users().find("robot")),
                        "influx",
                        Status.ACTIVE,
                        "robot",
                        "{}"));
            assertThat(code(profile(server, "other"))).isEqualTo(4004);
          });
    }
  }

  /** Other vendors allow two users to have the same address. */
  @Test
  void login_withSharedAddress_signsInOldestUser() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var password = new Password(TestRealm.PASSWORD);
          for (var name : List.of("ann", "annie")) {
            create(realm, NewUser.named(name).withEmail("Ann@Example.com").withPassword(password));
          }
          assertThat(loginData(server, "ann@example.com").path("user").path("id").asText())
              .isEqualTo(loginData(server, "ann").path("user").path("id").asText());
          assertThat(login(server, "annie", TestRealm.PASSWORD).status()).isEqualTo(200);
        });
  }

  /** The names that were set here must not hide a full name that was set later elsewhere. */
  @Test
  void profile_splitsFullName_changedByAnotherDialect() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var id = idOf(realm, "alice");
          var token = loginData(server, "alice").path("accessToken").path("token").asText();
          var updated =
              server.send(
                  "PUT",
                  "/v1/users/" + WorkspaceId.of(await(realm.realm().users().find(id))),
                  List.of(IS_JSON, bearer(token).get(0)),
                  "{\"firstName\":\"Ann Marie\",\"lastName\":\"van Dyk\"}");
          assertThat(json(updated).path("data").path("lastName").asText()).isEqualTo("van Dyk");
          await(
              realm
                  .realm()
                  .users()
                  .by(Authority.SERVER)
                  .update(id, user -> user.withFullName(Optional.of("Ann B. Cole"))));
          var shown = json(profile(server, token)).path("data");
          assertThat(shown.path("firstName").asText()).isEqualTo("Ann B.");
          assertThat(shown.path("lastName").asText()).isEqualTo("Cole");
        });
  }

  /** A workspace must not take over the accounts of others. */
  @Test
  void provision_byOwner_rejectsExistingAccount() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var acme = await(realm.realm().organizations().create("acme", ""));
          var users = realm.realm().users();
          create(realm, NewUser.named("ann").withEmail("ann@example.com"));
          await(
              users
                  .by(Authority.SERVER)
                  .update(
                      idOf(realm, "alice"),
                      user -> user.withMembership(acme.id(), Membership.OWNER)));
          var token = loginData(server, "alice").path("accessToken").path("token").asText();
          var answer =
              server.send(
                  "POST",
                  "/v1/organizations/acme/oem/users",
                  List.of(IS_JSON, bearer(token).get(0)),
                  "{\"email\":\"ann@example.com\"}");
          assertThat(code(answer)).isEqualTo(4003);
          assertThat(await(users.find("ann")).memberships()).isEmpty();
        });
  }

  /** In the default organization, ordinary members see themselves alone. */
  @Test
  void groups_hideTagsOfOthers_fromOrdinaryMembers() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          tag(server, realm, "bob", "secret");
          tag(server, realm, "alice", "own");
          var groups = "/v1/organizations/doppel/collaborators/groups";
          var token = loginData(server, "alice").path("accessToken").path("token").asText();
          assertThat(server.send("GET", groups, administrator(), "").body())
              .contains("{\"items\":[{\"value\":\"own\"},{\"value\":\"secret\"}]}");
          assertThat(server.send("GET", groups, bearer(token), "").body())
              .contains("{\"items\":[{\"value\":\"own\"}]}");
        });
  }

  private void tag(TestServer server, TestRealm realm, String name, String tag) {
    var user = await(realm.realm().users().find(name));
    var answer =
        server.send(
            "PUT",
            "/v1/organizations/doppel/collaborators/" + WorkspaceId.of(user),
            List.of(IS_JSON, administrator().get(0)),
            "{\"tags\":[\"" + tag + "\"]}");
    assertThat(answer.status()).isEqualTo(200);
  }

  /** Users who exist and don't belong to the organization in the path. */
  @Nested
  class Outsiders {

    private Answer send(TestServer server, String method, String path, String body) {
      var headers = List.of(IS_JSON, administrator().get(0));
      return server.send(method, "/v1/organizations/acme/" + path, headers, body);
    }

    @Test
    void changeOwner_rejectsOutsider() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            await(realm.realm().organizations().create("acme", ""));
            var users = realm.realm().users();
            var alice = await(users.find("alice"));
            var body = "{\"newOwner\":\"" + WorkspaceId.of(alice) + "\"}";
            assertThat(code(send(server, "POST", "change-owner", body))).isEqualTo(3001);
            assertThat(await(users.find("alice"))).isEqualTo(alice);
          });
    }

    @Test
    void update_rejectsOutsider() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            await(realm.realm().organizations().create("acme", ""));
            var users = realm.realm().users();
            var alice = await(users.find("alice"));
            var path = "collaborators/" + WorkspaceId.of(alice);
            assertThat(code(send(server, "PUT", path, "{\"role\":\"editor\"}"))).isEqualTo(3001);
            assertThat(await(users.find("alice"))).isEqualTo(alice);
          });
    }
  }

  /** A change through another dialect takes effect at the next request. */
  @Nested
  class ChangesInOtherDialects {

    @Test
    void deactivation_revokesTokens() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var pair = loginData(server, "alice");
            var access = pair.path("accessToken").path("token").asText();
            var refresh = pair.path("refreshToken").path("token").asText();
            var id = idOf(realm, "alice");
            await(
                realm
                    .realm()
                    .users()
                    .by(Authority.SERVER)
                    .update(id, user -> user.withStatus(Status.INACTIVE)));
            assertThat(code(profile(server, access))).isEqualTo(4004);
            assertThat(code(refresh(server, access, refresh))).isEqualTo(4011);
            assertThat(code(changePassword(server, "profile", access))).isEqualTo(4004);
            assertThat(code(changePassword(server, pair.path("user").path("id").asText(), access)))
                .isEqualTo(4001);
            await(
                realm
                    .realm()
                    .users()
                    .by(Authority.SERVER)
                    .update(id, user -> user.withStatus(Status.ACTIVE)));
            assertThat(code(profile(server, access))).isEqualTo(4004);
            assertThat(code(refresh(server, access, refresh))).isEqualTo(4011);
            assertThat(login(server, "alice", TestRealm.PASSWORD).status()).isEqualTo(200);
          });
    }

    @Test
    void deletion_revokesTokens() {
      with(
          Fidelity.OBSERVED,
          (server, realm, dialect) -> {
            var pair = loginData(server, "alice");
            var access = pair.path("accessToken").path("token").asText();
            var refresh = pair.path("refreshToken").path("token").asText();
            var id = pair.path("user").path("id").asText();
            await(realm.realm().users().by(Authority.SERVER).delete(idOf(realm, "alice")));
            assertThat(code(profile(server, access))).isEqualTo(4004);
            assertThat(code(refresh(server, access, refresh))).isEqualTo(4011);
            assertThat(code(changePassword(server, id, access))).isEqualTo(4004);
            assertThat(code(getUser(server, id))).isEqualTo(3001);
            assertThat(code(login(server, "alice", TestRealm.PASSWORD))).isEqualTo(4006);
          });
    }

    @Test
    void tokens_ofOtherDialectsOrInactive_areRejected() {
      with(
          Fidelity.OBSERVED,
          (server, realm, dialect) -> {
            var alice = await(realm.realm().users().find("alice"));
            await(realm.realm().tokens().startSession("other", alice, "x", Duration.ofHours(1)));
            var now = realm.clock().instant();
            await(
                realm
                    .realm()
                    .storage()
                    .tokens()
                    .insert(
                        new Token(
                            TokenHash.of("off"),
                            1,
                            alice.id(),
                            alice.created(),
                            0,
                            Token.Kind.API,
                            Optional.empty(),
                            Status.INACTIVE,
                            now,
                            now,
                            Optional.empty(),
                            "",
                            Map.of())));
            assertThat(code(profile(server, "other"))).isEqualTo(4004);
            assertThat(code(profile(server, "off"))).isEqualTo(4004);
          });
    }

    @Test
    void userWithoutPassword_canNeitherSignInNorChangeIt() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var user = create(realm, NewUser.named("carol"));
            await(realm.realm().tokens().issueForEveryDialect("carols", user, ""));
            assertThat(json(profile(server, "carols")).at("/data/hasPassword").asBoolean(true))
                .isFalse();
            assertThat(code(changePassword(server, "profile", "carols"))).isEqualTo(5023);
            assertThat(code(login(server, "carol", STRONG))).isEqualTo(4006);
          });
    }

    private Answer refresh(TestServer server, String access, String refresh) {
      var body =
          JSON.createObjectNode().put("lastAccessToken", access).put("refreshToken", refresh);
      return server.send("POST", "/v1/auth/refresh", List.of(IS_JSON), body.toString());
    }
  }

  /** Users that this vendor could not have created. */
  @Nested
  class View {

    @Test
    void login_acceptsEveryName_andItsGeneratedAddress() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var addresses =
                Map.of(
                    "\uD83D\uDE00", "%F0%9F%98%80@doppel.invalid",
                    "two words", "two%20words@doppel.invalid",
                    "a.b..c.", "a.b.%2Ec%2E@doppel.invalid",
                    "50%", "50%25@doppel.invalid",
                    "carol@example.com", "carol@example.com",
                    "carol@localhost", "carol%40localhost@doppel.invalid",
                    "..@example.com", "%2E%2E%40example.com@doppel.invalid");
            addresses.forEach(
                (name, address) -> {
                  create(realm, NewUser.named(name).withPassword(new Password(TestRealm.PASSWORD)));
                  assertThat(loginData(server, name).at("/user/email").asText()).isEqualTo(address);
                  assertThat(loginData(server, address).at("/user/email").asText())
                      .isEqualTo(address);
                });
          });
    }

    @Test
    void view_omitsAddress_ofTooLongName() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var longest = create(realm, NewUser.named("n".repeat(241)));
            var tooLong = create(realm, NewUser.named("n".repeat(242)));
            var farTooLong = create(realm, NewUser.named("\uD83D\uDE00".repeat(8_000)));
            assertThat(json(getUser(server, WorkspaceId.of(longest))).at("/data/email").asText())
                .hasSize(256);
            for (var user : List.of(tooLong, farTooLong)) {
              var shown = getUser(server, WorkspaceId.of(user));
              assertThat(shown.status()).isEqualTo(200);
              assertThat(json(shown).path("data").has("email")).isFalse();
            }
          });
    }

    @Test
    void text_isEscapedAsInJavaScript() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var name = "\uD83D \"\\/\b\t\n\f\r\u001F\u007F\u2028\u00E9\uD83D\uDE00 \uDE00";
            var user = create(realm, NewUser.named("\uD83D").withFullName(name));
            var shown = getUser(server, WorkspaceId.of(user));
            assertThat(shown.status()).isEqualTo(200);
            assertThat(shown.body())
                .contains(
                    "\"fullName\":\"\\ud83d \\\"\\\\/\\b\\t\\n\\f\\r\\u001f"
                        + "\u007F\u2028\u00E9\uD83D\uDE00 \\ude00\"");
          });
    }

    @Test
    void emailAndFullName_comeFromTheSharedUser() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var user =
                create(
                    realm,
                    NewUser.named("jd")
                        .withEmail("john@example.com")
                        .withFullName("John Fitzgerald Doe"));
            var data = json(getUser(server, WorkspaceId.of(user))).path("data");
            assertThat(data.path("email").asText()).isEqualTo("john@example.com");
            assertThat(data.path("firstName").asText()).isEqualTo("John Fitzgerald");
            assertThat(data.path("lastName").asText()).isEqualTo("Doe");
            assertThat(data.path("fullName").asText()).isEqualTo("John Fitzgerald Doe");
          });
    }

    @Test
    void fullName_ofOneWord_isTheFirstName() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var one = create(realm, NewUser.named("c").withFullName("Cher"));
            var none = create(realm, NewUser.named("d").withFullName(" "));
            var data = json(getUser(server, WorkspaceId.of(one))).path("data");
            assertThat(data.path("firstName").asText()).isEqualTo("Cher");
            assertThat(data.path("fullName").asText()).isEqualTo("Cher");
            assertThat(data.has("lastName")).isFalse();
            assertThat(json(getUser(server, WorkspaceId.of(none))).path("data").has("fullName"))
                .isFalse();
          });
    }

    @Test
    void view_showsExtras() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var extras =
                "{\"language\":\"de\",\"newsletter\":true,\"picture\":\"https://x.org/p.jpg\"}";
            var user = create(realm, NewUser.named("e").withExtras("workspace", extras));
            var data = json(getUser(server, WorkspaceId.of(user))).path("data");
            assertThat(data.path("language").asText()).isEqualTo("de");
            assertThat(data.path("newsletter").asBoolean()).isTrue();
            assertThat(data.path("picture").asText()).isEqualTo("https://x.org/p.jpg");
          });
    }

    @Test
    void view_showsSlugs_orIdsInstead() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var acme = await(realm.realm().organizations().create("Acme & Söhne!", ""));
            var wordless = await(realm.realm().organizations().create("\uD83D\uDE00", ""));
            var user =
                create(
                    realm,
                    NewUser.named("m")
                        .withHome(acme.id(), Membership.OWNER)
                        .withMembership(wordless.id(), Membership.MEMBER));
            var data = json(getUser(server, WorkspaceId.of(user))).path("data");
            assertThat(data.path("organizationId").asText()).isEqualTo(WorkspaceId.of(acme));
            assertThat(data.at("/organizations/0/slug").asText()).isEqualTo("acme-s-hne");
            assertThat(data.at("/organizations/1/slug").asText())
                .isEqualTo(data.at("/organizations/1/id").asText());
          });
    }
  }

  /** Older versions allowed several organizations with the same slug. */
  @Test
  void slugOfSeveral_findsDefaultOrganization() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var marked = await(realm.realm().organizations().defaultOrganization());
          var other =
              new Organization(
                  new OrganizationId(1),
                  "Doppel-",
                  "",
                  Organization.Kind.ORDINARY,
                  Instant.EPOCH,
                  Instant.EPOCH,
                  Map.of());
          await(realm.realm().storage().organizations().insert(other));
          var found = server.send("GET", "/v1/organizations/doppel", administrator(), "");
          assertThat(json(found).at("/data/id").asText()).isEqualTo(WorkspaceId.of(marked));
        });
  }

  @Test
  void slugOfSeveral_findsOneWithAsciiName() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var organizations = realm.realm().organizations();
          await(organizations.create("東京 team", ""));
          await(organizations.create("大阪 team", ""));
          var team = await(organizations.create("team", ""));
          var found = server.send("GET", "/v1/organizations/team", administrator(), "");
          assertThat(json(found).at("/data/id").asText()).isEqualTo(WorkspaceId.of(team));
          assertThat(Await.reason(organizations.create("Team-", "")))
              .isEqualTo(Failure.Reason.ORGANIZATION_EXISTS);
        });
  }

  /** Ids that this dialect did not issue. */
  @Nested
  class Ids {

    @Test
    void importedUser_keepsId_andIsFoundByOurs() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            var user = imported(realm);
            var ours = "%08x%s".formatted(user.created().getEpochSecond(), user.id());
            for (var id : List.of(OBJECT_ID, OBJECT_ID.toUpperCase(Locale.ROOT), ours)) {
              assertThat(json(getUser(server, id)).at("/data/id").asText()).isEqualTo(OBJECT_ID);
            }
          });
    }

    private static User imported(TestRealm realm) {
      var alice = await(realm.realm().users().find("alice"));
      return await(
          realm
              .realm()
              .users()
              .by(Authority.SERVER)
              .create(
                  NewUser.named("imported")
                      .withId(Optional.of(new UserId(alice.id().value() + 100)))
                      .withAlias(new Alias("workspace", OBJECT_ID))));
    }

    @Test
    void chosenId_isShownAndFound() {
      with(
          Fidelity.DOCUMENTED,
          (server, realm, dialect) -> {
            for (long chosen : new long[] {1, -1, Long.MIN_VALUE, 0x0123456789abcdefL}) {
              var wanted = NewUser.named("u" + chosen).withId(Optional.of(new UserId(chosen)));
              var id = WorkspaceId.of(create(realm, wanted));
              assertThat(id).matches("[0-9a-f]{24}");
              assertThat(json(getUser(server, id)).at("/data/id").asText()).isEqualTo(id);
            }
          });
    }
  }

  /** Bodies with the media type of JSON, which those of the contract lack. */
  @Test
  void malformedJson_getsVendorError() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var headers = List.of(IS_JSON, administrator().get(0));
          var bob = await(realm.realm().users().find("bob"));
          var deletionsLast =
              dialect.operations().stream()
                  .sorted(Comparator.comparing(one -> one.method().equals(HttpMethod.DELETE)))
                  .toList();
          for (var operation : deletionsLast) {
            var path =
                operation
                    .path()
                    .replace(":userId", WorkspaceId.of(bob))
                    .replace(":organizationId", "doppel")
                    .replace(":collaboratorId", WorkspaceId.of(bob));
            for (var body :
                List.of(
                    "null",
                    " ",
                    "17",
                    "[".repeat(20_000),
                    "{\"a\":".repeat(20_000),
                    "{\"payload\":".repeat(900) + "1" + "}".repeat(900),
                    "{\"oldPassword\":\"\\ud800\\u0000aaaaaaaa\",\"newPassword\":\"\\udc00Aa1aaaaaaaa\"}",
                    "{\"oldPassword\":1e99999,\"newPassword\":" + "9".repeat(5_000) + "}",
                    "{\"provider\":\"traditional\",\"payload\":{\"email\":\"\\ud800\","
                        + "\"password\":\"\\ud800\"}}")) {
              var answer = server.send(operation.method().name(), path, headers, body);
              assertVendorFormat(answer);
              assertThat(answer.status()).isLessThan(500);
            }
          }
        });
  }
}
