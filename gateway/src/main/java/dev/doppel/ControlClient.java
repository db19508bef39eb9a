package dev.doppel;

import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * A client of the control plane of one realm. Methods throw {@link BadRequestException} for a 400,
 * and {@link IllegalStateException} with the URL if there is no answer or it isn't Doppel's.
 * Thread-safe.
 */
final class ControlClient {

  static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration TIMEOUT = Duration.ofSeconds(RealmAccess.TIMEOUT_SECONDS);

  /** An error response, with its status and message. */
  static final class RefusedException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    private final int status;
    private final List<String> lines;

    RefusedException(URI base, int status, List<String> lines) {
      super(base + ": " + status + ": " + String.join("; ", lines));
      this.status = status;
      this.lines = List.copyOf(lines);
    }

    int status() {
      return status;
    }

    List<String> lines() {
      return lines;
    }
  }

  private final HttpClient http;
  private final URI base;
  private final Optional<String> token;

  private ControlClient(HttpClient http, URI base, Optional<String> token) {
    this.http = http;
    this.base = base;
    this.token = token;
  }

  /**
   * @param base URL of a control plane, without a slash at the end
   */
  ControlClient(URI base, ConnectOptions options) {
    this(client(options), base, options.controlToken());
  }

  private static HttpClient client(ConnectOptions options) {
    var builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(CONNECT_TIMEOUT)
            .followRedirects(HttpClient.Redirect.NEVER);
    options.tls().ifPresent(builder::sslContext);
    return builder.build();
  }

  /** Returns a client of another control plane of the same Doppel. */
  ControlClient at(URI other) {
    return new ControlClient(http, other, token);
  }

  URI base() {
    return base;
  }

  JsonObject get(String path) {
    return send("GET", path, "");
  }

  JsonObject post(String path, String body) {
    return send("POST", path, body);
  }

  JsonObject delete(String path) {
    return send("DELETE", path, "");
  }

  private JsonObject send(String method, String path, String body) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(TIMEOUT)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    token.ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
    return read(answer(request.build()));
  }

  /** The timeout of a request ends with the headers of its response; this one, with the body. */
  private HttpResponse<String> answer(HttpRequest request) {
    var answer = http.sendAsync(request, BodyHandlers.ofString());
    try {
      return answer.get(TIMEOUT.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (TimeoutException e) {
      answer.cancel(true);
      throw notInTime(e);
    } catch (ExecutionException e) {
      throw failure(e.getCause());
    }
  }

  private IllegalStateException notInTime(Exception cause) {
    return new IllegalStateException(base + ": no response in time", cause);
  }

  private RuntimeException failure(@Nullable Throwable cause) {
    if (cause instanceof HttpTimeoutException late) {
      return notInTime(late);
    }
    var line =
        cause instanceof ConnectException
            ? "nothing listens there; start Doppel, or use its port"
            : cause instanceof SSLException
                ? "TLS fails; set trusted certificates with ConnectOptions.withTls"
                : "no HTTP response, so no Doppel";
    return new IllegalStateException(base + ": " + line, cause);
  }

  private JsonObject read(HttpResponse<String> answer) {
    var json = json(answer);
    if (answer.statusCode() == 200) {
      return json;
    }
    if (!(json.getValue("error") instanceof String line)) {
      throw notDoppel(answer.statusCode());
    }
    var lines =
        json.getValue("errors") instanceof JsonArray several
            ? several.stream().map(String::valueOf).toList()
            : List.of(line);
    switch (answer.statusCode()) {
      case 400 -> throw new BadRequestException(lines);
      case 401 ->
          throw new RefusedException(
              base,
              401,
              List.of(
                  token.isEmpty()
                      ? "the control token is missing; use ConnectOptions.withControlToken"
                      : "the control token is wrong"));
      default -> throw new RefusedException(base, answer.statusCode(), lines);
    }
  }

  private JsonObject json(HttpResponse<String> answer) {
    try {
      return new JsonObject(answer.body());
    } catch (DecodeException notJson) {
      throw notDoppel(answer.statusCode());
    }
  }

  IllegalStateException notDoppel(int status) {
    return new IllegalStateException(
        "%s: another server than Doppel responds (status %d)".formatted(base, status));
  }
}
