package dev.doppel.gateway;

import dev.doppel.gateway.GatewayConfig.Credentials;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/**
 * {@code doppel train}: starts as {@code serve} does, has each dialect answer once, and ends. The
 * launcher runs it to have the JVM note which classes that takes, for a faster start.
 */
@Command(
    name = "train",
    description = "Starts, answers once in each dialect, and ends.",
    hidden = true)
final class TrainCommand implements Callable<Integer> {

  private static final long SECONDS = 30;

  @Override
  public Integer call() throws InterruptedException, ExecutionException, TimeoutException {
    var vertx = Vertx.vertx(ServeCommand.vertxOptions());
    var done = Promise.<Void>promise();
    Gateway.start(vertx, Main.serve("--port", "0").config())
        .onFailure(done::fail)
        .onSuccess(
            gateway -> {
              ServeCommand.announce(new PrintWriter(Writer.nullWriter()), gateway);
              askAll(vertx, gateway.port())
                  .onComplete(asked -> gateway.closeWithVertx().onComplete(done));
            });
    done.future().toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    return 0;
  }

  private static Future<?> askAll(Vertx vertx, int port) {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    var token = Credentials.READY_TOKEN;
    var pair = Credentials.READY_USER + ":" + Credentials.READY_PASSWORD;
    var provider =
        (Credentials.READY_USER + "@System:" + Credentials.READY_PASSWORD)
            .getBytes(StandardCharsets.UTF_8);
    return ask(client, HttpMethod.GET, "/api/v2/me", "Token " + token, "")
        .compose(
            next ->
                ask(
                    client,
                    HttpMethod.POST,
                    "/v2/vectordb/users/create",
                    "Bearer " + pair,
                    "{\"userName\":\"trainee\",\"password\":\"P@ssw0rd1\"}"))
        .compose(
            next ->
                ask(
                    client,
                    HttpMethod.POST,
                    "/cloudapi/1.0.0/sessions/provider",
                    "Basic " + Base64.getEncoder().encodeToString(provider),
                    ""))
        .compose(next -> ask(client, HttpMethod.GET, "/v1/users/profile", "Bearer " + token, ""))
        .compose(next -> ask(client, HttpMethod.GET, "/_doppel/operations", "", ""));
  }

  private static Future<?> ask(
      HttpClient client, HttpMethod method, String path, String authorization, String body) {
    var options = new RequestOptions().setMethod(method).setURI(path);
    Map.of("Authorization", authorization, "Accept", "application/json;version=39.1")
        .forEach(options::putHeader);
    return client
        .request(options)
        .compose(request -> body.isEmpty() ? request.send() : request.send(body))
        .compose(HttpClientResponse::body);
  }
}
