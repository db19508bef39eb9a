package dev.doppel.milvus;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.MapEntry;
import com.google.protobuf.MessageOrBuilder;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Formats messages of gRPC for the journal. Not protobuf's {@code JsonFormat}, which writes 64-bit
 * numbers as strings, and needs Gson and Guava.
 */
final class MilvusMessage {

  private static final JsonMapper JSON = new JsonMapper();
  private static final Set<String> USER_FIELDS = Set.of("username", "user_name");

  private MilvusMessage() {}

  /** Returns the fields that are set as JSON, with their names in the vendor's proto file. */
  static String json(MessageOrBuilder message) {
    try {
      return JSON.writeValueAsString(members(message));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a message that isn't JSON", e);
    }
  }

  /** Returns the user name in a message, or in its field {@code user}; empty if there is none. */
  static Optional<String> userName(MessageOrBuilder message) {
    for (var field : message.getAllFields().entrySet()) {
      var name = field.getKey().getName();
      if (USER_FIELDS.contains(name)) {
        return Optional.of(field.getValue().toString());
      }
      if (name.equals("user") && field.getValue() instanceof MessageOrBuilder user) {
        return text(user, "name");
      }
    }
    return Optional.empty();
  }

  private static Optional<String> text(MessageOrBuilder message, String name) {
    var field = message.getDescriptorForType().findFieldByName(name);
    return field == null
        ? Optional.empty()
        : Optional.of(message.getField(field).toString()).filter(text -> !text.isEmpty());
  }

  private static Map<String, Object> members(MessageOrBuilder message) {
    var members = new LinkedHashMap<String, Object>();
    message
        .getAllFields()
        .forEach((field, value) -> members.put(field.getName(), value(field, value)));
    return members;
  }

  private static Object value(FieldDescriptor field, Object value) {
    if (field.isMapField() && value instanceof List<?> entries) {
      var map = new LinkedHashMap<String, Object>();
      entries.forEach(
          entry -> {
            var pair = (MapEntry<?, ?>) entry;
            map.put(String.valueOf(pair.getKey()), plain(pair.getValue()));
          });
      return map;
    }
    return value instanceof List<?> list
        ? list.stream().map(MilvusMessage::plain).toList()
        : plain(value);
  }

  private static Object plain(Object value) {
    if (value instanceof MessageOrBuilder message) {
      return members(message);
    }
    if (value instanceof ByteString bytes) {
      return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
    return value instanceof EnumValueDescriptor constant ? constant.getName() : value;
  }
}
