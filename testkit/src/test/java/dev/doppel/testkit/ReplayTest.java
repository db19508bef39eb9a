package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.TestServer.Answer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ReplayTest {

  private static final String ID = "0123456789abcdef";
  private static final ExchangeSet NO_HEADERS = new ExchangeSet(List.of(), Map.of(), Set.of());

  private final List<String> requests = new ArrayList<>();

  private Replay.Result replay(String recording, Answer... answers) throws IOException {
    return answering(answers).replay(Recording.parse(recording));
  }

  private Replay answering(Answer... answers) {
    var left = new ArrayDeque<>(Arrays.asList(answers));
    return new Replay(
        (method, path, headers, body) -> {
          requests.add(
              method + " " + path + " " + headers + " " + new String(body, StandardCharsets.UTF_8));
          return left.remove();
        });
  }

  private static Answer ok(String body) {
    return new Answer(200, Map.of("date", "now"), body);
  }

  @Test
  void recording_passesOnWhatWasCaptured() throws IOException {
    var result =
        replay(
            """
            {"n":1,"label":"a","method":"POST","path":"/x","captureCookie":"c","capture":{"id":"list.0.id"}}
            {"n":2,"label":"b","method":"PUT","path":"/x/{$id}","headers":{"Cookie":"{$c}"},"body":"{$id}","expect":{"status":200,"headers":[],"body":"<id>"}}
            """,
            new Answer(
                201, Map.of("set-cookie", "k=v; Path=/"), "{\"list\":[{\"id\":\"" + ID + "\"}]}"),
            ok(ID));
    assertThat(requests).containsExactly("POST /x [] ", "PUT /x/" + ID + " [Cookie=k=v] " + ID);
    assertThat(result).isEqualTo(new Replay.Result(1, List.of()));
  }

  @Test
  void recording_comparesUpToIdsAndTimes() throws IOException {
    var line =
        """
        {"n":7,"label":"a","method":"GET","path":"/","expect":{"status":200,"headers":[["A","1"]],"body":"<id0> <id1> <id0> at <TIME> and <TIME>"}}
        """;
    var headers = Map.of("a", "1");
    var other = "fedcba9876543210";
    var time = " at 2026-03-04T05:06:07.8Z and 2026-03-04T05:06:08Z";
    var same = new Answer(200, headers, ID + " " + other + " " + ID + time);
    assertThat(replay(line, same).differences()).isEmpty();
    for (var different :
        List.of(
            new Answer(201, headers, same.body()),
            new Answer(200, Map.of("a", "2"), same.body()),
            new Answer(200, Map.of("a", "1", "b", "2"), same.body()),
            new Answer(200, headers, ID + " " + other + " " + other + time),
            new Answer(200, headers, ID + " " + other + " " + ID + " at noon"),
            new Answer(200, headers, same.body() + "\n"))) {
      assertThat(replay(line, different).differences())
          .extracting(Replay.Difference::title)
          .containsExactly("7 a");
    }
  }

  @Test
  void recording_sortsListsWithoutOrder() throws IOException {
    var line =
        """
        {"n":1,"label":"a","method":"GET","path":"/","unordered":"list","expect":{"status":200,"headers":[],"body":"{\\"list\\":[{\\"name\\":\\"a\\"},{\\"name\\":\\"b\\"}]}"}}
        """;
    assertThat(replay(line, ok("{\"list\":[{\"name\":\"b\"},{\"name\":\"a\"}]}")).differences())
        .isEmpty();
    assertThat(replay(line, ok("{\"list\":[{\"name\":\"b\"}]}")).differences()).hasSize(1);
  }

  @Test
  void recording_repeatsAndSendsBytes() throws IOException {
    replay(
        """
        {"n":1,"label":"a","method":"POST","path":"/","body":"{{repeat a 3}}"}
        {"n":2,"label":"b","method":"POST","path":"/","body":{"base64":"w6k="}}
        """,
        ok(""),
        ok(""));
    assertThat(requests).containsExactly("POST / [] aaa", "POST / [] \u00e9");
  }

  @Test
  void exchanges_takeIdsOfThisServer() {
    var dialogue =
        Exchange.parse(
            """
            # verified: own (a test)

            ### the first
            GET /a
            Authorization: Token our-token

            HTTP 200

            {"id": "1059cea664c01002", "key": "{{key}}", "at": "2026-03-04T05:06:07Z", "until": "2026-03-04T05:06:07Z"}

            ### the second
            GET /a/1059cea664c01002?key={{key}}

            HTTP 200

            it is 1059cea664c01002

            ### later
            # clock: +PT1H
            GET /a

            HTTP 200
            """);
    var result =
        answering(
                ok(
                    "{\"id\": \""
                        + ID
                        + "\", \"key\": \"k\", \"at\": \"2027-01-01T00:00:00.1Z\", \"until\": \"2027-01-01T00:00:01Z\"}"),
                ok("it is 1059cea664c01002"))
            .replay(dialogue, NO_HEADERS, Map.of("our-token", "theirs"));
    assertThat(requests)
        .containsExactly("GET /a [Authorization=Token theirs] ", "GET /a/" + ID + "?key=k [] ");
    assertThat(result.compared()).isEqualTo(2);
    assertThat(result.differences())
        .extracting(Replay.Difference::title)
        .containsExactly("the second");
  }
}
