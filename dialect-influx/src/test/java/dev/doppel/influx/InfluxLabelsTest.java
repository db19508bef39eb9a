package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Fidelity;
import dev.doppel.testkit.TestServer.Answer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Labels and who may see them (2.9.1: label/*.go, tenant/http_server_bucket.go). */
class InfluxLabelsTest {

  private static final String LABELS = "/api/v2/labels";
  private static final String BUCKETS = "/api/v2/buckets";

  private final InfluxFixture influx = new InfluxFixture();
  private final String org = influx.organization().id().toString();

  @AfterEach
  void close() {
    influx.close();
  }

  private static String json(String name, String orgID) {
    return new JsonObject().put("orgID", orgID).put("name", name).encode();
  }

  private static String mapping(String label) {
    return new JsonObject().put("labelID", label).encode();
  }

  private String bucket() {
    return influx.create(BUCKETS, json("data", org));
  }

  private String label(String name) {
    return influx.create(LABELS, json(name, org));
  }

  private void map(String bucket, String label) {
    influx.create(BUCKETS + "/" + bucket + "/labels", mapping(label));
  }

  private static List<String> names(JsonArray labels) {
    return labels.stream().map(one -> ((JsonObject) one).getString("name")).toList();
  }

  private static List<String> names(Answer answer) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
    return names(new JsonObject(answer.body()).getJsonArray("labels"));
  }

  /** Returns the names of labels in the list of buckets. */
  private List<String> listed(String token, String bucket) {
    var answer = influx.send(token, "GET", BUCKETS + "?id=" + bucket, "");
    var found = new JsonObject(answer.body()).getJsonArray("buckets");
    assertThat(found).as(answer.toString()).hasSize(1);
    return names(found.getJsonObject(0).getJsonArray("labels"));
  }

  @Test
  void labelsOfBucket_areShownToReadersOfBoth() {
    var bucket = bucket();
    map(bucket, label("red"));
    var path = BUCKETS + "/" + bucket;

    var both = influx.token("read:buckets", "read:labels");
    assertThat(names(influx.send(both, "GET", path, ""))).containsExactly("red");
    assertThat(listed(both, bucket)).containsExactly("red");
    assertThat(names(influx.send(both, "GET", path + "/labels", ""))).containsExactly("red");

    var buckets = influx.token("read:buckets");
    assertThat(names(influx.send(buckets, "GET", path, ""))).isEmpty();
    assertThat(listed(buckets, bucket)).isEmpty();
    assertThat(names(influx.send(buckets, "GET", path + "/labels", ""))).isEmpty();
  }

  @Test
  void labelsOfBucket_areHiddenWithoutTheBucket() {
    var bucket = bucket();
    map(bucket, label("red"));
    var path = BUCKETS + "/" + bucket;
    for (var right : List.of("read:labels", "write:labels", "read:orgs")) {
      var token = influx.token(right);
      var answer = influx.send(token, "GET", path, "");
      assertThat(answer.status()).as(right).isEqualTo(401);
      assertThat(InfluxFixture.message(answer))
          .isEqualTo("read:orgs/%s/buckets/%s is unauthorized".formatted(org, bucket));
      var list = influx.send(token, "GET", BUCKETS + "?name=data", "");
      assertThat(new JsonObject(list.body()).getJsonArray("buckets")).as(right).isEmpty();
      var labels = influx.send(token, "GET", path + "/labels", "");
      assertThat(labels.status()).as(right).isEqualTo(404);
      assertThat(InfluxFixture.message(labels)).isEqualTo("404 page not found");
    }
  }

  @Test
  void labelsOfOtherOrganization_areShown() {
    var bucket = bucket();
    var other = influx.create("/api/v2/orgs", "{\"name\":\"other\"}");
    map(bucket, influx.create(LABELS, json("foreign", other)));
    map(bucket, label("own"));
    var path = BUCKETS + "/" + bucket;
    assertThat(names(influx.operator("GET", path, ""))).containsExactly("foreign", "own");
    assertThat(names(influx.operator("GET", path + "/labels", "")))
        .containsExactly("foreign", "own");
  }

  @Test
  void labelsOfSystemBucket_needMoreThanTheBucket() {
    var token = influx.token("read:orgs", "read:labels");
    var list = influx.operator("GET", BUCKETS + "?name=_tasks", "");
    var bucket =
        new JsonObject(list.body()).getJsonArray("buckets").getJsonObject(0).getString("id");
    map(bucket, label("red"));
    var path = BUCKETS + "/" + bucket;
    assertThat(names(influx.operator("GET", path, ""))).containsExactly("red");
    assertThat(names(influx.send(token, "GET", path, ""))).isEmpty();
    assertThat(listed(token, bucket)).isEmpty();
    var answer = influx.send(token, "GET", path + "/labels", "");
    assertThat(answer.status()).isEqualTo(401);
    assertThat(InfluxFixture.message(answer))
        .isEqualTo("read:orgs/%s/buckets/%s is unauthorized".formatted(org, bucket));
  }

  @Test
  void mapping_needsToReadTheLabel_butItsRemovalDoesNot() {
    var bucket = bucket();
    var label = label("red");
    var path = BUCKETS + "/" + bucket + "/labels";
    var token = influx.token("read:buckets", "write:buckets", "write:labels");
    var answer = influx.send(token, "POST", path, mapping(label));
    assertThat(answer.status()).isEqualTo(401);
    assertThat(InfluxFixture.message(answer))
        .isEqualTo("read:orgs/%s/labels/%s is unauthorized".formatted(org, label));
    map(bucket, label);
    assertThat(influx.send(token, "DELETE", path + "/" + label, "").status()).isEqualTo(204);
  }

  @Test
  void bodyWithWrongTypeBesideLabel_isAnsweredTwice() {
    var bucket = bucket();
    var label = label("red");
    var path = BUCKETS + "/" + bucket + "/labels";
    var body = new JsonObject().put("resourceType", 1).put("labelID", label).encode();
    var error = "{\n\t\"code\": \"invalid\",\n\t\"message\": \"Invalid post label map request\"\n}";
    var answer = influx.operator("POST", path, body);
    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.headers()).containsEntry("x-platform-error-code", "invalid");
    assertThat(answer.body()).startsWith(error + "{\n\t\"links\": {").contains("\"red\"");
    assertThat(names(influx.operator("GET", path, ""))).containsExactly("red");

    var again = influx.operator("POST", path, body);
    assertThat(again.status()).isEqualTo(400);
    assertThat(again.body()).startsWith(error).contains("label already exists on resource");
  }

  @Test
  void bodyWithWrongTypeBesideLabel_isRefusedAsDocumented() {
    try (var documented = new InfluxFixture(Fidelity.DOCUMENTED)) {
      var orgID = documented.organization().id().toString();
      var bucket = documented.create(BUCKETS, json("data", orgID));
      var label = documented.create(LABELS, json("red", orgID));
      var path = BUCKETS + "/" + bucket + "/labels";
      var body = new JsonObject().put("resourceType", 1).put("labelID", label).encode();
      var answer = documented.operator("POST", path, body);
      assertThat(answer.status()).isEqualTo(400);
      assertThat(InfluxFixture.message(answer)).isEqualTo("Invalid post label map request");
      assertThat(names(documented.operator("GET", path, ""))).isEmpty();
    }
  }

  @Test
  void deletedOrganization_leavesItsLabels() {
    var other = influx.create("/api/v2/orgs", "{\"name\":\"other\"}");
    var label = influx.create(LABELS, json("red", other));
    var bucket = bucket();
    map(bucket, label);
    assertThat(influx.operator("DELETE", "/api/v2/orgs/" + other, "").status()).isEqualTo(204);

    assertThat(influx.operator("GET", LABELS + "/" + label, "").status()).isEqualTo(200);
    assertThat(names(influx.operator("GET", LABELS + "?orgID=" + other, "")))
        .containsExactly("red");
    assertThat(names(influx.operator("GET", BUCKETS + "/" + bucket, ""))).containsExactly("red");
    assertThat(influx.operator("POST", LABELS, json("RED", other)).status()).isEqualTo(422);
    assertThat(influx.operator("DELETE", LABELS + "/" + label, "").status()).isEqualTo(204);
    assertThat(influx.operator("GET", LABELS + "/" + label, "").status()).isEqualTo(404);
  }

  @Test
  void names_haveAMaximumLength() {
    var longest = "n".repeat(32_752);
    var label = label(longest);
    var tooLong = influx.operator("POST", LABELS, json(longest + "n", org));
    assertThat(tooLong.status()).isEqualTo(413);
    assertThat(InfluxFixture.message(tooLong)).isEqualTo("key too large");
    var renamed = new JsonObject().put("name", longest + "n").encode();
    assertThat(influx.operator("PATCH", LABELS + "/" + label, renamed).status()).isEqualTo(413);
    assertThat(names(influx.operator("GET", LABELS, ""))).containsExactly(longest);
  }

  @Test
  void names_areComparedByLowerCaseOfEachCharacter() {
    label("\u0391\u03a3");
    assertThat(influx.operator("POST", LABELS, json("\u03b1\u03c3", org)).status()).isEqualTo(422);
    assertThat(influx.operator("POST", LABELS, json("\u03b1\u03c2", org)).status()).isEqualTo(201);
  }

  /** The lower case of U+023A is a byte longer, so the last byte of the server's key is lost. */
  @Test
  void names_areComparedInAsManyBytesAsTheyHave() {
    label("\u023aa");
    assertThat(influx.operator("POST", LABELS, json("\u023ab", org)).status()).isEqualTo(422);
    assertThat(influx.operator("POST", LABELS, json("\u2c65", org)).status()).isEqualTo(422);
    assertThat(influx.operator("POST", LABELS, json("\u023a", org)).status()).isEqualTo(201);
  }
}
