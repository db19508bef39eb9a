package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.testkit.History.Call;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HistoryTest {

  private final History<Integer> history = new History<>();

  private void write(long started, long ended, int value) {
    history.add(new Call<>("write " + value, started, ended, any -> Optional.of(value)));
  }

  private void read(long started, long ended, int value) {
    history.add(
        new Call<>(
            "read " + value, started, ended, now -> Optional.of(now).filter(is -> is == value)));
  }

  @Test
  void isLinearizable_acceptsReadOfEitherValueDuringWrite() {
    write(1, 10, 7);
    read(2, 3, 0);
    read(4, 5, 7);
    assertThat(history.isLinearizable(0)).isTrue();
  }

  @Test
  void isLinearizable_rejectsReadOfOldValueAfterNewOne() {
    write(1, 10, 7);
    read(2, 3, 7);
    read(4, 5, 0);
    assertThat(history.isLinearizable(0)).isFalse();
  }

  @Test
  void isLinearizable_rejectsReadOfOverwrittenValue() {
    write(1, 2, 7);
    write(3, 4, 8);
    read(5, 6, 7);
    assertThat(history.isLinearizable(0)).isFalse();
  }
}
