package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.parallel.Isolated;

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

  @Test
  void run_endsItsThreads() throws InterruptedException {
    Runs.succeed(List.of(First.class));
    var before = Thread.getAllStackTraces().keySet();
    Runs.succeed(List.of(First.class, Second.class, Blank.class));
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
    Runs.succeed(List.of(First.class, Second.class));
    assertThat(PORTS).hasSize(2);
  }
}
