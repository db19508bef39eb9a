package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReservedNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "root",
        "ROOT",
        " root\u00a0",
        "root\0",
        "ro\u200bot",
        "root\ufe0f",
        "root\u3164",
        "\u2800root\u2800",
        "r\u034foot",
        "root\udb40\udc20",
        "\uff52oot",
        "adm\u0130nistrator",
        "adm\u0131nistrator",
        "x@doppel.invalid",
        "x@doppel.invalid\u3164",
        "x@doppel.invalid."
      })
  void contains_namesThatLookReserved(String name) {
    assertThat(ReservedNames.contains(name)).isTrue();
  }

  /** Would take hours in quadratic time. */
  @Test
  @Timeout(60)
  void contains_takesLinearTimeForDots() {
    var dots = ".".repeat(2_000_000);
    assertThat(ReservedNames.contains(dots + "x")).isFalse();
    assertThat(ReservedNames.contains("x@doppel.invalid" + dots)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "roots", "r oot", "r\u00f6ot", "root@acme", "root.", "\ud83d"})
  void contains_noOtherNames(String name) {
    assertThat(ReservedNames.contains(name)).isFalse();
  }

  @Test
  void organizationsReserving_returnsEachSuffixAfterAReservedName() {
    assertThat(ReservedNames.organizationsReserving("Root@acme")).containsExactly("acme");
    assertThat(ReservedNames.organizationsReserving("root@doppel.invalid@acme"))
        .containsExactlyInAnyOrder("doppel.invalid@acme", "acme");
    assertThat(ReservedNames.organizationsReserving("ann@acme")).isEmpty();
    assertThat(ReservedNames.organizationsReserving("root")).isEmpty();
    assertThat(ReservedNames.organizationsReserving("@root@acme")).isEmpty();
    assertThat(ReservedNames.organizationsReserving("ann@root@acme")).isEmpty();
    assertThat(ReservedNames.organizationsReserving(" ROOT\u200b@a@b")).containsExactly("a@b");
    assertThat(ReservedNames.organizationsReserving("ann@ doppel.invalid@acme")).isEmpty();
    assertThat(ReservedNames.organizationsReserving("ann\uff20Doppel.invalid.@acme"))
        .containsExactly("acme");
  }

  @Test
  void checkOrganizationsReserving_rejectsMoreThan16() {
    ReservedNames.checkOrganizationsReserving("root" + "@doppel.invalid".repeat(15) + "@acme");
    assertThatThrownBy(
            () ->
                ReservedNames.checkOrganizationsReserving(
                    "root" + "@doppel.invalid".repeat(16) + "@acme"))
        .isInstanceOf(Failure.class)
        .extracting(thrown -> Failure.from(thrown).reason())
        .isEqualTo(Failure.Reason.INVALID_VALUE);
  }

  /** Would take hours in quadratic time. */
  @Test
  void organizationsReserving_takesLinearTime() {
    assertThat(ReservedNames.organizationsReserving("@".repeat(1_000_000))).isEmpty();
    assertThat(ReservedNames.organizationsReserving("\u00e9@".repeat(1_000_000))).isEmpty();
  }
}
