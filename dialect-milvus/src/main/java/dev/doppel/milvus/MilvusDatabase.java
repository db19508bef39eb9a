package dev.doppel.milvus;

import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A database: a name that privileges and requests refer to, and what its properties say. It holds
 * no collections.
 */
record MilvusDatabase(long id, String name, Map<String, String> properties) {

  /** The database that every server has. */
  static final MilvusDatabase DEFAULT =
      new MilvusDatabase(1, MilvusCaller.DEFAULT_DATABASE, Map.of());

  MilvusDatabase {
    properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
  }

  boolean isDefault() {
    return name.equals(MilvusCaller.DEFAULT_DATABASE);
  }

  /** Returns the length of all properties with their names, in bytes of UTF-8. */
  int propertyBytes() {
    return properties.entrySet().stream()
        .mapToInt(one -> bytes(one.getKey()) + bytes(one.getValue()))
        .sum();
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  MilvusDatabase with(Map<String, String> others) {
    var changed = new LinkedHashMap<>(properties);
    changed.putAll(others);
    return new MilvusDatabase(id, name, changed);
  }

  MilvusDatabase without(List<String> keys) {
    var changed = new LinkedHashMap<>(properties);
    changed.keySet().removeAll(keys);
    return new MilvusDatabase(id, name, changed);
  }
}
