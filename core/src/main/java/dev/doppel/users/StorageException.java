package dev.doppel.users;

/** Thrown when a storage can't be opened. */
public final class StorageException extends RuntimeException {
  private static final long serialVersionUID = 1;

  /**
   * @param message the reason, without secrets
   */
  public StorageException(String message, Throwable cause) {
    super(message, cause);
  }
}
