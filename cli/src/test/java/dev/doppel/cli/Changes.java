package dev.doppel.cli;

import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Creates, renames and deletes users over and over, remembers what was acknowledged, and says
 * afterwards what became of it.
 */
public final class Changes {

  private static final int WRITERS = 16;
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  /**
   * What is known of a user: what it is called, and what it may be called if a change that nobody
   * acknowledged was made nevertheless.
   *
   * @param name null for one who is deleted
   * @param doubtful null for deleted
   */
  private record Known(@Nullable String name, boolean inDoubt, @Nullable String doubtful) {
    static Known as(@Nullable String name) {
      return new Known(name, false, null);
    }

    boolean fits(@Nullable String found) {
      return Objects.equals(name, found) || (inDoubt && Objects.equals(doubtful, found));
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** By id. */
  private final Map<String, Known> users = new ConcurrentHashMap<>();

  /** Of users who may have been made without a word. */
  private final Set<String> namesInDoubt = ConcurrentHashMap.newKeySet();

  private final Map<Integer, Integer> refused = new ConcurrentHashMap<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean stopped;

  /** Begins to write; ends when the gateway is gone or {@link #stop} is called. */
  public ExecutorService begin(URI gateway, String prefix) {
    stopped = false;
    var threads = Executors.newFixedThreadPool(WRITERS);
    for (int writer = 0; writer < WRITERS; writer++) {
      var own = prefix + "-" + writer + "-";
      threads.execute(() -> write(gateway, own));
    }
    threads.shutdown();
    return threads;
  }

  public void stop() {
    stopped = true;
  }

  public static void awaitEnd(ExecutorService threads) throws InterruptedException {
    if (!threads.awaitTermination(2 * PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("writers that don't end");
    }
  }

  public int acknowledged() {
    return acknowledged.get();
  }

  /** Statuses of what was answered and not done, and how often. */
  public Map<Integer, Integer> refused() {
    return refused;
  }

  private void write(URI gateway, String prefix) {
    try {
      for (int n = 0; !stopped; n++) {
        var name = prefix + n;
        var id = create(gateway, name);
        if (id.isPresent() && n % 3 == 1) {
          rename(gateway, id.get(), name, name + "-renamed");
        } else if (id.isPresent() && n % 3 == 2) {
          delete(gateway, id.get(), name);
        }
      }
    } catch (IOException gone) {
      // what was under way is in doubt
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> create(URI gateway, String name)
      throws IOException, InterruptedException {
    namesInDoubt.add(name);
    var answer = send(gateway, "POST", "/api/v2/users", "{\"name\":\"" + name + "\"}");
    if (answer.statusCode() != 201) {
      refused.merge(answer.statusCode(), 1, Integer::sum);
      return Optional.empty();
    }
    var id = new JsonObject(answer.body()).getString("id");
    users.put(id, Known.as(name));
    namesInDoubt.remove(name);
    acknowledged.incrementAndGet();
    return Optional.of(id);
  }

  private void rename(URI gateway, String id, String name, String other)
      throws IOException, InterruptedException {
    users.put(id, new Known(name, true, other));
    var answer = send(gateway, "PATCH", "/api/v2/users/" + id, "{\"name\":\"" + other + "\"}");
    settle(id, other, answer.statusCode() == 200, answer.statusCode());
  }

  private void delete(URI gateway, String id, String name)
      throws IOException, InterruptedException {
    users.put(id, new Known(name, true, null));
    var answer = send(gateway, "DELETE", "/api/v2/users/" + id, "");
    settle(id, null, answer.statusCode() == 204, answer.statusCode());
  }

  private void settle(String id, @Nullable String after, boolean done, int status) {
    if (done) {
      users.put(id, Known.as(after));
      acknowledged.incrementAndGet();
    } else {
      refused.merge(status, 1, Integer::sum);
    }
  }

  private HttpResponse<String> send(URI gateway, String method, String path, String body)
      throws IOException, InterruptedException {
    var request =
        HttpRequest.newBuilder(gateway.resolve(path))
            .header(
                "Authorization",
                path.startsWith("/_doppel/")
                    ? "Bearer " + DoppelProcess.CONTROL_TOKEN
                    : "Token " + DoppelProcess.TOKEN)
            .timeout(PATIENCE)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /**
   * What is wrong in a gateway that was started again: changes that were acknowledged and are lost,
   * users nobody made, names that lead to another user than the list does. Empty if nothing is.
   *
   * @param prefix users of this name are looked up one by one, too
   */
  public List<String> wrongs(URI gateway, String prefix) throws IOException, InterruptedException {
    var wrongs = new ArrayList<String>();
    var listed = list(gateway);
    users.forEach(
        (id, known) -> {
          if (!known.fits(listed.get(id))) {
            wrongs.add(id + " should be " + known + " and is " + listed.get(id));
          }
        });
    var names = new HashSet<String>();
    for (var one : listed.entrySet()) {
      var name = one.getValue();
      if (!names.add(name)) {
        wrongs.add(name + " is listed twice");
      }
      var ours = users.containsKey(one.getKey()) || namesInDoubt.contains(name);
      if (!ours && !name.equals("root")) {
        wrongs.add(name + " was made by nobody");
      }
      if (name.startsWith(prefix)) {
        var found = send(gateway, "GET", "/api/v2/users?name=" + name, "");
        if (!found.body().contains("\"id\": \"" + one.getKey() + "\"")) {
          wrongs.add(name + " leads to " + found.statusCode() + " " + found.body());
        }
      }
    }
    settleDoubts(listed);
    return wrongs;
  }

  /** What is there now has to be there from now on. */
  private void settleDoubts(Map<String, String> listed) {
    users.replaceAll((id, known) -> Known.as(listed.get(id)));
    listed.forEach((id, name) -> users.putIfAbsent(id, Known.as(name)));
    namesInDoubt.clear();
  }

  private Map<String, String> list(URI gateway) throws IOException, InterruptedException {
    var all = new HashMap<String, String>();
    for (String next = "0000000000000001"; next != null; ) {
      var answer = send(gateway, "GET", "/_doppel/users?limit=500&after=" + next, "");
      var page = new JsonObject(answer.body());
      for (var item : page.getJsonArray("users")) {
        var user = (JsonObject) item;
        all.put(user.getString("id"), user.getString("name"));
      }
      next = page.getString("next");
    }
    return all;
  }
}
