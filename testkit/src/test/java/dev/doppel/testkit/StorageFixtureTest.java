package dev.doppel.testkit;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.users.Storage;
import org.junit.jupiter.api.Test;
import org.opentest4j.TestAbortedException;

class StorageFixtureTest {

  private static final class NotInstalled extends StorageFixture {
    @Override
    protected Storage open() {
      throw new TestAbortedException("not installed");
    }
  }

  /** A test that is skipped would fail otherwise. */
  @Test
  void closeStorage_doesNothingIfStorageCouldNotBeOpened() {
    var fixture = new NotInstalled();
    assertThatThrownBy(fixture::openStorage).isInstanceOf(TestAbortedException.class);
    assertThatCode(fixture::closeStorage).doesNotThrowAnyException();
    fixture.stopVertx();
  }
}
