package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.OptionValues;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.gateway.Http;
import dev.doppel.influx.InfluxVendor;
import dev.doppel.testkit.RawHttp;
import dev.doppel.users.Realm;
import dev.doppel.workspace.WorkspaceVendor;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VendorsTest {

  /** InfluxDB's dialect under another name and, if given, other paths. */
  private record Other(String name, List<String> prefixes) implements Vendor<String> {

    @Override
    public List<String> versions() {
      return List.of("1");
    }

    @Override
    public int port() {
      return 1;
    }

    @Override
    public List<VendorOperation> operations() {
      return List.of();
    }

    @Override
    public String settings(OptionValues given) {
      return "";
    }

    @Override
    public Dialect dialect(Realm realm, Fidelity fidelity, String settings) {
      return ServedVendor.byDefault(InfluxVendor.INSTANCE).dialect(realm);
    }

    @Override
    public Map<String, String> clientEnvironment(Endpoint endpoint) {
      return Map.of();
    }

    @Override
    public SampleRequest sampleRequest(Endpoint endpoint) {
      return SampleRequest.get("/", "Accept", "*/*");
    }
  }

  @Test
  void names_areUnique() {
    assertThat(Vendors.builtIn()).extracting(Vendor::name).isNotEmpty().doesNotHaveDuplicates();
  }

  @Test
  void start_refusesTwoVendorsWithOnePrefix() {
    var config =
        DoppelConfig.DEFAULT.toBuilder().port(0).vendor(new Other("other", List.of("/v1"))).build();
    assertThatThrownBy(() -> Doppel.start(config))
        .isInstanceOf(StartupException.class)
        .hasMessage(
            "--dialects workspace,other: not allowed together; both have paths that begin with"
                + " /v1");
  }

  @Test
  void nestedPrefixes_areListed() {
    var outer = ServedVendor.byDefault(new Other("outer", List.of("/api", "/x")));
    var inner = ServedVendor.byDefault(InfluxVendor.INSTANCE);
    assertThat(Vendors.nestedPrefixes(List.of(outer, inner)))
        .containsExactly("/api/v2 (influx) within /api (outer)");
    assertThat(Vendors.nestedPrefixes(List.of(inner))).isEmpty();
  }

  @Test
  void config_servesARegisteredVendor() {
    var config =
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .vendors(List.of())
            .vendor(new Other("other", List.of("/api/v2")))
            .build();
    try (var doppel = Doppel.start(config)) {
      var me =
          new Http(doppel.uri())
              .send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
      assertThat(new JsonObject(me.body()).getString("name")).isEqualTo("root");
    }
  }

  @Test
  void hostName_leadsToOneDialect() {
    try (var doppel = Doppel.start()) {
      var token = "Token doppel-operator-token";
      assertThat(onHost(doppel.uri(), "influx.localhost", "/api/v2/me", token)).isEqualTo(200);
      assertThat(onHost(doppel.uri(), "INFLUX.localhost:80", "/api/v2/me", token)).isEqualTo(200);
      assertThat(onHost(doppel.uri(), "workspace.localhost", "/api/v2/me", token)).isEqualTo(404);
      assertThat(onHost(doppel.uri(), "nothing.localhost", "/api/v2/me", token)).isEqualTo(404);
    }
  }

  @Test
  void start_refusesOnePortForTwoListeners() {
    assertPortRefused(
        Map.of("influx", 18_999, "milvus", 18_999),
        "--ports influx 18999: not allowed; use a port other than that of --ports milvus");
    assertPortRefused(
        Map.of("influx", 18_998),
        "--ports influx 18998: not allowed; use a port other than that of --port");
  }

  private static void assertPortRefused(Map<String, Integer> ports, String line) {
    var listen = new DoppelConfig.Listen("127.0.0.1", 18_998, false, ports, Optional.empty());
    assertThatThrownBy(() -> Doppel.start(DoppelConfig.DEFAULT.toBuilder().listen(listen).build()))
        .isInstanceOf(StartupException.class)
        .hasMessage(line);
  }

  @Test
  void port_ofItsOwn_servesOneDialect() {
    var listen =
        new DoppelConfig.Listen("127.0.0.1", 0, false, Map.of("influx", 0), Optional.empty());
    try (var doppel = Doppel.start(DoppelConfig.DEFAULT.toBuilder().listen(listen).build())) {
      var own = doppel.uri(InfluxVendor.INSTANCE);
      assertThat(own.getPort()).isNotEqualTo(doppel.uri().getPort());
      assertThat(doppel.uri(WorkspaceVendor.INSTANCE)).isEqualTo(doppel.uri());
      var token = "doppel-operator-token";
      var http = new Http(own);
      var influx = http.send("GET", "/api/v2/me", "", "Authorization", "Token " + token);
      assertThat(influx.statusCode()).isEqualTo(200);
      var workspace = http.send("GET", "/v1/users/profile", "", "Authorization", "Bearer " + token);
      assertThat(workspace.statusCode()).isEqualTo(404);
      assertThat(onHost(own, "influx.localhost", "/api/v2/me", "Token " + token)).isEqualTo(200);
    }
  }

  private static int onHost(URI uri, String host, String path, String token) {
    var request =
        "GET %s HTTP/1.1\r\nHost: %s\r\nAuthorization: %s\r\nConnection: close\r\n\r\n"
            .formatted(path, host, token);
    try (var http = new RawHttp(uri.getPort())) {
      http.send(request.getBytes(StandardCharsets.US_ASCII));
      return http.answer("GET", 10_000).orElseThrow().status();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
