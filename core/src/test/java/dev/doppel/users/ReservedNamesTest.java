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
  void namesThatLookReserved_areReserved(String name) {
    assertThat(ReservedNames.contains(name)).isTrue();
  }

  /** In quadratic time this would take hours. */
  @Test
  @Timeout(60)
  void manyDots_takeNoLongerThanOtherNames() {
    var dots = ".".repeat(2_000_000);
    assertThat(ReservedNames.contains(dots + "x")).isFalse();
    assertThat(ReservedNames.contains("x@doppel.invalid" + dots)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "roots", "r oot", "r\u00f6ot", "root@acme", "root.", "\ud83d"})
  void otherNames_areNot(String name) {
    assertThat(ReservedNames.contains(name)).isFalse();
  }

  @Test
  void shownIn_namesOrganizationsWhoseSuffixHidesTheRest() {
    assertThat(ReservedNames.shownIn("Root@acme")).containsExactly("acme");
    assertThat(ReservedNames.shownIn("root@doppel.invalid@acme"))
        .containsExactlyInAnyOrder("doppel.invalid@acme", "acme");
    assertThat(ReservedNames.shownIn("ann@acme")).isEmpty();
    assertThat(ReservedNames.shownIn("root")).isEmpty();
    assertThat(ReservedNames.shownIn("@root@acme")).isEmpty();
    assertThat(ReservedNames.shownIn("ann@root@acme")).isEmpty();
    assertThat(ReservedNames.shownIn(" ROOT\u200b@a@b")).containsExactly("a@b");
    assertThat(ReservedNames.shownIn("ann@ doppel.invalid@acme")).isEmpty();
    assertThat(ReservedNames.shownIn("ann\uff20Doppel.invalid.@acme")).containsExactly("acme");
  }

  @Test
  void names_areShownByReservedOnesInFewOrganizations() {
    ReservedNames.checkShownIn("root" + "@doppel.invalid".repeat(15) + "@acme");
    assertThatThrownBy(
            () -> ReservedNames.checkShownIn("root" + "@doppel.invalid".repeat(16) + "@acme"))
        .isInstanceOf(Failure.class)
        .extracting(thrown -> Failure.from(thrown).reason())
        .isEqualTo(Failure.Reason.INVALID_VALUE);
  }

  /** Would take hours if each of the names in it were read from its start. */
  @Test
  void shownIn_readsLongNamesOnce() {
    assertThat(ReservedNames.shownIn("@".repeat(1_000_000))).isEmpty();
    assertThat(ReservedNames.shownIn("\u00e9@".repeat(1_000_000))).isEmpty();
  }
}
