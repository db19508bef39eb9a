package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.Await;
import dev.doppel.users.Authority;
import dev.doppel.users.Membership;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is stored of users and organizations, in the form of older stores too. */
class InfluxExtrasTest {

  private static final String BUCKET = "0a1b2c3d4e5f6071";
  private static final String LABEL = "0a1b2c3d4e5f6072";

  /** Written by commit 1f35dcc, before there were secrets, and members of buckets. */
  private static final String ORGANIZATION =
      """
      {"buckets":[{"id":"0a1b2c3d4e5f6071","name":"data","description":"of 2026","rp":"",\
      "everySeconds":3600,"shardGroupSeconds":3600,"createdAt":"2026-11-27T12:26:25.123456789Z",\
      "updatedAt":"2026-11-27T12:26:25.123456789Z","labelIDs":["0a1b2c3d4e5f6072"]}],\
      "labels":[{"id":"0a1b2c3d4e5f6072","orgID":"0a1b2c3d4e5f6073","name":"red",\
      "properties":{"color":"ff0000"}}]}""";

  /** Written by commit 1f35dcc. */
  private static final String USER = "{\"oauthID\":\"abc\",\"oddStatus\":\"odd\"}";

  @Test
  void organization_ofOlderStoreIsRead() {
    var extras = InfluxOrganizationExtras.of(Optional.of(ORGANIZATION));
    assertThat(extras.secrets()).isEmpty();
    var bucket = extras.bucket(BUCKET).orElseThrow();
    assertThat(bucket.userIDs()).isEmpty();
    assertThat(bucket.name()).isEqualTo("data");
    assertThat(bucket.labelIDs()).containsExactly(LABEL);
    assertThat(extras.label(LABEL).orElseThrow().name()).isEqualTo("red");
    assertThat(InfluxOrganizationExtras.of(Optional.of(extras.json()))).isEqualTo(extras);
  }

  @Test
  void olderStore_isServedAndChanged() {
    try (var api = new InfluxApi()) {
      var operator = api.operator();
      var org = operator.create("/orgs", new JsonObject().put("name", "acme")).getString("id");
      api.store(org, ORGANIZATION);
      var alice =
          Await.await(
              api.realm()
                  .users()
                  .by(Authority.SERVER)
                  .update(
                      api.user("alice").id(), user -> user.withExtras(InfluxDialect.NAME, USER)));
      var members = "/buckets/" + BUCKET + "/members";
      assertThat(operator.names(members)).isEmpty();
      assertThat(operator.send("GET", "/orgs/" + org + "/secrets").body())
          .contains("\"secrets\": []");

      operator.create(members, new JsonObject().put("id", InfluxId.of(alice)));
      assertThat(operator.names(members)).containsExactly("alice");
      var changed = InfluxExtras.of(api.user("alice"));
      assertThat(changed.oauthID()).isEqualTo("abc");
      assertThat(changed.oddStatus()).isEqualTo("odd");

      operator.send("DELETE", members + "/" + InfluxId.of(alice));
      assertThat(api.user("alice").extras(InfluxDialect.NAME)).contains(USER);
    }
  }

  @Test
  void oddStatus_isReplacedWithoutLosingMappings() {
    try (var api = new InfluxApi()) {
      var mapping = new InfluxExtras.BucketMapping("0a", BUCKET, Membership.MEMBER);
      var user =
          InfluxExtras.withMapping(api.user("alice").withExtras(InfluxDialect.NAME, USER), mapping);
      var changed = InfluxExtras.of(InfluxExtras.withoutOddStatus(user));
      assertThat(changed.oddStatus()).isNull();
      assertThat(changed.mappings()).containsExactly(mapping);
    }
  }
}
