package dev.doppel.milvus;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Deviations;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Password;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compares the checks of names with what the vendor's own answer to the same values. */
class MilvusNamesTest {

  private static final int RECORDED = 2_204;

  @ParameterizedTest
  @CsvSource({"2.6.19, THIRD", "2.5.27, FIRST"})
  void recordedAnswers_areTheSame(String version, MilvusEra era) throws IOException {
    var recorded = recorded();
    assertThat(recorded).hasSize(RECORDED);
    assertThat(recorded)
        .allSatisfy(
            line -> {
              var expected = line.getJsonObject(version);
              var answer = answer(line.getString("field"), line.getString("value"), era);
              assertThat(answer).as(line::encode).isEqualTo(expected);
            });
  }

  private static List<JsonObject> recorded() throws IOException {
    try (var file = MilvusNamesTest.class.getResourceAsStream("/recordings/name-checks.ndjson")) {
      return new String(file.readAllBytes(), UTF_8).lines().map(JsonObject::new).toList();
    }
  }

  private static JsonObject answer(String field, String value, MilvusEra era) {
    try {
      check(field, value, era);
      return new JsonObject().put("code", 0);
    } catch (VendorErrorException e) {
      var error = (MilvusError) e.error();
      return new JsonObject().put("code", error.code()).put("message", error.message(e.failure()));
    }
  }

  private static void check(String field, String value, MilvusEra era) {
    var deviations = new Deviations(Fidelity.OBSERVED);
    switch (field) {
      case "user" -> MilvusNames.checkUser(value, era, deviations);
      case "password" -> MilvusPasswords.checked(new Password(value), deviations);
      case "role" -> MilvusNames.checkRole(value, era);
      case "group" -> MilvusNames.checkGroup(value);
      case "db" -> MilvusNames.checkDatabase(value);
      case "collection" -> MilvusNames.checkCollection(value, era);
      case "object" -> MilvusNames.checkObject(value, era);
      case "objecttype" -> MilvusNames.checkObjectType(value, era);
      case "privilege" -> MilvusNames.checkPrivilege(value, era);
      default -> throw new IllegalArgumentException(field);
    }
  }
}
