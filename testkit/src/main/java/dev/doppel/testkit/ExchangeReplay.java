package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.Vendor;
import dev.doppel.users.Storage;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicNode;

/**
 * Replays recorded exchanges against a dialect and compares each answer, byte by byte, and with the
 * vendor's OpenAPI document. Each file starts from a new {@link TestRealm}. An answer that is
 * recorded for both fidelities must not be marked as deviating, nor one in fidelity observed; of a
 * file for documented alone, one must be.
 */
public final class ExchangeReplay {

  /** Headers that depend on the time or the transport, not on the vendor. */
  private static final List<String> NOT_COMPARED = List.of("date", "content-length");

  private static final String DEVIATES = "doppel-deviates";

  private final Vertx vertx;
  private final ExchangeSet exchanges;
  private final Vendor<?> vendor;

  public ExchangeReplay(Vertx vertx, ExchangeSet exchanges, Vendor<?> vendor) {
    this.vertx = vertx;
    this.exchanges = exchanges;
    this.vendor = vendor;
  }

  /**
   * Returns a test for each file and each fidelity that it was recorded for.
   *
   * @param store the name of the store in the names of the tests
   * @param storages opens a new, empty storage
   */
  public Stream<DynamicNode> tests(String store, Supplier<Storage> storages) throws IOException {
    var tests = new ArrayList<DynamicNode>();
    for (var file : exchanges.files()) {
      var dialogue = Exchange.parse(Files.readString(file));
      for (var fidelity : fidelities(dialogue)) {
        tests.add(
            dynamicTest(
                "%s %s %s".formatted(file.getFileName(), fidelity, store),
                file.toUri(),
                () -> replay(dialogue, fidelity, storages.get())));
      }
    }
    assertThat(tests).isNotEmpty();
    return tests.stream();
  }

  private static List<Fidelity> fidelities(Exchange.Dialogue dialogue) {
    return dialogue
        .setting("fidelity")
        .map(name -> List.of(Fidelity.valueOf(name.toUpperCase(Locale.ROOT))))
        .orElse(List.of(Fidelity.values()));
  }

  private void replay(Exchange.Dialogue dialogue, Fidelity fidelity, Storage storage) {
    var blank = dialogue.setting("realm").filter("blank"::equals).isPresent();
    var realm = blank ? TestRealm.blankOver(vertx, storage) : TestRealm.over(vertx, storage);
    try {
      var dialect = StartSettings.dialect(vendor, realm.realm(), fidelity, dialogue);
      try (var server = TestServer.markingDeviations(vertx, dialect)) {
        var openApi = OpenApi.of(dialect.name());
        var words = new HashMap<String, String>();
        words.put("port", Integer.toString(server.port()));
        var deviates = new TreeSet<String>();
        for (var exchange : dialogue.exchanges()) {
          replay(exchange, words, server, realm, dialect, openApi)
              .ifPresent(marks -> deviates.add(exchange.title() + ": " + marks));
        }
        if (fidelity == Fidelity.DOCUMENTED && fidelities(dialogue).size() == 1) {
          assertThat(deviates).as("answers that deviate").isNotEmpty();
        } else {
          assertThat(deviates).as("answers that deviate").isEmpty();
        }
      }
    } finally {
      realm.close();
    }
  }

  /** Returns how the answer is marked. */
  private Optional<String> replay(
      Exchange exchange,
      Map<String, String> words,
      TestServer server,
      TestRealm realm,
      Dialect dialect,
      OpenApi openApi) {
    realm.clock().advance(exchange.clock());
    var path = Exchange.filled(exchange.path(), words);
    var headers =
        exchange.headers().stream()
            .map(header -> Map.entry(header.getKey(), Exchange.filled(header.getValue(), words)))
            .toList();
    var answer =
        server.send(exchange.method(), path, headers, Exchange.filled(exchange.body(), words));
    var expected = new TreeMap<>(exchanges.headersOfEveryAnswer());
    expected.putAll(exchange.answer().headers());
    expected.values().removeIf(Exchange.ABSENT::equals);
    var actual = new TreeMap<>(answer.headers());
    actual.keySet().removeAll(NOT_COMPARED);
    var marks = Optional.ofNullable(actual.remove(DEVIATES));
    actual.keySet().removeAll(exchanges.headersNotCompared());
    expected.replaceAll(
        (name, value) -> Exchange.filled(value, answer.headers().getOrDefault(name, ""), words));
    var body = Exchange.filled(exchange.answer().body(), answer.body(), words);
    assertThat(text(answer.status(), actual, answer.body()))
        .as(exchange.title())
        .isEqualTo(text(exchange.answer().status(), expected, body));
    operation(dialect, exchange.method(), path)
        .ifPresent(
            operation ->
                assertThat(openApi.violations(operation, answer))
                    .as("OpenAPI: " + exchange.title())
                    .isEmpty());
    return marks;
  }

  private static String text(int status, Map<String, String> headers, String body) {
    var text = new StringBuilder("HTTP " + status + "\n");
    headers.forEach((name, value) -> text.append(name + ": " + value + "\n"));
    return text.append("\n").append(body).toString();
  }

  private static Optional<Operation> operation(Dialect dialect, String method, String uri) {
    var path = uri.replaceAll("\\?.*", "").replaceAll("(.)/$", "$1");
    return dialect.operations().stream()
        .filter(operation -> operation.method().name().equals(method))
        .filter(operation -> path.matches(operation.path().replaceAll(":[A-Za-z]+", "[^/]+")))
        .min(Comparator.comparing(operation -> operation.path().indexOf(':') + 1));
  }
}
