package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A page that a developer happens to look at must not drive the gateway on the same machine. */
class ControlGuardTest {

  private static final String NOT_LOOPBACK =
      "403 {\"error\":\"without a control token this is for loopback names alone\"}\n";
  private static final String OTHER_ORIGIN =
      "403 {\"error\":\"not for pages of another origin\"}\n";
  private static final String UP = "200 {\"status\":\"up\"}\n";

  /** Status, a space, and the body. */
  private static String ask(Doppel doppel, String host, String... headers) {
    try (var socket = new Socket("127.0.0.1", doppel.uri().getPort())) {
      socket.setSoTimeout(10_000);
      var request = new StringBuilder("GET /_doppel/health HTTP/1.1\r\nConnection: close\r\n");
      request.append("Host: ").append(host.replace("PORT", "" + doppel.uri().getPort()));
      for (var header : headers) {
        request.append("\r\n").append(header.replace("PORT", "" + doppel.uri().getPort()));
      }
      socket.getOutputStream().write((request + "\r\n\r\n").getBytes(StandardCharsets.UTF_8));
      var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return answer.substring(9, 12) + " " + answer.substring(answer.indexOf("\r\n\r\n") + 4);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"127.0.0.1:PORT", "localhost:PORT", "LOCALHOST", "[::1]:PORT", "127.9.9.9"})
  void loopbackNames_areAnswered(String host) {
    try (var doppel = Doppel.start()) {
      assertThat(ask(doppel, host)).isEqualTo(UP);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"evil.example", "evil.example:PORT", "127.0.0.1.evil.example", "localhost.evil"})
  void namesThatAnybodyCanHave_areNot(String host) {
    try (var doppel = Doppel.start()) {
      assertThat(ask(doppel, host)).isEqualTo(NOT_LOOPBACK);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://evil.example", "http://localhost:1", "https://127.0.0.1:PORT", "null", ""})
  void pagesOfOtherOrigins_areNot(String origin) {
    try (var doppel = Doppel.start()) {
      assertThat(ask(doppel, "127.0.0.1:PORT", "Origin: " + origin)).isEqualTo(OTHER_ORIGIN);
    }
  }

  @Test
  void nameThatCantBeRead_isRefused() {
    try (var doppel = Doppel.start()) {
      assertThat(ask(doppel, "evil.example:x"))
          .isEqualTo("400 {\"error\":\"not a request as we take it\"}\n");
    }
  }

  @Test
  void ownPages_areAnswered() {
    try (var doppel = Doppel.start()) {
      assertThat(ask(doppel, "127.0.0.1:PORT", "Origin: http://127.0.0.1:PORT")).isEqualTo(UP);
      assertThat(ask(doppel, "localhost:PORT", "Origin: http://localhost:PORT")).isEqualTo(UP);
    }
  }

  @Test
  void realms_areGuardedAsWell() {
    try (var doppel = Doppel.start()) {
      var opened = new Http(doppel.uri()).control("POST", "realms", "{\"name\":\"guarded\"}");
      assertThat(opened).startsWith("200 ");
      assertThat(ask(doppel, "guarded.localhost:PORT")).isEqualTo(UP);
      assertThat(ask(doppel, "guarded.localhost:PORT", "Origin: http://evil.example"))
          .isEqualTo(OTHER_ORIGIN);
    }
  }

  /** No page can show it. */
  @Test
  void token_opensToEveryName() {
    var config = GatewayConfig.DEFAULT.but().controlToken("a-token").build().onPort(0);
    try (var doppel = Doppel.start(config)) {
      assertThat(ask(doppel, "doppel.example", "Authorization: Bearer a-token")).isEqualTo(UP);
      assertThat(ask(doppel, "doppel.example"))
          .isEqualTo("401 {\"error\":\"the control token is wanted as a bearer token\"}\n");
    }
  }
}
