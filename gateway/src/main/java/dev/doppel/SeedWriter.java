package dev.doppel;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Writes a seed as JSON that {@link Seed#parse} reads. */
final class SeedWriter {

  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .build();

  private SeedWriter() {}

  static String json(Seed seed) {
    try {
      return JSON.writeValueAsString(seed);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e); // can't happen: texts, lists and maps
    }
  }
}
