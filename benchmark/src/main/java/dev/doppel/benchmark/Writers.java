package dev.doppel.benchmark;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Creates users as fast as possible during failures, and verifies afterwards that all acknowledged
 * users exist.
 *
 * <pre>
 *   Writers write  URL FILE SECONDS   writes the acknowledged ids and names to the file
 *   Writers verify URL FILE           prints how many of them are lost
 * </pre>
 */
public final class Writers {

  private static final int THREADS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final Pattern ID = Pattern.compile("\"id\": \"([0-9a-f]{16})\"");

  private final URI gateway;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(PATIENCE).build();
  private final List<String> acknowledged = Collections.synchronizedList(new ArrayList<>());
  private final Map<String, Integer> answers = Collections.synchronizedMap(new TreeMap<>());

  private Writers(URI gateway) {
    this.gateway = gateway;
  }

  public static void main(String[] args) throws IOException, InterruptedException {
    var writers = new Writers(URI.create(args[1]));
    var file = Path.of(args[2]);
    if (args[0].equals("write")) {
      writers.write(Duration.ofSeconds(Long.parseLong(args[3])));
      Files.write(file, writers.acknowledged);
    } else {
      writers.verify(Files.readAllLines(file));
    }
  }

  private HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(gateway.resolve(path))
        .timeout(PATIENCE)
        .header("Authorization", "Token operator");
  }

  private void write(Duration duration) throws InterruptedException {
    var until = System.nanoTime() + duration.toNanos();
    var threads = Executors.newFixedThreadPool(THREADS);
    for (int thread = 0; thread < THREADS; thread++) {
      var prefix = "writer-" + System.nanoTime() + "-" + thread + "-";
      threads.execute(
          () -> {
            for (int n = 0; System.nanoTime() < until; n++) {
              create(prefix + n);
            }
          });
    }
    threads.shutdown();
    if (!threads.awaitTermination(duration.toSeconds() + 60, TimeUnit.SECONDS)) {
      throw new IllegalStateException("writers that don't end");
    }
    var sent = answers.values().stream().mapToInt(Integer::intValue).sum();
    System.out.println("sent " + sent + ", answered " + answers);
  }

  private void create(String name) {
    try {
      var started = System.nanoTime();
      var answer =
          client.send(
              request("/api/v2/users")
                  .POST(BodyPublishers.ofString("{\"name\":\"" + name + "\"}"))
                  .build(),
              BodyHandlers.ofString());
      var late = System.nanoTime() - started > TimeUnit.SECONDS.toNanos(2);
      count(answer.statusCode() + (late ? " after 2 s" : ""));
      if (answer.statusCode() == 201) {
        acknowledged.add(id(answer) + " " + name);
      } else {
        Thread.sleep(PAUSE.toMillis());
      }
    } catch (IOException broken) {
      count(broken.getClass().getSimpleName());
      pause();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void count(String answer) {
    answers.merge(answer, 1, Integer::sum);
  }

  private static String id(HttpResponse<String> answer) {
    var matcher = ID.matcher(answer.body());
    if (!matcher.find()) {
      throw new IllegalStateException("a user without an id: " + answer.body());
    }
    return matcher.group(1);
  }

  private void verify(List<String> known) throws IOException, InterruptedException {
    var lost = 0;
    for (var line : known) {
      var user = line.split(" ", 2);
      var byId = client.send(request("/api/v2/users/" + user[0]).build(), BodyHandlers.ofString());
      var byName =
          client.send(request("/api/v2/users?name=" + user[1]).build(), BodyHandlers.ofString());
      if (!byId.body().contains(user[1]) || !byName.body().contains(user[0])) {
        lost++;
      }
    }
    System.out.println("acknowledged " + known.size() + ", lost " + lost);
  }
}
