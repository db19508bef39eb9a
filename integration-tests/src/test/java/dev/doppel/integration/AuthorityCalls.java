package dev.doppel.integration;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.protobuf.Message;
import dev.doppel.Doppel;
import dev.doppel.MailEntry;
import dev.doppel.gateway.Http;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.milvus.grpc.SelectUserRequest;
import dev.doppel.milvus.grpc.SelectUserResponse;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.users.Ids;
import io.vertx.core.Vertx;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;

/** The calls of the four vendors' clients, and whether their responses are errors. */
final class AuthorityCalls implements AutoCloseable {

  private static final String VCD = "application/json;version=39.1";
  private static final String SYSTEM_URN = "urn:vcloud:org:a93c9db9-7471-3192-8d09-a8f7eeda85f9";

  /** The vendors' products. */
  enum Product {
    MILVUS,
    INFLUX,
    VCLOUD,
    WORKSPACE
  }

  /**
   * A response.
   *
   * @param ok whether the vendor's client treats it as a success
   */
  record Answer(
      Product vendor, boolean ok, int status, String body, Map<String, List<String>> headers) {

    JsonObject json() {
      return new JsonObject(body);
    }

    Optional<String> header(String name) {
      return headers.entrySet().stream()
          .filter(one -> one.getKey().equalsIgnoreCase(name))
          .map(one -> one.getValue().get(0))
          .findFirst();
    }

    /** Returns whether an error has the format that its vendor's clients parse. */
    boolean isRefusal() {
      return switch (vendor) {
        case MILVUS -> status > 0 || (json().getInteger("code") != 0 && has("message"));
        case INFLUX -> status < 501 && has("code") && has("message");
        case VCLOUD ->
            status < 500
                && ((status == 401 && body.isEmpty())
                    || (has("minorErrorCode") && has("message"))
                    || has("error"));
        case WORKSPACE ->
            status < 500
                && Boolean.FALSE.equals(json().getBoolean("status"))
                && json().getJsonObject("error").containsKey("code");
      };
    }

    private boolean has(String member) {
      try {
        return json().containsKey(member);
      } catch (DecodeException e) {
        return false;
      }
    }

    @Override
    public String toString() {
      var text = body.replaceAll("\\s+", " ");
      return status + " " + (text.length() > 120 ? text.substring(0, 120) + "…" : text);
    }
  }

  private final Http http;
  private final Vertx vertx = Vertx.vertx();
  private final GrpcClient grpc;

  private final Doppel doppel;

  AuthorityCalls(Doppel doppel) {
    this.doppel = doppel;
    http = new Http(doppel.uri());
    grpc = new GrpcClient(vertx, doppel.uri().getPort());
  }

  /** Returns the mails to all users in the order of sending. */
  List<MailEntry> mails() {
    return doppel.mails().list();
  }

  @Override
  public void close() {
    grpc.close();
    Await.await(vertx.close());
  }

  /** Signals that the database of a busy machine timed out, so the call's result is unknown. */
  static final class StoreAwayException extends RuntimeException {

    private StoreAwayException(HttpResponse<String> response) {
      super(response.statusCode() + " " + response.body());
    }
  }

  private static boolean isStoreAway(Product vendor, HttpResponse<String> response) {
    return vendor == Product.MILVUS
        ? response.body().startsWith("{\"code\":1,")
        : response.statusCode() == 503;
  }

  private static Answer answer(Product vendor, HttpResponse<String> response) {
    if (isStoreAway(vendor, response)) {
      throw new StoreAwayException(response);
    }
    var ok =
        response.statusCode() < 300
            && (vendor != Product.MILVUS || response.body().startsWith("{\"code\":0"));
    return new Answer(
        vendor,
        ok,
        response.statusCode() == 200 && vendor == Product.MILVUS ? 0 : response.statusCode(),
        response.body(),
        response.headers().map());
  }

  Answer milvus(String path, JsonObject body, String authorization) {
    return answer(
        Product.MILVUS,
        http.send(
            "POST",
            "/v2/vectordb/" + path,
            body.encode(),
            "Authorization",
            "Bearer " + authorization));
  }

  /** Calls Milvus over gRPC; the status is that of gRPC or, if that is OK, Milvus's own code. */
  Answer grpc(String method, Message message, String authorization) {
    var answer = raw(method, message, authorization);
    var shown = MilvusCalls.shown(method, answer);
    var status = shown.startsWith("0 ") ? shown.substring(2) : shown;
    return new Answer(
        Product.MILVUS,
        shown.equals("0 0"),
        Integer.parseInt(status),
        "gRPC " + shown + " " + answer.text(),
        Map.of());
  }

  private GrpcClient.Answer raw(String method, Message message, String authorization) {
    return grpc.call(
        Objects.requireNonNull(MilvusCalls.METHODS.get(method)).path(),
        message.toByteArray(),
        Map.of("authorization", Base64.getEncoder().encodeToString(authorization.getBytes(UTF_8))));
  }

  /** Returns all users' names and roles. */
  List<Map.Entry<String, List<String>>> milvusRoles(String authorization) {
    var answer =
        raw(
            "SelectUser",
            SelectUserRequest.newBuilder().setIncludeRoleInfo(true).build(),
            authorization);
    return answer.message(SelectUserResponse::parseFrom).getResultsList().stream()
        .map(
            one ->
                Map.entry(
                    one.getUser().getName(),
                    one.getRolesList().stream().map(role -> role.getName()).sorted().toList()))
        .toList();
  }

  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
  }

  Answer influx(String method, String path, Optional<JsonObject> body, String... headers) {
    return answer(
        Product.INFLUX,
        http.send(method, "/api/v2" + path, body.map(JsonObject::encode).orElse(""), headers));
  }

  Answer vcd(
      String method,
      String path,
      Optional<JsonObject> body,
      String authorization,
      String... headers) {
    var all =
        Stream.concat(
                Stream.of(
                    "Accept",
                    VCD,
                    "Authorization",
                    authorization,
                    "Content-Type",
                    "application/json"),
                Stream.of(headers))
            .toArray(String[]::new);
    return answer(
        Product.VCLOUD, http.send(method, path, body.map(JsonObject::encode).orElse(""), all));
  }

  Answer vcdForm(String path, String form) {
    return answer(
        Product.VCLOUD,
        http.send(
            "POST",
            path,
            form,
            "Accept",
            VCD,
            "Content-Type",
            "application/x-www-form-urlencoded"));
  }

  Answer workspace(String method, String path, Optional<JsonObject> body, Optional<String> bearer) {
    var headers = new ArrayList<>(List.of("Content-Type", "application/json"));
    bearer.ifPresent(token -> headers.addAll(List.of("Authorization", "Bearer " + token)));
    return answer(
        Product.WORKSPACE,
        http.send(
            method,
            "/v1" + path,
            body.map(JsonObject::encode).orElse(""),
            headers.toArray(String[]::new)));
  }

  Answer influxSignIn(String name, String password) {
    return influx("POST", "/signin", Optional.empty(), "Authorization", Http.basic(name, password));
  }

  static String cookie(Answer signedIn) {
    return signedIn.header("Set-Cookie").orElseThrow().split(";", 2)[0];
  }

  Answer vcdSignIn(String name, String org, String password) {
    var path = org.equalsIgnoreCase(AuthorityModel.SYSTEM_NAME) ? "/provider" : "";
    return vcd(
        "POST",
        "/cloudapi/1.0.0/sessions" + path,
        Optional.empty(),
        Http.basic(name + "@" + org, password));
  }

  static String vcdToken(Answer signedIn) {
    return signedIn.header("X-VMWARE-VCLOUD-ACCESS-TOKEN").orElseThrow();
  }

  Answer workspaceSignIn(String email, String password) {
    var payload = new JsonObject().put("email", email).put("password", password);
    return workspace(
        "POST",
        "/auth/login",
        Optional.of(new JsonObject().put("provider", "traditional").put("payload", payload)),
        Optional.empty());
  }

  static String encoded(String text) {
    return URLEncoder.encode(text, UTF_8);
  }

  /** Returns VCD's id of a user or an organization: a UUID of version 8 with its 64 bits. */
  private static String urn(String type, String hex) {
    var id = Long.parseUnsignedLong(hex, 16);
    var high = (id & ~0xFFFFL) | 0x8000L | ((id >>> 4) & 0xFFFL);
    return "urn:vcloud:" + type + ":" + new UUID(high, 0x8000_0000_0000_0000L | (id & 0xFL));
  }

  static String urn(Person person) {
    return urn("user", person.id);
  }

  static String urn(Org org) {
    return org.kind == AuthorityModel.Kind.SYSTEM ? SYSTEM_URN : urn("org", org.id);
  }

  /** Returns the 64 bits in a user's URN. */
  static String idOf(String urn) {
    var uuid = UUID.fromString(urn.substring(urn.lastIndexOf(':') + 1));
    var high = uuid.getMostSignificantBits();
    var id = (high & ~0xFFFFL) | ((high & 0xFFFL) << 4) | (uuid.getLeastSignificantBits() & 0xFL);
    return "%016x".formatted(id);
  }

  /** Returns Workspace's id of a user: its creation time in seconds and its 64 bits. */
  static String objectId(Person person) {
    var second = Ids.time(Long.parseUnsignedLong(person.id, 16)).getEpochSecond();
    return "%08x%s".formatted(second, person.id);
  }

  static List<JsonObject> objects(JsonArray array) {
    return array.stream().map(JsonObject.class::cast).toList();
  }
}
