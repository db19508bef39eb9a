package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What is shown of extras, and what they grant. */
class ExtrasTest {

  @Test
  void secrets_areMaskedAtEveryDepth() {
    var json =
        "{\"twoFactorSecret\":\"WDXV5QC3\",\"tags\":[{\"name\":\"a\",\"refreshToken\":7}],"
            + "\"recoveryCodes\":[\"1\",\"2\"],\"phone\":\"12\",\"passwordChanged\":1}";
    assertThat(Extras.masked(json))
        .isEqualTo(
            "{\"twoFactorSecret\":\"***\",\"tags\":[{\"name\":\"a\",\"refreshToken\":\"***\"}],"
                + "\"recoveryCodes\":\"***\",\"phone\":\"12\",\"passwordChanged\":1}");
  }

  @Test
  void grants_areFoundByTheirMember() {
    assertThat(Extras.grant("{\"grants\":[{\"bucketID\":\"1\"}]}")).isTrue();
    assertThat(Extras.grant("{\"mappings\":[]}")).isTrue();
    assertThat(Extras.grant("{\"name\":\"grants\"}")).isFalse();
  }
}
