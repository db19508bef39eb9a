package dev.doppel.gateway.control;

import dev.doppel.Seed;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The JSON Schema of a {@link Seed}, for editors and generators. */
final class SeedSchema {

  private static final String FILE = "seed.schema.json";

  private SeedSchema() {}

  static JsonObject document() {
    try (var in = SeedSchema.class.getResourceAsStream(FILE)) {
      return new JsonObject(
          new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // can't happen: a resource of our own jar
    }
  }
}
