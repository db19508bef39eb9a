package dev.doppel.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.NullNode;

/** Encodes values as JSON. */
final class Json {

  /** A JSON null, for collections that reject null. */
  static final Object NULL = NullNode.getInstance();

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Json() {}

  static String encode(Object value) {
    try {
      return MAPPER.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }
}
