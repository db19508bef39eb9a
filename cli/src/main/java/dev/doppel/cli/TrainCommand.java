package dev.doppel.cli;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.Vendors;
import dev.doppel.dialect.Endpoint;
import dev.doppel.dialect.SampleRequest;
import dev.doppel.gateway.Gateway;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.RequestOptions;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import picocli.CommandLine.Command;

/**
 * {@code doppel train}: starts like {@code serve}, sends each dialect one request, and exits. The
 * launcher runs it so that the JVM can record the classes that a start needs, for faster starts.
 */
@Command(
    name = "train",
    description = "Starts, sends each dialect one request, and exits.",
    hidden = true)
final class TrainCommand implements Callable<Integer> {

  private static final long TIMEOUT_SECONDS = 30;

  @Override
  public Integer call() throws InterruptedException, ExecutionException, TimeoutException {
    var vertx = Vertx.vertx(ServeCommand.vertxOptions());
    var done = Promise.<Void>promise();
    Gateway.start(vertx, Main.serve("--port", "0").config())
        .onFailure(done::fail)
        .onSuccess(
            gateway -> {
              ServeCommand.announce(new PrintWriter(Writer.nullWriter()), gateway);
              sendSamples(vertx, gateway.port())
                  .onComplete(sent -> gateway.closeWithVertx().onComplete(done));
            });
    done.future().toCompletionStage().toCompletableFuture().get(TIMEOUT_SECONDS, TimeUnit.SECONDS);
    return 0;
  }

  private static Future<?> sendSamples(Vertx vertx, int port) {
    var client =
        vertx.createHttpClient(
            new HttpClientOptions().setDefaultHost("127.0.0.1").setDefaultPort(port));
    var endpoint =
        new Endpoint(
            "",
            Credentials.READY_USER,
            Credentials.READY_PASSWORD,
            Credentials.READY_TOKEN,
            DoppelConfig.DEFAULT.defaultOrganization());
    Future<?> sent = Future.succeededFuture();
    for (var vendor : Vendors.all()) {
      sent = sent.compose(done -> send(client, vendor.sampleRequest(endpoint)));
    }
    return sent.compose(
        done -> send(client, SampleRequest.get("/_doppel/operations", "Accept", "*/*")));
  }

  private static Future<?> send(HttpClient client, SampleRequest sample) {
    var options = new RequestOptions().setMethod(sample.method()).setURI(sample.path());
    sample.allHeaders().forEach(header -> options.putHeader(header.getKey(), header.getValue()));
    return client
        .request(options)
        .compose(
            request -> sample.body().isEmpty() ? request.send() : request.send(sample.body().get()))
        .compose(HttpClientResponse::body);
  }
}
