package dev.doppel.integration;

import dev.doppel.Vendors;
import dev.doppel.dialect.Endpoint;
import dev.doppel.testkit.GrpcClient;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;

/** Seeds of the fuzzer: a successful call of every operation of every dialect. */
final class FuzzSeeds {

  private FuzzSeeds() {}

  /** Writes the seeds. Takes {@code http} or {@code grpc}, and the target directory. */
  public static void main(String[] arguments) throws IOException {
    var folder = Files.createDirectories(Path.of(arguments[1]));
    var seeds = arguments[0].equals("grpc") ? grpc() : startedHttp();
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(folder.resolve("seed" + i), seeds.get(i));
    }
  }

  private static List<byte[]> startedHttp() {
    HttpFuzz.fuzzerInitialize();
    try {
      return http(HttpFuzz.dialects());
    } finally {
      HttpFuzz.fuzzerTearDown();
    }
  }

  /**
   * Returns requests for {@link HttpFuzz}, by each dialect's administrator.
   *
   * @param dialects as the control plane lists them
   */
  static List<byte[]> http(List<JsonObject> dialects) {
    var seeds = new ArrayList<byte[]>();
    for (var dialect : dialects) {
      for (var item : dialect.getJsonArray("operations")) {
        var operation = (JsonObject) item;
        if (!operation.getString("method").equals("GRPC")) {
          seeds.add(seed(dialect.getString("dialect"), operation));
        }
      }
    }
    return seeds;
  }

  private static byte[] seed(String dialect, JsonObject operation) {
    var path =
        operation
            .getString("path")
            .replaceAll(":([a-z]+)Urn", "urn:vcloud:$1:1059cea6-64c0-8100-8000-000000000004")
            .replace(":organization", "doppel")
            .replaceAll(":[a-zA-Z]+", "0000000000000001");
    var authorization =
        switch (dialect) {
          case "milvus" -> "Bearer root:Milvus";
          case "influx" -> "Token doppel-operator-token";
          case "vcloud" -> HttpFuzz.VCLOUD;
          default -> authorization(dialect);
        };
    var seed =
        """
        %s %s?limit=2&name=alice&filter=username==a* HTTP/1.1
        Host: localhost
        Authorization: %s
        Accept: application/json;version=39.1
        Content-Type: application/json
        Cookie: influxdb-oss-session=x

        %s"""
            .formatted(operation.getString("method"), path, authorization, body(dialect));
    return seed.getBytes(StandardCharsets.UTF_8);
  }

  /** Returns the credentials of the request by which the vendor is tried. */
  private static String authorization(String dialect) {
    var endpoint = new Endpoint("", "root", "Milvus", "doppel-operator-token", "doppel");
    return Vendors.find(Vendors.all(), dialect)
        .orElseThrow()
        .sampleRequest(endpoint)
        .allHeaders()
        .stream()
        .filter(header -> header.getKey().equals("Authorization"))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseThrow();
  }

  private static String body(String dialect) {
    var body = new JsonObject();
    switch (dialect) {
      case "milvus" ->
          body.put("userName", "alice")
              .put("roleName", "reader")
              .put("password", "P@ssw0rd1")
              .put("newPassword", "N3w-P@ssw0rd")
              .put("objectType", "Global")
              .put("objectName", "*")
              .put("privilege", "SelectUser")
              .put("dbName", "*")
              .put("collectionName", "*")
              .put("privilegeGroupName", "made")
              .put("privileges", new JsonArray().add("Search"));
      case "influx" ->
          body.put("name", "alice")
              .put("password", "P@ssw0rd1")
              .put("status", "active")
              .put("orgID", "0000000000000001")
              .put("id", "0000000000000001")
              .put("permissions", new JsonArray())
              .put("retentionRules", new JsonArray());
      case "vcloud" ->
          body.put("username", "alice")
              .put("password", "P@ssw0rd1")
              .put("currentPassword", "P@ssw0rd1")
              .put("newPassword", "N3w-P@ssw0rd")
              .put("roleEntityRefs", new JsonArray().add(new JsonObject().put("name", "vApp User")))
              .put("enabled", true);
      case "workspace" ->
          body.put("provider", "traditional")
              .put("payload", new JsonObject().put("email", "a@example.com").put("password", "x"))
              .put("oldPassword", "P@ssw0rd1")
              .put("newPassword", "N3w-P@ssw0rd")
              .put("firstName", "A");
      default -> body.put("name", "alice").put("login", "alice").put("password", "P@ssw0rd1");
    }
    return body.encode();
  }

  /** Returns calls for {@link GrpcFuzz}, by the administrator, with all text fields set. */
  static List<byte[]> grpc() {
    var seeds = new ArrayList<byte[]>();
    var password = base64("P@ssw0rd");
    MilvusCalls.METHODS.forEach(
        (name, method) -> {
          var message =
              MilvusCalls.filled(
                      method.asked(), field -> field.contains("assword") ? password : "alice")
                  .toByteArray();
          var head = name + "\nauthorization: " + base64("root:Milvus") + "\ndbname: books\n\n";
          seeds.add(Buffer.buffer(head).appendBytes(message).getBytes());
          seeds.add(
              Buffer.buffer(GrpcFuzz.FRAMED + head)
                  .appendBuffer(GrpcClient.frame(message))
                  .getBytes());
        });
    return seeds;
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
