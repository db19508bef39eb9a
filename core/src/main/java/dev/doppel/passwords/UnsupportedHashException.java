package dev.doppel.passwords;

/** Thrown for a hash that can't be verified. The message contains the reason, never the hash. */
public final class UnsupportedHashException extends RuntimeException {

  private final boolean exceedsMemory;

  UnsupportedHashException(String reason) {
    this(reason, false);
  }

  private UnsupportedHashException(String reason, boolean exceedsMemory) {
    super(reason);
    this.exceedsMemory = exceedsMemory;
  }

  static UnsupportedHashException newMemoryException(String reason) {
    return new UnsupportedHashException(reason, true);
  }

  /** Returns whether a process with more memory could verify passwords against the hash. */
  public boolean exceedsMemory() {
    return exceedsMemory;
  }
}
