package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.exceptions.ServiceUnavailableException;
import com.influxdb.exceptions.UnprocessableEntityException;
import dev.doppel.Doppel;
import dev.doppel.PlannedFault;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.junit5.BaseUrl;
import dev.doppel.junit5.DoppelExtension;
import dev.doppel.users.Failure.Reason;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class InfluxTeamTest {

  private InfluxDBClient client;
  private InfluxTeam team;

  @BeforeEach
  void connect(@BaseUrl String url, Doppel.Administrator administrator) {
    var token = administrator.token().orElseThrow().toCharArray();
    client = InfluxDBClientFactory.create(url, token, "doppel");
    team = new InfluxTeam(client);
  }

  @AfterEach
  void disconnect() {
    client.close();
  }

  @Test
  void invite_createsAccountThatCanSignIn(@BaseUrl String url) {
    team.invite("alice", "P@ssw0rd");
    assertThat(team.find("alice")).isPresent();
    try (var hers = InfluxDBClientFactory.create(url, "alice", "P@ssw0rd".toCharArray())) {
      assertThat(hers.getUsersApi().me().getName()).isEqualTo("alice");
    }
  }

  @Test
  void invite_rejectsTakenName(Doppel doppel) {
    doppel.seed().user("alice").put();
    assertThatThrownBy(() -> team.invite("alice", "P@ssw0rd"))
        .isInstanceOf(UnprocessableEntityException.class)
        .hasMessageContaining("user with name alice already exists");
  }

  @Test
  void invite_retriesWhileUnavailable(Doppel doppel) {
    doppel
        .faults()
        .inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS).times(2));
    team.invite("alice", "P@ssw0rd");
    doppel.calls(InfluxOperation.POST_USERS).withUser("alice").withStatus(503).times(2);
    doppel.calls(InfluxOperation.POST_USERS).withUser("alice").withStatus(201).once();
  }

  @Test
  void invite_failsAfterFiveAttempts(Doppel doppel) {
    doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE).on(InfluxOperation.POST_USERS));
    assertThatThrownBy(() -> team.invite("alice", "P@ssw0rd"))
        .isInstanceOf(ServiceUnavailableException.class);
    doppel.calls(InfluxOperation.POST_USERS).times(5);
  }

  /** The account was created, but the response was lost. */
  @Test
  void invite_afterLostResponse_reportsTakenName(Doppel doppel) {
    doppel
        .faults()
        .inject(
            PlannedFault.of(Reason.UNAVAILABLE)
                .on(InfluxOperation.POST_USERS)
                .times(1)
                .afterTheChange());
    assertThatThrownBy(() -> team.invite("alice", "P@ssw0rd"))
        .isInstanceOf(UnprocessableEntityException.class);
  }
}
