package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.doppel.Doppel;
import dev.doppel.junit5.DoppelExtension;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class UsersTest {

  @Test
  void doppelAndTests_areNamedModules() {
    assertEquals("dev.doppel.junit5", Doppel.class.getModule().getName());
    assertEquals("com.example.fixtures", getClass().getModule().getName());
  }

  @Test
  void seededUser_isListed(Doppel doppel) throws Exception {
    Users.createAnn(doppel);
    var listed =
        HttpClient.newHttpClient()
            .send(
                HttpRequest.newBuilder(doppel.uri().resolve("/api/v2/users"))
                    .header("Authorization", "Token doppel-operator-token")
                    .build(),
                BodyHandlers.ofString());
    assertTrue(listed.body().contains("\"ann\""), listed.body());
  }
}
