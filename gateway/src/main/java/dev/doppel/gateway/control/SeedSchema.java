package dev.doppel.gateway.control;

import dev.doppel.Seed;
import dev.doppel.Vendors;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;

/** The JSON Schema of a {@link Seed}, for editors and generators. */
final class SeedSchema {

  private static final String FILE = "seed.schema.json";

  private SeedSchema() {}

  /** Returns the schema, with the forms of the vendors' ids. */
  static JsonObject document() {
    var document = file();
    var users = aliases(document, "user");
    var organizations = aliases(document, "organization");
    for (var vendor : Vendors.all()) {
      vendor.idForm().ifPresent(form -> users.put(vendor.name(), id(form.allowed())));
      vendor
          .organizationIds()
          .ifPresent(ids -> organizations.put(vendor.name(), id(ids.allowed())));
    }
    return document;
  }

  /** Returns the properties of the aliases of a definition, by vendor. */
  private static JsonObject aliases(JsonObject document, String definition) {
    return document
        .getJsonObject("$defs")
        .getJsonObject(definition)
        .getJsonObject("properties")
        .getJsonObject("aliases")
        .getJsonObject("properties");
  }

  private static JsonObject id(Pattern allowed) {
    return new JsonObject().put("type", "string").put("pattern", "^(?:" + allowed + ")$");
  }

  private static JsonObject file() {
    try (var in = SeedSchema.class.getResourceAsStream(FILE)) {
      return new JsonObject(
          new String(Objects.requireNonNull(in, FILE).readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // can't happen: a resource of our own jar
    }
  }
}
