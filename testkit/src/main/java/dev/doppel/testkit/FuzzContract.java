package dev.doppel.testkit;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.store.MvStorage;
import dev.doppel.users.Storage.Snapshot;
import io.vertx.core.Vertx;
import java.nio.charset.StandardCharsets;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tuple;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/**
 * Specifies that every request gets a response in the vendor's format, in either fidelity: random
 * operations, ids, parameters, credentials and bodies, made of the vendor's terms and of noise.
 *
 * <p>A build sends a few thousand requests. {@code -Djqwik.tries.default=1000000
 * -Dtest='*FuzzTest'} sends a million. The report of a failure contains its seed.
 */
public abstract class FuzzContract {

  /** A request to a dialect in one of its fidelities. */
  public record Request(
      Fidelity fidelity,
      String method,
      String path,
      List<Map.Entry<String, String>> headers,
      String body) {}

  /** Later requests find the results of earlier ones, until the realm is reset. */
  private static final int REQUESTS_BETWEEN_RESETS = 2_000;

  private static final List<String> METHODS =
      List.of("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "BREW");

  /** Placeholder of the headers of the administrator, which are known when a request is sent. */
  private static final List<Map.Entry<String, String>> ADMINISTRATOR =
      List.of(Map.entry("Authorization", "the administrator's"));

  private final class Target {
    final TestRealm realm;
    final Dialect dialect;
    final TestServer server;
    final Snapshot start;
    List<Map.Entry<String, String>> administrator;

    Target(Fidelity fidelity) {
      realm = TestRealm.over(vertx, MvStorage.inMemory());
      dialect = contract.dialect(realm.realm(), fidelity);
      server = new TestServer(vertx, dialect);
      start = Await.await(realm.realm().storage().snapshot());
      administrator = administrator(server);
    }

    TestServer.Answer send(Request request) {
      var signedIn = request.headers.equals(ADMINISTRATOR);
      var answer =
          server.send(
              request.method,
              request.path,
              signedIn ? administrator : request.headers,
              request.body);
      if (signedIn && answer.status() == 401) {
        reset(); // an earlier request has ended the administrator's session
      }
      return answer;
    }

    void reset() {
      Await.await(realm.realm().storage().restore(start));
      administrator = administrator(server);
    }

    void close() {
      server.close();
      realm.close();
    }
  }

  @SuppressWarnings("NullAway.Init") // set before every property
  private DialectContract contract;

  @SuppressWarnings("NullAway.Init")
  private Vertx vertx;

  private final Map<Fidelity, Target> targets = new EnumMap<>(Fidelity.class);
  private int requests;

  /** Creates the contract of the dialect, which checks the answers. */
  protected abstract DialectContract contract();

  /** Returns names of JSON members and query parameters. */
  protected abstract List<String> names();

  /** Returns meaningful values: ids, names, passwords, terms of the vendor. */
  protected abstract List<String> values();

  /** Returns the headers of a request that is authorized for everything; signs in if necessary. */
  protected List<Map.Entry<String, String>> administrator(TestServer server) {
    return contract.administrator();
  }

  @BeforeProperty
  void start() {
    contract = contract();
    vertx = contract.vertx();
    contract.setForeignLocale();
    for (var fidelity : Fidelity.values()) {
      targets.put(fidelity, new Target(fidelity));
    }
  }

  @AfterProperty
  void stop() {
    targets.values().forEach(Target::close);
    contract.restoreLocale();
  }

  @Property(edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.BOUNDED)
  void everyRequest_getsVendorResponse(@ForAll("randomRequests") Request request) {
    if (++requests % REQUESTS_BETWEEN_RESETS == 0) {
      targets.values().forEach(Target::reset);
    }
    contract.assertVendorResponse(request.toString(), target(request.fidelity).send(request));
  }

  private Target target(Fidelity fidelity) {
    return Objects.requireNonNull(targets.get(fidelity));
  }

  @Provide
  Arbitrary<Request> randomRequests() {
    var operations = Arbitraries.of(target(Fidelity.DOCUMENTED).dialect.operations());
    return Combinators.combine(
            Arbitraries.of(Fidelity.values()),
            operations.flatMap(this::paths),
            queries(),
            headers(),
            bodies())
        .as(
            (fidelity, path, query, headers, body) ->
                new Request(fidelity, path.get1(), path.get2() + query, headers, body));
  }

  private Arbitrary<Tuple.Tuple2<String, String>> paths(Operation operation) {
    var method =
        Arbitraries.frequencyOf(
            Tuple.of(30, Arbitraries.just(operation.method().name())),
            Tuple.of(1, Arbitraries.of(METHODS)));
    var tail =
        Arbitraries.frequency(
            Tuple.of(20, ""), Tuple.of(1, "/"), Tuple.of(1, "//"), Tuple.of(1, "/x"));
    return Combinators.combine(method, segments().list().ofSize(2), tail)
        .as((name, ids, end) -> Tuple.of(name, fillParameters(operation.path(), ids) + end));
  }

  private static String fillParameters(String path, List<String> ids) {
    var filled = path;
    for (var id : ids) {
      filled = filled.replaceFirst(":[A-Za-z]+", Matcher.quoteReplacement(id));
    }
    return filled;
  }

  private Arbitrary<String> segments() {
    return Arbitraries.frequencyOf(
        Tuple.of(6, Arbitraries.of(values()).map(FuzzContract::percentEncode)),
        Tuple.of(1, Arbitraries.strings().withChars("0123456789abcdef").ofLength(16)),
        Tuple.of(2, texts().map(FuzzContract::percentEncode)),
        Tuple.of(1, Arbitraries.of("%00", "%25zz", "%ff%fe", "..", ".", "%2f", "-", "~", "$ref")));
  }

  /** Percent-encodes the UTF-8 of a text, so that it is a legal part of a URI. */
  private static String percentEncode(String text) {
    var encoded = new StringBuilder();
    for (var b : text.getBytes(StandardCharsets.UTF_8)) {
      if ((b >= 'a' && b <= 'z') || (b >= '0' && b <= '9')) {
        encoded.append((char) b);
      } else {
        encoded.append("%%%02x".formatted(b & 0xff));
      }
    }
    return encoded.toString();
  }

  private Arbitrary<String> queries() {
    var parameter =
        Combinators.combine(
                Arbitraries.frequencyOf(Tuple.of(5, Arbitraries.of(names())), Tuple.of(1, texts())),
                Arbitraries.frequencyOf(
                    Tuple.of(3, Arbitraries.of(values())),
                    Tuple.of(1, texts()),
                    Tuple.of(1, Arbitraries.integers().map(Object::toString))))
            .as((name, value) -> percentEncode(name) + "=" + percentEncode(value));
    return Arbitraries.frequencyOf(
        Tuple.of(3, Arbitraries.just("")),
        Tuple.of(
            2,
            parameter
                .list()
                .ofMinSize(1)
                .ofMaxSize(3)
                .map(parameters -> "?" + String.join("&", parameters))));
  }

  private Arbitrary<List<Map.Entry<String, String>>> headers() {
    var printable = Arbitraries.strings().withCharRange(' ', '~').ofMaxLength(40);
    return Arbitraries.frequencyOf(
        Tuple.of(10, Arbitraries.just(ADMINISTRATOR)),
        Tuple.of(1, Arbitraries.just(List.of())),
        Tuple.of(1, Arbitraries.of(contract.oddCredentials())),
        Tuple.of(
            2,
            Combinators.combine(
                    Arbitraries.of("Authorization", "Cookie", "Accept", "Content-Type", "Origin"),
                    printable)
                .as((name, value) -> List.of(Map.entry(name, value)))));
  }

  private Arbitrary<String> bodies() {
    var json = objects(3).map(Json::encode);
    return Arbitraries.frequencyOf(
        Tuple.of(6, json),
        Tuple.of(
            2,
            Combinators.combine(json, Arbitraries.integers(), Arbitraries.chars().ascii())
                .as(FuzzContract::replaceCharacter)),
        Tuple.of(1, json.map(text -> text.substring(0, text.length() / 2))),
        Tuple.of(1, texts()),
        Tuple.of(1, Arbitraries.just("")));
  }

  private static String replaceCharacter(String text, int at, char c) {
    var changed = new StringBuilder(text);
    changed.setCharAt(Math.floorMod(at, text.length()), c);
    return changed.toString();
  }

  private Arbitrary<Object> json(int depth) {
    var leaves =
        Arbitraries.<Object>frequencyOf(
            Tuple.of(8, Arbitraries.of(values())),
            Tuple.of(2, texts()),
            Tuple.of(1, Arbitraries.of(true, false)),
            Tuple.of(1, Arbitraries.longs()),
            Tuple.of(1, Arbitraries.of(0, 1.5, 1e99, -1)),
            Tuple.of(1, Arbitraries.just(Json.NULL)));
    return depth == 0
        ? leaves
        : Arbitraries.frequencyOf(
            Tuple.of(8, leaves),
            Tuple.of(1, objects(depth - 1)),
            Tuple.of(1, Arbitraries.lazy(() -> json(depth - 1)).list().ofMaxSize(3)));
  }

  private Arbitrary<Object> objects(int depth) {
    var names = Arbitraries.frequencyOf(Tuple.of(9, Arbitraries.of(names())), Tuple.of(1, texts()));
    return Arbitraries.maps(names, Arbitraries.lazy(() -> json(depth)))
        .ofMaxSize(5)
        .map(map -> (Object) map);
  }

  private static Arbitrary<String> texts() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.strings().ascii().ofMaxLength(20)),
        Tuple.of(2, Arbitraries.strings().all().ofMaxLength(20)),
        Tuple.of(1, Arbitraries.of("x".repeat(300), "\u0000", "\ud83d", "\u202e", " ", "'", "\"")));
  }
}
