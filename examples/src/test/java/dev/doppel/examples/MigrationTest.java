package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import com.influxdb.client.InfluxDBClientFactory;
import dev.doppel.Doppel;
import dev.doppel.junit5.BaseUrl;
import dev.doppel.junit5.DoppelExtension;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Users who move from InfluxDB to other products keep their ids and passwords. */
@ExtendWith(DoppelExtension.class)
class MigrationTest {

  private static final String HASH_OF_TEST_PASSWORD =
      "$2b$04$abcdefghijklmnopqrstuuSEuQJbKQhHsPhiaTyo/tfXmZBUGOOKK";

  @Test
  void importedUser_canSignInEverywhere(Doppel doppel, @BaseUrl URI base) throws Exception {
    doppel
        .seed()
        .user("ann")
        .password("P@ssw0rd1")
        .alias("influx", "0a1b2c3d4e5f6071")
        .memberOf("acme")
        .user("old")
        .passwordHash(HASH_OF_TEST_PASSWORD)
        .inactive()
        .put();

    try (var influx =
        InfluxDBClientFactory.create(base.toString(), "ann", "P@ssw0rd1".toCharArray())) {
      assertThat(influx.getUsersApi().me().getId()).isEqualTo("0a1b2c3d4e5f6071");
    }
    VcloudLeavers.signIn(base, "ann@acme", "P@ssw0rd1");
    var workspace = new WorkspaceSession(base);
    workspace.signIn("ann", "P@ssw0rd1");
    var milvus =
        new MilvusClientV2(
            ConnectConfig.builder()
                .uri(base.toString())
                .username("root")
                .password("Milvus")
                .build());
    try {
      assertThat(milvus.listUsers()).containsExactly("ann", "old", "root");
    } finally {
      milvus.close();
    }
  }
}
