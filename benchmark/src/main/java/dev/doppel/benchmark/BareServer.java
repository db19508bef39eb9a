package dev.doppel.benchmark;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A minimal Vert.x server: it reads each request completely and writes a prepared response with the
 * same headers that Doppel sends.
 *
 * <pre>BareServer PORT ANSWER...</pre>
 *
 * <p>An answer is a file with the request's path, header lines, an empty line, and the body.
 */
public final class BareServer {

  private record Answer(List<Map.Entry<String, String>> headers, Buffer body) {}

  private BareServer() {}

  public static void main(String[] args) throws IOException {
    var answers = new HashMap<String, Answer>();
    for (int i = 1; i < args.length; i++) {
      read(Path.of(args[i]), answers);
    }
    var port = Integer.parseInt(args[0]);
    var vertx = Vertx.vertx(new VertxOptions().setPreferNativeTransport(false));
    var loops = Math.max(2, Runtime.getRuntime().availableProcessors());
    vertx
        .deployVerticle(
            () -> context -> listen(vertx, port, answers),
            new DeploymentOptions().setInstances(loops))
        .onSuccess(deployed -> System.out.println("bare ready on http://127.0.0.1:" + port))
        .onFailure(
            failed -> {
              System.err.println(failed.getMessage());
              System.exit(1);
            });
  }

  private static Future<?> listen(Vertx vertx, int port, Map<String, Answer> answers) {
    return vertx
        .createHttpServer(options())
        .requestHandler(request -> request.endHandler(end -> answer(request, answers)))
        .listen(port, "127.0.0.1");
  }

  /** Returns Doppel's options that affect performance. */
  private static HttpServerOptions options() {
    return new HttpServerOptions()
        .setTcpNoDelay(true)
        .setPerFrameWebSocketCompressionSupported(false)
        .setPerMessageWebSocketCompressionSupported(false);
  }

  private static void answer(HttpServerRequest request, Map<String, Answer> answers) {
    var answer = answers.get(request.path());
    if (answer == null) {
      request.response().setStatusCode(404).end();
      return;
    }
    var headers = request.response().headers();
    answer.headers().forEach(header -> headers.add(header.getKey(), header.getValue()));
    request.response().end(answer.body());
  }

  private static void read(Path file, Map<String, Answer> answers) throws IOException {
    var text = Files.readString(file, StandardCharsets.ISO_8859_1);
    var end = text.indexOf("\n\n");
    var lines = text.substring(0, end).split("\n", -1);
    var headers = new ArrayList<Map.Entry<String, String>>();
    for (int i = 1; i < lines.length; i++) {
      var colon = lines[i].indexOf(':');
      headers.add(Map.entry(lines[i].substring(0, colon), lines[i].substring(colon + 1).strip()));
    }
    var body = Buffer.buffer(text.substring(end + 2).getBytes(StandardCharsets.ISO_8859_1));
    answers.put(lines[0], new Answer(headers, body));
  }
}
