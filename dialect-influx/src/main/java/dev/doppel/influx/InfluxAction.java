package dev.doppel.influx;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The two things that a permission allows: read and write. */
enum InfluxAction {
  READ,
  WRITE;

  static Optional<InfluxAction> parse(@Nullable String word) {
    return Arrays.stream(values()).filter(one -> one.word().equals(word)).findFirst();
  }

  @JsonValue
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
