package dev.doppel.migration.bolt;

/**
 * Thrown for a file that is not a valid bbolt file or can't be read or written. The message is one
 * sentence without any content of the file.
 */
public final class BoltException extends RuntimeException {

  BoltException(String message) {
    super(message);
  }

  BoltException(String message, Throwable cause) {
    super(message, cause);
  }
}
