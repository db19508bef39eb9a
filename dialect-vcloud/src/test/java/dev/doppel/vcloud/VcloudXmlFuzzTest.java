package dev.doppel.vcloud;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketTimeoutException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Bodies of the older API that an attacker or a broken client sends. Each gets an answer of this
 * vendor with a status that clients can show, reads nothing but itself, and ends within the limits.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class VcloudXmlFuzzTest {

  private static final String ORG = "/api/admin/org/1059cea6-64c0-8100-8000-000000000001";
  private static final String ROLE =
      "<Role href=\"https://localhost/api/admin/role/d05a1c36-9646-36f9-99cf-d6a81e218d0f\"/>";
  private static final String NAMESPACE = " xmlns=\"" + VcloudXml.NAMESPACE + "\"";
  private static final String USER =
      "<User%s name=\"fuzzed\"><FullName>%s</FullName><IsEnabled>true</IsEnabled>%s"
          + "<Password>secret12</Password></User>";

  /** For both test engines, until the JVM ends. */
  private static final Vertx VERTX = Vertx.vertx();

  private static final TestRealm REALM = TestRealm.over(VERTX, MvStorage.inMemory());
  private static final TestServer SERVER =
      new TestServer(VERTX, new VcloudDialect(REALM.realm(), Fidelity.DOCUMENTED));
  private static final VcloudDialectTest CONTRACT = new VcloudDialectTest();
  private static final String SESSION = signIn();

  private static String signIn() {
    var pair = ("root@doppel:" + TestRealm.ROOT_PASSWORD).getBytes(StandardCharsets.UTF_8);
    var answer =
        SERVER.send(
            "POST",
            "/cloudapi/1.0.0/sessions",
            List.of(
                Map.entry("Accept", "application/json;version=37.0"),
                Map.entry("Authorization", "Basic " + Base64.getEncoder().encodeToString(pair))),
            "");
    return answer.headers().get("x-vmware-vcloud-access-token");
  }

  private static TestServer.Answer send(String method, String path, String type, byte[] body) {
    var answer =
        SERVER.send(
            method,
            path,
            List.of(
                Map.entry("Accept", "application/*+xml;version=37.0"),
                Map.entry("Content-Type", type),
                Map.entry("Authorization", "Bearer " + SESSION)),
            body);
    CONTRACT.assertVendorFormat(answer);
    assertThat(answer.status()).as(answer.body()).isNotIn(500, 501, 502);
    return answer;
  }

  private static TestServer.Answer create(byte[] body) {
    return send("POST", ORG + "/users", "application/vnd.vmware.admin.user+xml", body);
  }

  private static TestServer.Answer create(String body) {
    return create(body.getBytes(StandardCharsets.UTF_8));
  }

  private static String user(String fullName) {
    return USER.formatted(NAMESPACE, fullName, ROLE);
  }

  @Test
  void body_isAcceptedUnharmed() {
    var answer = create(user("F&#117;zzed").replace("fuzzed", "harmless"));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.body()).contains("<FullName>Fuzzed</FullName>");
  }

  @Test
  void billionLaughs_areRefused() {
    var entities = new StringBuilder("<!ENTITY e0 \"ha\">");
    for (int i = 1; i < 40; i++) {
      entities.append("<!ENTITY e%s \"%s\">".formatted(i, ("&e" + (i - 1) + ";").repeat(10)));
    }
    var answer = create("<!DOCTYPE User [" + entities + "]>" + user("&e39;"));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.body()).contains("A document type declaration is not allowed.");
  }

  @Test
  void externalEntities_areNotRead() throws IOException {
    var secret = Files.createTempFile("doppel", ".txt");
    Files.writeString(secret, "read-from-a-file");
    try (var other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      other.setSoTimeout(1);
      var url = "http://127.0.0.1:" + other.getLocalPort() + "/x";
      for (var system : List.of(secret.toUri().toString(), url)) {
        for (var document :
            List.of(
                "<!DOCTYPE User [<!ENTITY e SYSTEM \"%s\">]>%s".formatted(system, user("&e;")),
                "<!DOCTYPE User SYSTEM \"%s\">%s".formatted(system, user("x")),
                "<!DOCTYPE User [<!ENTITY %% e SYSTEM \"%s\"> %%e;]>%s"
                    .formatted(system, user("x")),
                "<?xml-stylesheet href=\"%s\"?>%s".formatted(system, user("x")))) {
          assertThat(create(document).body()).doesNotContain("read-from-a-file");
        }
        var included =
            "<User%s name=\"y\"><xi:include xmlns:xi=\"http://www.w3.org/2001/XInclude\" href=\"%s\"/></User>"
                .formatted(NAMESPACE, system);
        assertThat(create(included).status()).isEqualTo(400);
      }
      assertThat(hasConnection(other)).isFalse();
    } finally {
      Files.delete(secret);
    }
  }

  private static boolean hasConnection(ServerSocket server) throws IOException {
    try {
      server.accept().close();
      return true;
    } catch (SocketTimeoutException none) {
      return false;
    }
  }

  private static Stream<String> refused() {
    return Stream.of(
        "",
        " ",
        "<",
        "<User",
        "<User/>",
        "<User xmlns=\"\"/>",
        "<User xmlns=\"http://www.vmware.com/vcloud/v1\" name=\"x\"/>",
        "<x:User xmlns:x=\"urn:x\" xmlns=\"" + VcloudXml.NAMESPACE + "\"/>",
        "<User" + NAMESPACE + " name=\"x\" name=\"y\"/>",
        "<User" + NAMESPACE + "></Role>",
        "<User" + NAMESPACE + "/><User" + NAMESPACE + "/>",
        "<User" + NAMESPACE + "/>x",
        "<Role" + NAMESPACE + " name=\"x\"/>",
        "<User" + NAMESPACE + "><Unknown/></User>",
        "<User" + NAMESPACE + "><FullName/><FullName/></User>",
        "<User" + NAMESPACE + "><IsEnabled>maybe</IsEnabled></User>",
        "<User" + NAMESPACE + "><StoredVmQuota>99999999999999999999</StoredVmQuota></User>",
        "<User" + NAMESPACE + "><StoredVmQuota>1.5</StoredVmQuota></User>",
        "<User" + NAMESPACE + ">" + "<Link>".repeat(10_000),
        "<User"
            + NAMESPACE
            + ">"
            + "<VCloudExtension>".repeat(100)
            + "</VCloudExtension>".repeat(100)
            + "</User>",
        user("\u0000"),
        user("&#0;"),
        user("&#xFFFE;"),
        user("]]>"),
        user("&undefined;"),
        user("x").replace("FullName", "fullName"),
        user("x").replace(ROLE, "") + "<!-- -- -->",
        "<!DOCTYPE User>" + user("x"),
        "<?xml version=\"1.0\" encoding=\"no-such\"?>" + user("x"),
        "<?xml version=\"3.0\"?>" + user("x"),
        "{\"name\":\"x\"}",
        "null");
  }

  @ParameterizedTest
  @MethodSource("refused")
  void body_isRefused(String body) {
    assertThat(create(body).status()).isEqualTo(400);
  }

  @Test
  void otherEncodings_areReadAsTheyDeclare() {
    for (var charset : List.of(StandardCharsets.UTF_16, Charset.forName("ISO-8859-1"))) {
      var name = "enc" + charset.name().replaceAll("\\W", "").toLowerCase(Locale.ROOT);
      var document =
          "<?xml version=\"1.0\" encoding=\"%s\"?>%s"
              .formatted(charset.name(), user("Jürgen").replace("fuzzed", name));
      var answer = create(document.getBytes(charset));
      assertThat(answer.status()).as(answer.body()).isEqualTo(201);
      assertThat(answer.body()).contains("<FullName>Jürgen</FullName>");
    }
  }

  @Test
  void malformedEncoding_isRefused_andPrintsNothing() {
    var standardError = System.err;
    var printed = new ByteArrayOutputStream();
    System.setErr(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      assertThat(create(user("Jürgen").getBytes(StandardCharsets.ISO_8859_1)).status())
          .isEqualTo(400);
    } finally {
      System.setErr(standardError);
    }
    assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
  }

  @Test
  void bodyOfOneMebibyte_isRead_andNoLargerOne() {
    var limit = 1 << 20;
    var filled = user("x").replace("<User", "<User operationKey=\"%s\"");
    var room = limit - filled.formatted("").length();
    var largest = create(filled.formatted("a".repeat(room)).replace("fuzzed", "biggie"));
    assertThat(largest.status()).as(largest.body()).isEqualTo(201);
    assertThat(create(filled.formatted("a".repeat(room + 1))).status()).isEqualTo(413);
    assertThat(create("<User" + NAMESPACE + ">" + "<Link/>".repeat(100_000) + "</User>").status())
        .isEqualTo(400);
  }

  /** Every check of 1 MiB ends within the limit of one request, which would block all others. */
  @Test
  void manyMembersOfJson_andManyNamespaces_areReadInLinearTime() {
    var links = "{\"link\":[" + String.join(",", Collections.nCopies(500_000, "0")) + "]}";
    var names = new StringBuilder();
    for (int i = 0; names.length() < 900_000; i++) {
      names.append(" xmlns:n").append(i).append("='u'");
    }
    assertTimeoutPreemptively(
        Duration.ofSeconds(60),
        () -> {
          var json = links.getBytes(StandardCharsets.UTF_8);
          assertThat(send("POST", ORG + "/users", "application/json", json).status())
              .isEqualTo(400);
          for (int i = 0; i < 20; i++) {
            assertThat(create("<User" + names + "/>").status()).isEqualTo(400);
          }
        });
  }

  @Test
  void numberOfTenDigits_isRead() {
    var body = user("x").replace("fuzzed", "tendigits");
    var quota = "</IsEnabled><StoredVmQuota>%s</StoredVmQuota>";
    for (var refused : List.of("2147483648", "-2147483649")) {
      assertThat(create(body.replace("</IsEnabled>", quota.formatted(refused))).status())
          .isEqualTo(400);
    }
    var answer = create(body.replace("</IsEnabled>", quota.formatted("2147483647")));
    assertThat(answer.status()).as(answer.body()).isEqualTo(201);
    assertThat(answer.body()).contains("<StoredVmQuota>2147483647</StoredVmQuota>");
  }

  @Test
  void unknownIdentityProvider_isRefused() {
    var body = user("x").replace("fuzzed", "ldap");
    var provider = "</IsEnabled><ProviderType>%s</ProviderType>";
    assertThat(create(body.replace("</IsEnabled>", provider.formatted("LDAP"))).status())
        .isEqualTo(400);
    assertThat(create(body.replace("</IsEnabled>", provider.formatted("INTEGRATED"))).status())
        .isEqualTo(201);
  }

  /** Valid documents whose bytes, or whose elements, are moved, repeated, cut or replaced. */
  @Property(tries = 3000)
  void mutatedDocument_getsVendorAnswer(@ForAll Random random) {
    var documents =
        List.of(
            user("Ann Lee"),
            "<Role"
                + NAMESPACE
                + " name=\"r"
                + random.nextInt()
                + "\"><Description>d</Description>"
                + "<RightReferences><RightReference href=\"https://localhost/api/admin/right/4886663f-ae31-37fc-9a70-3dbe2f24a8c5\"/>"
                + "</RightReferences></Role>",
            "<AdminOrg"
                + NAMESPACE
                + " name=\"doppel\"><FullName>D</FullName><IsEnabled>true</IsEnabled>"
                + "<Settings><OrgGeneralSettings><DeployedVMQuota>1</DeployedVMQuota></OrgGeneralSettings>"
                + "<VAppLeaseSettings><DeploymentLeaseSeconds>1</DeploymentLeaseSeconds></VAppLeaseSettings>"
                + "</Settings></AdminOrg>");
    var which = random.nextInt(documents.size());
    var body = documents.get(which);
    for (int i = random.nextInt(4); i >= 0; i--) {
      body = mutated(body, random);
    }
    var path =
        switch (which) {
          case 0 ->
              random.nextBoolean()
                  ? ORG + "/users"
                  : "/api/admin/user/1059cea6-64c0-8100-8000-000000000004";
          case 1 -> ORG + "/roles";
          default -> ORG;
        };
    var method = path.endsWith("s") ? "POST" : "PUT";
    send(method, path, "application/*+xml", body.getBytes(StandardCharsets.UTF_8));
  }

  private static String mutated(String text, Random random) {
    var at = random.nextInt(text.length() + 1);
    var to = Math.min(text.length(), at + random.nextInt(12));
    var parts = new ArrayList<>(List.of(text.split("(?=<)")));
    return switch (random.nextInt(6)) {
      case 0 -> text.substring(0, at) + text.substring(to);
      case 1 -> text.substring(0, to) + text.substring(at);
      case 2 -> text.substring(0, at) + (char) random.nextInt(0x3000) + text.substring(at);
      case 3 -> {
        Collections.swap(parts, random.nextInt(parts.size()), random.nextInt(parts.size()));
        yield String.join("", parts);
      }
      case 4 -> {
        parts.remove(random.nextInt(parts.size()));
        yield String.join("", parts);
      }
      default ->
          text.substring(0, at)
              + List.of(
                      "&lt;",
                      "&x;",
                      "<![CDATA[x]]>",
                      "<!--x-->",
                      "<?x y?>",
                      "\u0001",
                      "9".repeat(40))
                  .get(random.nextInt(7))
              + text.substring(at);
    };
  }
}
