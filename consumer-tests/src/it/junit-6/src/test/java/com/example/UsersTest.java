package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.doppel.Doppel;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.junit5.BaseUrl;
import dev.doppel.junit5.DoppelExtension;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class UsersTest {

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void createdUser_isListed(@BaseUrl URI uri, Doppel doppel) throws Exception {
    var created =
        send(
            HttpRequest.newBuilder(uri.resolve("/api/v2/users"))
                .POST(BodyPublishers.ofString("{\"name\":\"ann\"}")));
    assertEquals(201, created.statusCode(), created.body());
    var listed = send(HttpRequest.newBuilder(uri.resolve("/api/v2/users")));
    assertTrue(listed.body().contains("\"ann\""), listed.body());
    doppel.calls(InfluxOperation.POST_USERS).withUser("ann").once();
  }

  private HttpResponse<String> send(HttpRequest.Builder request) throws Exception {
    return http.send(
        request.header("Authorization", "Token doppel-operator-token").build(),
        BodyHandlers.ofString());
  }
}
