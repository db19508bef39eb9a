package dev.doppel.workspace;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class WorkspaceAddressTest {

  @Test
  void nameIn_decodesGeneratedAddresses() {
    assertThat(WorkspaceAddress.nameIn("two%20words@doppel.invalid")).contains("two words");
    assertThat(WorkspaceAddress.nameIn("a+b@doppel.invalid")).contains("a+b");
    assertThat(WorkspaceAddress.nameIn("a%2Bb@doppel.invalid")).isEmpty();
  }

  @Test
  void nameIn_rejectsOtherEncodingsOfAName() {
    assertThat(WorkspaceAddress.nameIn("%61@doppel.invalid")).isEmpty();
    assertThat(WorkspaceAddress.nameIn("%2e@doppel.invalid")).isEmpty();
    assertThat(WorkspaceAddress.nameIn("two words@doppel.invalid")).isEmpty();
    assertThat(WorkspaceAddress.nameIn("%FF@doppel.invalid")).isEmpty();
  }

  @Test
  void nameIn_isEmpty_forOtherAddresses() {
    assertThat(WorkspaceAddress.nameIn("alice@example.com")).isEmpty();
    assertThat(WorkspaceAddress.nameIn("alice")).isEmpty();
  }
}
