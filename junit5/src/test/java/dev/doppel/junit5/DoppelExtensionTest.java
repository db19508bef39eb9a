package dev.doppel.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.Doppel;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(DoppelExtension.class)
class DoppelExtensionTest {

  /** Succeeds twice only if the state goes back in between. */
  @RepeatedTest(2)
  void everyTestStartsFromTheSameState(Doppel doppel) throws IOException, InterruptedException {
    var created = create(doppel, "alice");
    assertThat(created.statusCode()).isEqualTo(201);
    assertThat(create(doppel, "alice").statusCode()).isEqualTo(422);
  }

  private static HttpResponse<String> create(Doppel doppel, String name)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(doppel.uri().resolve("/api/v2/users"))
            .header("Authorization", "Token doppel-operator-token")
            .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }
}
