package dev.doppel.integration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.gateway.Http;
import dev.doppel.gateway.VendorClient;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** One user store behind all dialects: tests every pair of dialects. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrossDialectTest {

  private static final String FIRST = "P@ssw0rd1";
  private static final String SECOND = "N3w-P@ssw0rd";

  private final Doppel doppel = Doppel.start();
  private final Http http = new Http(doppel.uri());
  private final VendorClient.Influx influx = new VendorClient.Influx(http);
  private final List<VendorClient.Maker> makers = List.of(new VendorClient.Milvus(http), influx);
  private final List<VendorClient> all = VendorClient.all(http);
  private int users;

  @AfterAll
  void close() {
    doppel.close();
  }

  private String newUser(VendorClient.Maker maker) {
    var name = "user_" + users++;
    maker.create(name, FIRST);
    return name;
  }

  Stream<Arguments> pairs() {
    return makers.stream()
        .flatMap(maker -> all.stream().map(changer -> Arguments.of(maker, changer)));
  }

  @ParameterizedTest
  @MethodSource("pairs")
  void passwordChange_isSharedByAllDialects(VendorClient.Maker maker, VendorClient changer) {
    var name = newUser(maker);
    assertThat(all).allMatch(client -> client.finds(name));
    assertThat(all).allMatch(client -> client.signsIn(name, FIRST));

    changer.changePassword(name, FIRST, SECOND);

    assertThat(all).noneMatch(client -> client.signsIn(name, FIRST));
    assertThat(all).allMatch(client -> client.signsIn(name, SECOND));
  }

  Stream<VendorClient.Maker> makers() {
    return makers.stream();
  }

  @ParameterizedTest
  @MethodSource("makers")
  void deactivation_isSharedByAllDialects(VendorClient.Maker maker) {
    var name = newUser(maker);
    assertThat(all).allMatch(client -> client.signsIn(name, FIRST));
    influx.deactivate(name);
    assertThat(all).noneMatch(client -> client.signsIn(name, FIRST));
    assertThat(all).allMatch(client -> client.finds(name));
  }

  @ParameterizedTest
  @MethodSource("makers")
  void deletion_isSharedByAllDialects(VendorClient.Maker maker) {
    var name = newUser(maker);
    assertThat(all).allMatch(client -> client.signsIn(name, FIRST));
    influx.delete(name);
    assertThat(all).noneMatch(client -> client.signsIn(name, FIRST));
    assertThat(all.subList(1, all.size())).noneMatch(client -> client.finds(name));
  }

  @Test
  void administrator_isSameUserInAllDialects() {
    assertThat(influx.finds("root")).isTrue();
    assertThat(new VendorClient.Vcloud(http).finds("root")).isTrue();
    assertThat(new VendorClient.Workspace(http).signsIn("root", "Milvus")).isTrue();
  }
}
