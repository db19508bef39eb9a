package dev.doppel.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Map;

/** A session with Applivery Workspace that renews itself. */
public final class WorkspaceSession {

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final URI base;
  private String access = "";
  private String refresh = "";

  public WorkspaceSession(URI base) {
    this.base = base;
  }

  /**
   * Signs in.
   *
   * @throws IOException with the vendor's message if the credentials are rejected
   */
  public void signIn(String email, String password) throws IOException, InterruptedException {
    var body =
        Map.of("provider", "traditional", "payload", Map.of("email", email, "password", password));
    setTokens(data(post("/v1/auth/login", body)));
  }

  private void setTokens(JsonNode data) {
    access = data.get("accessToken").get("token").asText();
    refresh = data.get("refreshToken").get("token").asText();
  }

  /** Returns the signed-in user's e-mail address. Renews the session if it has expired. */
  public String email() throws IOException, InterruptedException {
    var answer = profile();
    if (answer.statusCode() == 401) {
      setTokens(
          data(
              post(
                  "/v1/auth/refresh", Map.of("lastAccessToken", access, "refreshToken", refresh))));
      answer = profile();
    }
    return data(answer).get("email").asText();
  }

  private HttpResponse<String> profile() throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + "/v1/users/profile"))
            .header("Authorization", "Bearer " + access);
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> post(String path, Map<String, ?> body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(BodyPublishers.ofString(json.writeValueAsString(body)));
    return http.send(request.build(), BodyHandlers.ofString());
  }

  private JsonNode data(HttpResponse<String> answer) throws IOException {
    var body = json.readTree(answer.body());
    if (!body.path("status").asBoolean()) {
      throw new IOException(body.path("error").path("message").asText());
    }
    return body.get("data");
  }
}
