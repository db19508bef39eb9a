package com.example;

import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Shows the users of an InfluxDB. */
@SpringBootApplication
@RestController
public class Application {

  private final RestClient influx;

  Application(@Value("${influx.url}") String url, @Value("${influx.token}") String token) {
    influx =
        RestClient.builder()
            .baseUrl(url)
            .defaultHeader("Authorization", "Token " + token)
            .build();
  }

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @GetMapping("/team")
  String team() {
    return influx.get().uri("/api/v2/users").retrieve().body(String.class);
  }
}
