package dev.doppel.influx;

import dev.doppel.users.Status;
import java.util.Optional;

/** The two words for the status of a user or token. */
final class InfluxStatus {

  static final String ACTIVE = "active";
  static final String INACTIVE = "inactive";

  private InfluxStatus() {}

  static Optional<Status> parse(String word) {
    return switch (word) {
      case ACTIVE -> Optional.of(Status.ACTIVE);
      case INACTIVE -> Optional.of(Status.INACTIVE);
      default -> Optional.empty();
    };
  }
}
