package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestServer.Answer;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Paths below an organization or a bucket: the server checks that it exists before it looks for the
 * path or the method (2.9.1: kit/transport/http/middleware.go, http/config.go).
 */
class InfluxMountedPathsTest {

  private static final String UNKNOWN = "00000000000000ff";

  private static final List<String> BELOW_ORGANIZATION = List.of("members", "owners", "secrets");
  private static final List<String> BELOW_BUCKET = List.of("members", "owners", "labels");

  private final InfluxFixture influx = new InfluxFixture();

  @AfterEach
  void close() {
    influx.close();
  }

  private List<Answer> missing(String path) {
    return List.of(
        influx.operator("PUT", path, ""),
        influx.operator("PUT", path + "/", ""),
        influx.operator("GET", path + "/a/b", ""),
        influx.operator("PATCH", path + "/a", ""));
  }

  private void assertRefused(String resource, List<String> subresources) {
    for (var subresource : subresources) {
      for (var answer : missing("/api/v2/" + resource + "/x/" + subresource)) {
        assertThat(answer.status()).as(subresource).isEqualTo(400);
        assertThat(InfluxFixture.message(answer))
            .isEqualTo("corrupt ID provided: id must have a length of 16 bytes");
      }
      for (var answer : missing("/api/v2/" + resource + "/" + UNKNOWN + "/" + subresource)) {
        assertThat(answer.status()).as(subresource).isEqualTo(404);
        assertThat(InfluxFixture.message(answer)).isEqualTo("404 page not found");
      }
    }
  }

  @Test
  void missingPathBelowUnknownOrganization_isRefusedByIt() {
    assertRefused("orgs", BELOW_ORGANIZATION);
  }

  @Test
  void missingPathBelowUnknownBucket_isRefusedByIt() {
    assertRefused("buckets", BELOW_BUCKET);
  }

  @Test
  void missingPathBelowKnownOrganization_isRefusedAsMissing() {
    var path = "/api/v2/orgs/" + influx.organization().id() + "/members";
    assertThat(influx.operator("PUT", path, "").status()).isEqualTo(405);
    assertThat(influx.operator("GET", path + "/a/b", "").body()).isEqualTo("404 page not found\n");
    var token = influx.token("read:buckets");
    assertThat(influx.send(token, "PUT", path, "").status()).as("hidden").isEqualTo(404);
  }

  @Test
  void missingPathOfOtherRouters_isNotChecked() {
    assertThat(influx.operator("PUT", "/api/v2/orgs/x", "").status()).isEqualTo(405);
    assertThat(influx.operator("GET", "/api/v2/orgs/x/labels", "").body())
        .isEqualTo("404 page not found\n");
    assertThat(influx.operator("GET", "/api/v2/buckets/x/secrets", "").body())
        .isEqualTo("404 page not found\n");
  }

  @Test
  void config_isCheckedWhateverFollows() {
    var token = influx.token("read:buckets");
    for (var path : List.of("/api/v2/config", "/api/v2/config/x")) {
      var answer = influx.send(token, "POST", path, "");
      assertThat(answer.status()).as(path).isEqualTo(401);
      assertThat(InfluxFixture.message(answer))
          .isEqualTo("access to /api/v2/config requires operator permissions");
    }
    assertThat(influx.operator("POST", "/api/v2/config", "").status()).isEqualTo(405);
    assertThat(influx.operator("GET", "/api/v2/config/x", "").body())
        .isEqualTo("404 page not found\n");
    assertThat(influx.send("unknown", "POST", "/api/v2/config", "").status()).isEqualTo(401);
  }
}
