package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Parsing of {@code /proc}. {@link ProcessIT} compares the result with another process's clock. */
class ProcessTimeTest {

  /** The command contains spaces and parentheses. */
  @Test
  void sinceLaunch_parsesHundredthsOfASecond() {
    var stat = "4892 (a ) b) R 1 1 1 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 49051 3133440 412";
    assertThat(ProcessTime.sinceLaunch(stat, "492.04 180.20\n")).isEqualTo(Duration.ofMillis(1530));
  }
}
