package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** The machine's clock is set back while Doppel runs. */
class ClockBackTest {

  private static final String PASSWORD = "P@ssw0rd1";

  @Test
  void usersAndSessions_surviveClockSetBack() {
    try (var doppel = Doppel.start()) {
      var http = new Http(doppel.uri());
      var influx = new VendorClient.Influx(http);
      var workspace = new VendorClient.Workspace(http);
      influx.create("before", PASSWORD);
      var token = workspace.token("before", PASSWORD);
      doppel.clock().set(doppel.clock().instant().minus(Duration.ofHours(3)));
      influx.create("after", PASSWORD);
      for (var name : new String[] {"before", "after"}) {
        assertThat(influx.signsIn(name, PASSWORD)).as(name).isTrue();
        assertThat(workspace.signsIn(name, PASSWORD)).as(name).isTrue();
      }
      assertThat(
              http.send("GET", "/v1/users/profile", "", "Authorization", "Bearer " + token)
                  .statusCode())
          .isEqualTo(200);
      var ids = new ArrayList<String>();
      new JsonObject(http.send("GET", "/_doppel/users", "").body())
          .getJsonArray("users")
          .forEach(user -> ids.add(((JsonObject) user).getString("id")));
      assertThat(ids).isSorted().hasSize(3);
    }
  }
}
