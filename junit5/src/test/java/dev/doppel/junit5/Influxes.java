package dev.doppel.junit5;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;

/** A minimal client of InfluxDB that creates users. */
final class Influxes {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Influxes() {}

  /** Creates a user, and returns the status of the response. */
  static int create(URI base, String name) {
    var request =
        HttpRequest.newBuilder(URI.create(base + "/api/v2/users"))
            .header("Authorization", "Token doppel-operator-token")
            .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
            .build();
    try {
      return CLIENT.send(request, BodyHandlers.ofString()).statusCode();
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }
}
