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
 * Clients that create, rename and delete users until they are stopped, record the acknowledged
 * changes, and verify them afterwards.
 */
public final class Changes {

  private static final int WRITERS = 16;
  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  /**
   * The expected state of a user.
   *
   * @param name acknowledged name; null if the user was deleted
   * @param pending whether a change was sent and not acknowledged, and so may have been made
   * @param pendingName the name after that change; null if it deletes the user
   */
  private record Expected(@Nullable String name, boolean pending, @Nullable String pendingName) {
    static Expected of(@Nullable String name) {
      return new Expected(name, false, null);
    }

    boolean matches(@Nullable String found) {
      return Objects.equals(name, found) || (pending && Objects.equals(pendingName, found));
    }
  }

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** Users by id. */
  private final Map<String, Expected> users = new ConcurrentHashMap<>();

  /** Names of users whose creation was sent and not acknowledged. */
  private final Set<String> pendingNames = ConcurrentHashMap.newKeySet();

  private final Map<Integer, Integer> rejections = new ConcurrentHashMap<>();
  private final AtomicInteger acknowledged = new AtomicInteger();
  private volatile boolean stopped;

  /** Starts the clients, which end when the gateway is gone or {@link #stop} is called. */
  public ExecutorService start(URI gateway, String prefix) {
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
    if (!threads.awaitTermination(2 * TIMEOUT.toSeconds(), TimeUnit.SECONDS)) {
      throw new AssertionError("the writers don't end");
    }
  }

  public int acknowledged() {
    return acknowledged.get();
  }

  /** Returns the number of rejected changes by status. */
  public Map<Integer, Integer> rejections() {
    return rejections;
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
      // the last change remains pending
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Optional<String> create(URI gateway, String name)
      throws IOException, InterruptedException {
    pendingNames.add(name);
    var answer = send(gateway, "POST", "/api/v2/users", "{\"name\":\"" + name + "\"}");
    if (answer.statusCode() != 201) {
      rejections.merge(answer.statusCode(), 1, Integer::sum);
      return Optional.empty();
    }
    var id = new JsonObject(answer.body()).getString("id");
    users.put(id, Expected.of(name));
    pendingNames.remove(name);
    acknowledged.incrementAndGet();
    return Optional.of(id);
  }

  private void rename(URI gateway, String id, String name, String other)
      throws IOException, InterruptedException {
    users.put(id, new Expected(name, true, other));
    var answer = send(gateway, "PATCH", "/api/v2/users/" + id, "{\"name\":\"" + other + "\"}");
    settle(id, other, answer.statusCode() == 200, answer.statusCode());
  }

  private void delete(URI gateway, String id, String name)
      throws IOException, InterruptedException {
    users.put(id, new Expected(name, true, null));
    var answer = send(gateway, "DELETE", "/api/v2/users/" + id, "");
    settle(id, null, answer.statusCode() == 204, answer.statusCode());
  }

  private void settle(String id, @Nullable String after, boolean done, int status) {
    if (done) {
      users.put(id, Expected.of(after));
      acknowledged.incrementAndGet();
    } else {
      rejections.merge(status, 1, Integer::sum);
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
            .timeout(TIMEOUT)
            .method(
                method, body.isEmpty() ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
    return client.send(request.build(), BodyHandlers.ofString());
  }

  /**
   * Returns the problems in a restarted gateway: lost changes that were acknowledged, users that no
   * client created, and names that find another user than the list does.
   *
   * @param prefix users whose names start with it are also looked up by name
   */
  public List<String> problems(URI gateway, String prefix)
      throws IOException, InterruptedException {
    var problems = new ArrayList<String>();
    var listed = list(gateway);
    users.forEach(
        (id, expected) -> {
          if (!expected.matches(listed.get(id))) {
            problems.add(id + " should be " + expected + " and is " + listed.get(id));
          }
        });
    var names = new HashSet<String>();
    for (var one : listed.entrySet()) {
      var name = one.getValue();
      if (!names.add(name)) {
        problems.add(name + " is listed twice");
      }
      var ours = users.containsKey(one.getKey()) || pendingNames.contains(name);
      if (!ours && !name.equals("root")) {
        problems.add(name + " was created by no client");
      }
      if (name.startsWith(prefix)) {
        var found = send(gateway, "GET", "/api/v2/users?name=" + name, "");
        if (!found.body().contains("\"id\": \"" + one.getKey() + "\"")) {
          problems.add(name + " leads to " + found.statusCode() + " " + found.body());
        }
      }
    }
    settlePending(listed);
    return problems;
  }

  /** Expects the state that was found from now on. */
  private void settlePending(Map<String, String> listed) {
    users.replaceAll((id, expected) -> Expected.of(listed.get(id)));
    listed.forEach((id, name) -> users.putIfAbsent(id, Expected.of(name)));
    pendingNames.clear();
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
