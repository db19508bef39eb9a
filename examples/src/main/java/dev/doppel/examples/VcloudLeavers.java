package dev.doppel.examples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Disables accounts of people who have left an organization of VMware Cloud Director. */
public final class VcloudLeavers {

  private static final String JSON = "application/json;version=39.1";

  private final HttpClient http = HttpClient.newHttpClient();
  private final ObjectMapper json = new ObjectMapper();
  private final URI base;
  private final String bearer;

  private VcloudLeavers(URI base, String bearer) {
    this.base = base;
    this.bearer = bearer;
  }

  /**
   * Signs in.
   *
   * @param account {@code user@organization}
   * @throws IOException if the credentials are rejected
   */
  public static VcloudLeavers signIn(URI base, String account, String password)
      throws IOException, InterruptedException {
    var pair =
        Base64.getEncoder()
            .encodeToString((account + ":" + password).getBytes(StandardCharsets.UTF_8));
    var request =
        HttpRequest.newBuilder(URI.create(base + "/cloudapi/1.0.0/sessions"))
            .header("Authorization", "Basic " + pair)
            .header("Accept", JSON)
            .POST(BodyPublishers.noBody())
            .build();
    var answer = HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
    var token = answer.headers().firstValue("X-VMWARE-VCLOUD-ACCESS-TOKEN");
    return new VcloudLeavers(
        base,
        "Bearer " + token.orElseThrow(() -> new IOException("refused: " + answer.statusCode())));
  }

  /**
   * Disables an account.
   *
   * @throws IOException if there is no such account, or it can't be changed
   */
  public void disable(String userName) throws IOException, InterruptedException {
    var user = find(userName);
    user.put("enabled", false);
    var id = user.get("id").asText();
    var answer =
        send(
            request("/users/" + id)
                .header("Content-Type", JSON)
                .PUT(BodyPublishers.ofString(user.toString())));
    if (answer.statusCode() != 200) {
      throw new IOException(json.readTree(answer.body()).path("message").asText());
    }
  }

  private ObjectNode find(String userName) throws IOException, InterruptedException {
    var filter = URLEncoder.encode("username==" + userName, StandardCharsets.UTF_8);
    JsonNode page = json.readTree(send(request("/users?filter=" + filter).GET()).body());
    if (page.path("values").isEmpty()) {
      throw new IOException("no such user: " + userName);
    }
    var id = page.get("values").get(0).get("id").asText();
    return (ObjectNode) json.readTree(send(request("/users/" + id).GET()).body());
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(URI.create(base + "/cloudapi/1.0.0" + path))
        .header("Authorization", bearer)
        .header("Accept", JSON);
  }

  private HttpResponse<String> send(HttpRequest.Builder request)
      throws IOException, InterruptedException {
    return http.send(request.build(), BodyHandlers.ofString());
  }
}
