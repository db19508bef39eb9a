package dev.doppel.vcloud;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Vendor;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

class VcloudDialectTest extends DialectContract {

  private static final Map.Entry<String, String> ACCEPT =
      Map.entry("Accept", "application/json;version=39.1");

  private static final Condition<String> WELL_FORMED =
      new Condition<>(VcloudDialectTest::isXml, "well-formed XML");

  private static boolean isXml(String text) {
    try {
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(new InputSource(new StringReader(text)));
      return true;
    } catch (ParserConfigurationException | SAXException | IOException e) {
      return false;
    }
  }

  @Override
  protected Vendor<?> vendor() {
    return VcloudVendor.INSTANCE;
  }

  @Override
  protected List<String> vendorTexts() {
    return List.of("Cannot parse the supplied filter: ");
  }

  /** The credentials to open a session. Operations need the token of one instead. */
  @Override
  protected List<Map.Entry<String, String>> administrator() {
    return List.of(ACCEPT, basic("administrator@System", TestRealm.ROOT_PASSWORD));
  }

  private static Map.Entry<String, String> basic(String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair));
  }

  @Override
  protected void assertVendorFormat(TestServer.Answer answer) {
    assertThat(answer.headers()).containsKey("x-vmware-vcloud-request-id");
    assertThat(answer.headers().get("x-vmware-vcloud-request-execution-time")).matches("\\d{1,5}");
    if (answer.body().startsWith("<")) {
      assertThat(answer.body()).is(WELL_FORMED);
    }
    if (answer.status() == 401) {
      assertThat(answer.body()).isEmpty();
      assertThat(answer.headers()).containsKey("www-authenticate");
    } else if (answer.status() >= 400) {
      assertThat(answer.body())
          .matches(
              "(?s)<\\?xml [^>]+>\n<Error [^<]+/>|\\{\"error\":\"[a-z_]+\",\"error_description\":\"[a-z0-9_ ,]+\"}"
                  + "|\\{\"minorErrorCode\":\"[A-Z_]+\",\"message\":\".+\",\"stackTrace\":null}|");
    } else if (!answer.body().isEmpty()) {
      assertThat(answer.headers().get("content-type"))
          .matches("application/[A-Za-z.+]+;version=[0-9.]+|text/xml|application/json");
    }
  }

  private TestServer.Answer signIn(TestServer server, String name, String password) {
    return server.send(
        "POST", "/cloudapi/1.0.0/sessions", List.of(ACCEPT, basic(name, password)), "");
  }

  static List<Map.Entry<String, String>> bearer(TestServer.Answer session) {
    return List.of(
        ACCEPT,
        Map.entry("Content-Type", "application/json"),
        Map.entry(
            "Authorization", "Bearer " + session.headers().get("x-vmware-vcloud-access-token")));
  }

  @Test
  void malformedInput_inSession_getsVendorError() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var session = bearer(signIn(server, "root@doppel", TestRealm.ROOT_PASSWORD));
          for (var body : oddBodies()) {
            var answer =
                server.send(
                    "POST",
                    "/cloudapi/1.0.0/users/urn:vcloud:user:00000000-0000-8000-8000-000000000001"
                        + "/changePassword",
                    session,
                    body);
            assertThat(answer.status()).isIn(400, 413);
            assertVendorFormat(answer);
          }
          for (var segment : oddSegments()) {
            var answer = server.send("GET", "/cloudapi/1.0.0/users/" + segment, session, "");
            assertThat(answer.status()).isIn(400, 403);
            assertVendorFormat(answer);
          }
          for (var filter :
              List.of(
                  "(",
                  "a",
                  "==",
                  "username==",
                  "((((",
                  "%22",
                  "a=q=b",
                  "username=gt=b",
                  "username!=*",
                  "roleEntityRefs==x",
                  "enabled==x",
                  "(".repeat(2000))) {
            var answer = server.send("GET", "/cloudapi/1.0.0/users?filter=" + filter, session, "");
            assertThat(answer.status()).as(filter).isEqualTo(400);
            assertVendorFormat(answer);
          }
        });
  }

  /** Also if the provider's organization has another name. */
  @Test
  void organizationNames_areComparedInOneWay() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var organizations = realm.realm().organizations();
          var system = await(organizations.system());
          await(
              organizations.update(Authority.SERVER, system.id(), one -> one.withName("Provider")));
          var provider =
              bearer(server.send("POST", "/cloudapi/1.0.0/sessions/provider", administrator(), ""));
          for (var name : List.of("System", "sYSTEM", "Provider", "doppel", "DOPPEL", "nope")) {
            var isProvider = name.equalsIgnoreCase("System") || name.equals("Provider");
            var exists = isProvider || name.equals("doppel");
            var credentials = List.of(ACCEPT, basic("root@" + name, TestRealm.ROOT_PASSWORD));
            assertThat(server.send("POST", "/cloudapi/1.0.0/sessions", credentials, "").status())
                .as(name)
                .isEqualTo(exists && !isProvider ? 200 : 401);
            assertThat(
                    server
                        .send("POST", "/cloudapi/1.0.0/sessions/provider", credentials, "")
                        .status())
                .as(name)
                .isEqualTo(isProvider ? 200 : 401);
            assertThat(server.send("POST", "/api/sessions", credentials, "").status())
                .as(name)
                .isEqualTo(exists ? 200 : 401);
            var token = "?grant_type=refresh_token&refresh_token=" + TestRealm.OPERATOR_TOKEN;
            assertThat(
                    server
                        .send("POST", "/oauth/tenant/" + name + "/token" + token, List.of(), "")
                        .status())
                .as(name)
                .isEqualTo(exists ? 200 : 400);
            assertThat(
                    server
                        .send(
                            "POST",
                            "/oauth/tenant/" + name + "/register",
                            provider,
                            "{\"client_name\":\"x\"}")
                        .status())
                .as(name)
                .isEqualTo(isProvider ? 201 : 403);
            var headers = new ArrayList<>(provider);
            headers.add(Map.entry("X-VMWARE-VCLOUD-AUTH-CONTEXT", name));
            assertThat(server.send("GET", "/cloudapi/1.0.0/users", headers, "").status())
                .as(name)
                .isEqualTo(exists ? 200 : 403);
          }
        });
  }

  @Test
  void namesake_isDisplayedAndSignsInByShortName() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var acme = await(realm.realm().organizations().create("acme", ""));
          await(
              realm
                  .realm()
                  .users()
                  .by(Authority.SERVER)
                  .create(
                      NewUser.named("alice@acme")
                          .withPassword(new Password("other-password"))
                          .withMembership(acme.id(), Membership.MEMBER)));
          var session = signIn(server, "alice@acme", "other-password");
          assertThat(session.body()).contains("\"user\":{\"name\":\"alice\"", "\"name\":\"acme\"");
          assertThat(signIn(server, "alice@doppel", "other-password").status()).isEqualTo(401);
          assertThat(signIn(server, "alice@doppel", TestRealm.PASSWORD).status()).isEqualTo(200);
          assertThat(signIn(server, "alice@acme", TestRealm.PASSWORD).status()).isEqualTo(401);
        });
  }

  @Test
  void deactivationAndDeletionInOtherDialect_endSession() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var users = realm.realm().users();
          var alice = await(users.find("alice"));
          var session = bearer(signIn(server, "alice@doppel", TestRealm.PASSWORD));
          var current = "/cloudapi/1.0.0/sessions/current";
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(200);
          await(
              users
                  .by(Authority.SERVER)
                  .update(alice.id(), user -> user.withStatus(Status.INACTIVE)));
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(401);
          await(
              users
                  .by(Authority.SERVER)
                  .update(alice.id(), user -> user.withStatus(Status.ACTIVE)));
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(401);
          var next = bearer(signIn(server, "alice@doppel", TestRealm.PASSWORD));
          assertThat(server.send("GET", current, next, "").status()).isEqualTo(200);
          await(users.by(Authority.SERVER).delete(alice.id()));
          assertThat(server.send("GET", current, next, "").status()).isEqualTo(401);
        });
  }

  @Test
  void query_listsUsersOfAnyName() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          for (var name :
              List.of("\u00e9 \ud83d\ude00", " ", "n".repeat(10_000), "a;b,c(d)\"e\\")) {
            await(realm.realm().users().by(Authority.SERVER).create(NewUser.named(name)));
          }
          var session = bearer(signIn(server, "root@doppel", TestRealm.ROOT_PASSWORD));
          var list = server.send("GET", "/cloudapi/1.0.0/users", session, "");
          assertThat(list.status()).isEqualTo(200);
          assertThat(list.body()).contains("\"username\":\"\u00e9 \ud83d\ude00\"");
          var blank =
              server.send("GET", "/cloudapi/1.0.0/users?filter=username==%C3%A9%20*", session, "");
          assertThat(blank.body()).contains("\"resultTotal\":1");
        });
  }

  @Test
  void changePassword_rejectsUserOfAnotherProvider() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var profile =
              new VcloudProfile(
                  null, null, VcloudProfile.ProviderType.LDAP, null, null, null, null);
          var user =
              await(
                  realm
                      .realm()
                      .users()
                      .by(Authority.SERVER)
                      .create(
                          NewUser.named("lee")
                              .withPassword(new Password(TestRealm.PASSWORD))
                              .withExtras("vcloud", profile.toJson())));
          var answer =
              server.send(
                  "POST",
                  "/cloudapi/1.0.0/users/" + VcloudUrn.of(user) + "/changePassword",
                  bearer(signIn(server, "lee@doppel", TestRealm.PASSWORD)),
                  "{\"currentPassword\":\"P@ssw0rd\",\"newPassword\":\"secret1\"}");
          assertThat(answer.status()).isEqualTo(400);
          assertThat(answer.body())
              .contains("] Only local users have a password that can be changed.\"");
        });
  }

  /** Only one of the two users is stored under the name itself. */
  @Test
  void concurrentCreates_giveOneUserPerOrganization() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var provider =
              bearer(server.send("POST", "/cloudapi/1.0.0/sessions/provider", administrator(), ""));
          var acme = await(realm.realm().organizations().create("acme", ""));
          var contexts =
              List.of("a93c9db9-7471-3192-8d09-a8f7eeda85f9", VcloudUrn.of(acme).toString());
          var statuses =
              IntStream.range(0, 40)
                  .parallel()
                  .mapToObj(
                      i -> {
                        var headers = new ArrayList<>(provider);
                        headers.add(
                            Map.entry("X-VMWARE-VCLOUD-TENANT-CONTEXT", contexts.get(i % 2)));
                        return server
                            .send(
                                "POST",
                                "/cloudapi/1.0.0/users",
                                headers,
                                "{\"username\":\"carol\",\"password\":\"secret1\",\"roleEntityRefs\":"
                                    + "[{\"name\":\"Defer to Identity Provider\"}]}")
                            .status();
                      })
                  .sorted()
                  .toList();
          assertThat(statuses.subList(0, 2)).containsExactly(201, 201);
          assertThat(statuses.subList(2, 40)).hasSize(38).containsOnly(400);
        });
  }

  /** The existing name is the one under which a namesake would be stored. */
  @Test
  void create_acceptsName_thoughNamesakesNameIsTaken() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var acme = await(realm.realm().organizations().create("acme", ""));
          await(
              realm
                  .realm()
                  .users()
                  .by(Authority.SERVER)
                  .create(NewUser.named("ann@doppel").withHome(acme.id(), Membership.MEMBER)));
          var session = bearer(signIn(server, "root@doppel", TestRealm.ROOT_PASSWORD));
          var ann =
              "{\"username\":\"ann\",\"password\":\"secret1\","
                  + "\"roleEntityRefs\":[{\"name\":\"vApp User\"}]}";
          assertThat(server.send("POST", "/cloudapi/1.0.0/users", session, ann).status())
              .isEqualTo(201);
          assertThat(server.send("POST", "/cloudapi/1.0.0/users", session, ann).status())
              .isEqualTo(400);
          assertThat(signIn(server, "ann@doppel", "secret1").status()).isEqualTo(200);
        });
  }

  @Test
  void task_isDeleted_after64NewerOnes() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var session = bearer(signIn(server, "root@doppel", TestRealm.ROOT_PASSWORD));
          var tasks = new ArrayList<String>();
          for (int i = 0; i < 65; i++) {
            var user =
                await(realm.realm().users().by(Authority.SERVER).create(NewUser.named("u" + i)));
            var deleted =
                server.send("DELETE", "/cloudapi/1.0.0/users/" + VcloudUrn.of(user), session, "");
            tasks.add(deleted.headers().get("location").replaceAll(".*(/api/task/)", "$1"));
          }
          assertThat(server.send("GET", tasks.get(0), session, "").status()).isEqualTo(403);
          assertThat(server.send("GET", tasks.get(1), session, "").status()).isEqualTo(200);
          assertThat(server.send("GET", tasks.get(64), session, "").status()).isEqualTo(200);
        });
  }

  @Test
  void session_endsWithOrganization_andIsInvalidWithoutMembership() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var acme = await(realm.realm().organizations().create("acme", ""));
          var users = realm.realm().users();
          var alice = await(users.find("alice"));
          await(
              users
                  .by(Authority.SERVER)
                  .update(alice.id(), user -> user.withMembership(acme.id(), Membership.MEMBER)));
          var session = bearer(signIn(server, "alice@acme", TestRealm.PASSWORD));
          var current = "/cloudapi/1.0.0/sessions/current";
          await(
              users
                  .by(Authority.SERVER)
                  .update(alice.id(), user -> user.withoutMembership(acme.id())));
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(401);
          await(
              users
                  .by(Authority.SERVER)
                  .update(alice.id(), user -> user.withMembership(acme.id(), Membership.MEMBER)));
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(200);
          await(realm.realm().organizations().delete(Authority.SERVER, acme.id()));
          assertThat(server.send("GET", current, session, "").status()).isEqualTo(401);
        });
  }
}
