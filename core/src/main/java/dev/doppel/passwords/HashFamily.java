package dev.doppel.passwords;

import java.util.List;

/**
 * Password hashes of one algorithm, in the spellings of the products that write them. Immutable,
 * thread-safe.
 */
interface HashFamily {

  /** Returns a name for documentation, such as {@code bcrypt}. */
  String name();

  /** Returns the accepted forms as documentation shows them, such as {@code $2b$10$…}. */
  List<String> forms();

  /** Returns whether the text belongs to this family, well-formed or not. Cheap. */
  boolean recognizes(String encoded);

  /**
   * Parses a hash without computing anything, and without allocating what its parameters ask for.
   *
   * @param encoded a text that this family {@linkplain #recognizes recognizes}
   * @throws UnsupportedHashException if the hash is malformed or exceeds the {@link HashLimits}
   */
  StoredHash parse(String encoded);
}
