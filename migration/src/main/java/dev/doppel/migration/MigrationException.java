package dev.doppel.migration;

/**
 * Thrown if a run can't begin or go on. The message is one sentence that says what is wrong and
 * what to do, without secrets.
 */
public final class MigrationException extends RuntimeException {

  MigrationException(String message) {
    super(message);
  }

  MigrationException(String message, Throwable cause) {
    super(message, cause);
  }
}
