package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Complete JUnit runs, as in a user's build. */
@Isolated
class WholeRunTest {

  private static final Set<Integer> PORTS = new HashSet<>();

  @ExtendWith(DoppelExtension.class)
  static class First {
    @Test
    void createsUser(Doppel doppel) {
      assertThat(create(doppel.uri(), "alice")).isEqualTo(201);
      PORTS.add(doppel.uri().getPort());
    }
  }

  @ExtendWith(DoppelExtension.class)
  static class Second extends First {}

  static class Blank {
    @RegisterExtension
    static final DoppelExtension doppel =
        new DoppelExtension(
            DoppelConfig.DEFAULT.toBuilder()
                .credentials(
                    new Credentials(Optional.empty(), Optional.empty(), Optional.empty(), true))
                .build());

    @Test
    void rejectsUnknownToken() {
      assertThat(create(doppel.uri(), "alice")).isEqualTo(401);
    }
  }

  private static void run(Class<?>... classes) {
    var request = LauncherDiscoveryRequestBuilder.request();
    for (var one : classes) {
      request.selectors(selectClass(one));
    }
    var summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request.build(), summary);
    assertThat(summary.getSummary().getFailures()).isEmpty();
    assertThat(summary.getSummary().getTestsSucceededCount()).isEqualTo(classes.length);
  }

  @Test
  void run_endsItsThreads() throws InterruptedException {
    run(First.class);
    var before = Thread.getAllStackTraces().keySet();
    run(First.class, Second.class, Blank.class);
    Set<Thread> left = Set.of();
    for (int i = 0; i < 100; i++) {
      left = new HashSet<>(Thread.getAllStackTraces().keySet());
      left.removeAll(before);
      left.removeIf(thread -> thread.getName().matches("(HttpClient|ForkJoinPool).*"));
      if (left.isEmpty()) {
        return;
      }
      Thread.sleep(50);
    }
    assertThat(left).isEmpty();
  }

  @Test
  void classes_haveSeparateRealms() {
    PORTS.clear();
    run(First.class, Second.class);
    assertThat(PORTS).hasSize(2);
  }
}
