package com.example;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.domain.User;
import dev.doppel.Doppel;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.junit5.DoppelExtension;
import dev.doppel.milvus.MilvusOperation;
import io.milvus.v2.client.ConnectConfig;
import io.milvus.v2.client.MilvusClientV2;
import io.milvus.v2.service.rbac.request.CreateUserReq;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The SDKs bring gRPC, Netty, protobuf, Guava and Gson of their own. */
@ExtendWith(DoppelExtension.class)
class SdksTest {

  @Test
  void userOfOneSdk_isSeenByTheOther(Doppel doppel) throws Exception {
    var milvus =
        new MilvusClientV2(
            ConnectConfig.builder().uri(doppel.uri().toString()).token("root:Milvus").build());
    try (var influx =
        InfluxDBClientFactory.create(
            doppel.uri().toString(), "doppel-operator-token".toCharArray())) {
      milvus.createUser(CreateUserReq.builder().userName("ann").password("P@ssw0rd").build());
      var names =
          influx.getUsersApi().findUsers().stream().map(User::getName).toList();
      assertTrue(names.contains("ann"), names.toString());
      influx.getUsersApi().createUser("bob");
      assertTrue(milvus.listUsers().contains("bob"), milvus.listUsers().toString());
    } finally {
      milvus.close(5);
    }
    doppel.calls(MilvusOperation.CREATE_CREDENTIAL).withUser("ann").once();
    doppel.calls(InfluxOperation.POST_USERS).withUser("bob").once();
  }
}
