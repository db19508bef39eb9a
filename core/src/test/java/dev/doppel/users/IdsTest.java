package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class IdsTest {

  private final Instant now = Instant.parse("2026-03-04T05:06:07.891Z");
  private final Ids ids = new Ids(Clock.fixed(now, ZoneOffset.UTC), 7);

  @Test
  void next_increasesWhileTheClockIsStopped() {
    var generated = LongStream.generate(ids::next).limit(10_000).toArray();
    assertThat(generated).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void next_increasesAfterTheClockWasSetBack() {
    var time = new AtomicReference<>(now);
    var jumping = new Ids(((InstantSource) time::get).withZone(ZoneOffset.UTC), 7);
    var before = jumping.next();
    time.set(now.minusSeconds(3600));
    assertThat(jumping.next()).isGreaterThan(before);
    time.set(now.plusSeconds(1));
    assertThat(Ids.time(jumping.next())).isEqualTo(now.plusSeconds(1));
  }

  @Test
  void next_containsTimeAndNode() {
    var id = ids.next();
    assertThat(Ids.time(id)).isEqualTo(now);
    assertThat(id >> 12 & 1023).isEqualTo(7);
  }

  @Test
  void next_runsAheadOfTheClockAfter4096IdsInAMillisecond() {
    LongStream.generate(ids::next).limit(4096).forEach(ignored -> {});
    assertThat(Ids.time(ids.next())).isEqualTo(now.plusMillis(1));
  }

  @Test
  void constructor_rejectsNodesOfMoreThanTenBits() {
    assertThatThrownBy(() -> new Ids(Clock.systemUTC(), 1024))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void parse_acceptsResultsOfToString() {
    var id = new UserId(-2);
    assertThat(id).hasToString("fffffffffffffffe");
    assertThat(UserId.parse("FFFFFFFFFFFFFFFE")).contains(id);
    assertThat(UserId.parse("0000000000000000")).isEmpty();
    assertThat(UserId.parse("1")).isEmpty();
    assertThat(UserId.parse("zzzzzzzzzzzzzzzz")).isEmpty();
    assertThat(UserId.parse("１２３４５６７８９０１２３４５６")).isEmpty();
  }
}
