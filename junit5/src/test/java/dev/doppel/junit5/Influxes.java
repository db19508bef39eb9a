package dev.doppel.junit5;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;

/** A minimal client of InfluxDB. */
final class Influxes {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private Influxes() {}

  /** Creates a user, and returns the status of the response. */
  static int create(URI base, String name) {
    return send(HttpRequest.newBuilder(URI.create(base + "/api/v2/users"))
            .header("Authorization", "Token doppel-operator-token")
            .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
            .build())
        .statusCode();
  }

  /** Returns the version of InfluxDB. */
  static String version(URI base) {
    return send(HttpRequest.newBuilder(URI.create(base + "/ping")).build())
        .headers()
        .firstValue("X-Influxdb-Version")
        .orElseThrow();
  }

  private static HttpResponse<String> send(HttpRequest request) {
    try {
      return CLIENT.send(request, BodyHandlers.ofString());
    } catch (IOException | InterruptedException e) {
      throw new AssertionError("no answer", e);
    }
  }
}
