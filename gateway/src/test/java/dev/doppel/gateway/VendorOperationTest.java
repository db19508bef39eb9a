package dev.doppel.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.json.JsonObject;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class VendorOperationTest {

  private static final Map<String, VendorOperation[]> ALL =
      Map.of(
          "milvus", Milvus.values(),
          "influx", Influx.values(),
          "vcloud", Vcloud.values(),
          "workspace", Workspace.values());

  /** The constants are what the dialects' tables hold, no more and no less, in their order. */
  @Test
  void constants_areTheDialectsOperations() {
    try (var doppel = Doppel.start()) {
      var answer = new Http(doppel.uri()).send("GET", "/_doppel/operations", "").body();
      var dialects = new JsonObject(answer).getJsonArray("dialects");
      assertThat(dialects).hasSize(ALL.size());
      for (var one : dialects) {
        var dialect = (JsonObject) one;
        var name = dialect.getString("dialect");
        List<String> operations =
            dialect.getJsonArray("operations").stream()
                .map(line -> ((JsonObject) line).getString("name"))
                .distinct()
                .toList();
        assertThat(Arrays.stream(ALL.get(name)).map(VendorOperation::operation))
            .containsExactlyElementsOf(operations);
        assertThat(ALL.get(name)).allMatch(constant -> constant.dialect().equals(name));
      }
    }
  }
}
