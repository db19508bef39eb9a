package dev.doppel.passwords;

import java.util.List;

/**
 * Parser for the password hashes of one algorithm or product, in all of their forms. Immutable,
 * thread-safe.
 */
interface HashFamily {

  /** Returns a name for documentation, such as {@code bcrypt}. */
  String name();

  /** Returns the accepted forms as documentation shows them, such as {@code $2b$10$…}. */
  List<String> forms();

  /** Returns whether the text belongs to this family, well-formed or not. Fast. */
  boolean recognizes(String encoded);

  /**
   * Parses a hash without computing anything, and without allocating memory in proportion to its
   * parameters.
   *
   * @param encoded a text that this family {@linkplain #recognizes recognizes}
   * @throws UnsupportedHashException if the hash is malformed or exceeds the {@link HashLimits}
   */
  StoredHash parse(String encoded);
}
