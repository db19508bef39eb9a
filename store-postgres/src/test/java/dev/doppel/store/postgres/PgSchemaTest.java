package dev.doppel.store.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PgSchemaTest {

  /** Written by Flyway into the history of a store of version 1. */
  private static final int CHECKSUM_OF_V1 = 724447677;

  @Test
  void scripts_areAllFilesOfTheFolder() throws IOException, URISyntaxException {
    var first =
        Objects.requireNonNull(PgSchema.class.getResource(PgSchema.SCRIPTS.get(0).fileName()));
    try (var files = Files.list(Path.of(first.toURI()).getParent())) {
      assertThat(
              files
                  .map(file -> file.getFileName().toString())
                  .filter(name -> name.endsWith(".sql")))
          .containsExactlyInAnyOrderElementsOf(
              PgSchema.SCRIPTS.stream().map(PgSchema.Script::fileName).toList());
    }
  }

  @Test
  void checksum_equalsThatOfFlyway() {
    assertThat(PgSchema.SCRIPTS.get(0).checksum()).isEqualTo(CHECKSUM_OF_V1);
  }
}
