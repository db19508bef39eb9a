package dev.doppel.gateway;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;

/** An HTTP client of one gateway. */
public final class Http {

  private final URI base;
  private final Optional<String> controlToken;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  public Http(URI base) {
    this(base, Optional.empty());
  }

  /** Creates a client that sends a token with requests to the control plane without own headers. */
  public Http(URI base, String controlToken) {
    this(base, Optional.of(controlToken));
  }

  private Http(URI base, Optional<String> controlToken) {
    this.base = base;
    this.controlToken = controlToken;
  }

  /** Returns a value of {@code Authorization}. */
  public static String basic(String name, String password) {
    var pair = (name + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  /**
   * Sends a request and returns the response.
   *
   * @param headers names and values in turn
   */
  public HttpResponse<String> send(String method, String path, String body, String... headers) {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .timeout(Duration.ofSeconds(20))
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    if (headers.length > 0) {
      request.headers(headers);
    } else if (path.startsWith("/_doppel/")) {
      controlToken.ifPresent(token -> request.header("Authorization", "Bearer " + token));
    }
    try {
      return client.send(request.build(), BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer to " + method + " " + path, e);
    }
  }

  /**
   * Returns a response of the control plane: status, a space, and the body with its final line
   * feed.
   */
  public String control(String method, String path, String body) {
    var answer = send(method, "/_doppel/" + path, body);
    return answer.statusCode() + " " + answer.body();
  }
}
