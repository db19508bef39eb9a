package dev.doppel.milvus;

import static dev.doppel.testkit.Await.await;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Vendor;
import dev.doppel.testkit.DialectContract;
import dev.doppel.testkit.RawHttp;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import dev.doppel.users.Authority;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.UserQuery;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MilvusDialectTest extends DialectContract {

  private static final int TIMEOUT_MILLIS = 10_000;

  @Override
  protected Vendor<?> vendor() {
    return MilvusVendor.INSTANCE;
  }

  @Override
  protected List<Map.Entry<String, String>> administrator() {
    return List.of(Map.entry("Authorization", "Bearer root:" + TestRealm.ROOT_PASSWORD));
  }

  @Override
  protected void assertVendorFormat(TestServer.Answer answer) {
    if (answer.status() == 404) {
      // HEAD is answered like the rest, without a body
      assertThat(answer.body()).isIn("404 page not found", "");
    } else if (answer.status() == 204 || answer.status() == 307) {
      assertThat(answer.body()).isEmpty();
    } else {
      assertThat(answer.body())
          .matches(
              "(?s)\\{\"code\":0,\"data\":[\\[{].*[]}](,\"description\":\".*\")?}|\\{\"code\":[1-9]\\d*,\"message\":\".+\"}|\\{\"code\":500}|");
    }
  }

  /** A dialogue can't say it: this answer lacks the headers of every other. */
  @Test
  void slashBehindAKnownPath_isRedirectedBeforeAnythingElse() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var answer = server.send("POST", "/v2/vectordb/users/create/?a=b", List.of(), "{}");
          assertThat(answer.status()).isEqualTo(307);
          assertThat(answer.headers())
              .containsEntry("location", "/v2/vectordb/users/create?a=b")
              .containsOnlyKeys("location", "content-length", "date");
        });
  }

  /** A dialogue can't say it: the hundredth user is let in, the next is not. */
  @Test
  void observed_takesAHundredUsers() {
    with(
        Fidelity.OBSERVED,
        (server, realm, dialect) -> {
          for (int i = 4; i <= 99; i++) {
            await(realm.realm().users().by(Authority.SERVER).create(NewUser.named("user" + i)));
          }
          assertThat(create(server, "user100")).isEqualTo("{\"code\":0,\"data\":{}}");
          assertThat(create(server, "user101"))
              .isEqualTo(
                  "{\"code\":9,\"message\":\"failed to check if add credential: quota"
                      + " exceeded[reason=unable to add user because the number of users has"
                      + " reached the limit]\"}");
          assertThat(create(server, "user100")).contains("user already exists");
        });
  }

  @Test
  void observed_takesNoMoreUsers_whoeverComesAtOnce() {
    with(
        Fidelity.OBSERVED,
        (server, realm, dialect) -> {
          var answers =
              IntStream.rangeClosed(1, 130)
                  .parallel()
                  .mapToObj(i -> create(server, "user" + i))
                  .toList();
          assertThat(answers).filteredOn("{\"code\":0,\"data\":{}}"::equals).hasSize(97);
          var users = await(realm.realm().users().list(UserQuery.first(0).withTotal()));
          assertThat(users.total()).isEqualTo(100);
        });
  }

  private String create(TestServer server, String name) {
    return server
        .send(
            "POST",
            "/v2/vectordb/users/create",
            administrator(),
            "{\"userName\":\"" + name + "\",\"password\":\"P@ssw0rd\"}")
        .body();
  }

  /** The bytes of a header are the client's, which are UTF-8 here and nothing there. */
  @Test
  void bearerToken_isReadAsUtf8() {
    with(
        Fidelity.OBSERVED,
        (server, realm, dialect) -> {
          await(
              realm
                  .realm()
                  .users()
                  .by(Authority.SERVER)
                  .create(NewUser.named("utf").withPassword(new Password("P\u00e4ssw\u00f6rd1"))));
          assertThat(describe(server, "P\u00e4ssw\u00f6rd1", UTF_8)).contains("\"code\":0");
          assertThat(describe(server, "P\u00e4ssw\u00f6rd1", ISO_8859_1)).contains("\"code\":1800");
        });
  }

  private static String describe(TestServer server, String password, Charset charset) {
    var request =
        """
        POST /v2/vectordb/users/describe HTTP/1.1
        Host: localhost
        Authorization: Bearer utf:%s
        Content-Length: 18

        {"userName":"utf"}"""
            .formatted(password)
            .replace("\n", "\r\n");
    try (var http = new RawHttp(server.port())) {
      http.send(request.getBytes(charset));
      return http.answer("POST", TIMEOUT_MILLIS).orElseThrow().body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void userOfAnyName_canSignIn_andChangeItsPassword() {
    with(
        Fidelity.DOCUMENTED,
        (server, realm, dialect) -> {
          var name = "\u00e9 \ud83d\ude00 {x}";
          await(
              realm
                  .realm()
                  .users()
                  .by(Authority.SERVER)
                  .create(NewUser.named(name).withPassword(new Password("P@ssw0rd"))));
          var basic =
              "Basic "
                  + java.util.Base64.getEncoder()
                      .encodeToString((name + ":P@ssw0rd").getBytes(UTF_8));
          var changed =
              server.send(
                  "POST",
                  "/v2/vectordb/users/update_password",
                  List.of(Map.entry("Authorization", basic)),
                  "{\"userName\":\""
                      + name
                      + "\",\"password\":\"P@ssw0rd\",\"newPassword\":\"P@ssw0rd2\"}");
          assertThat(changed.body()).isEqualTo("{\"code\":0,\"data\":{}}");
        });
  }
}
