package dev.doppel.users;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * How a dialect writes our own ids of users, in the form of its vendor. Immutable.
 *
 * @param dialect name of the dialect
 * @param write the text of an id
 * @param read the id in a text that {@code write} could have given; empty for any other
 * @param allowed what every id of the vendor matches, also one that isn't ours
 * @param words what is allowed, for who wrote one that doesn't match
 */
public record IdForm(
    String dialect,
    Function<UserId, String> write,
    Function<String, Optional<UserId>> read,
    Pattern allowed,
    String words) {

  /** The alias that would be mistaken for the id. */
  Alias aliasLike(UserId id) {
    return new Alias(dialect, write.apply(id));
  }

  /** The id that the alias would be mistaken for. */
  Optional<UserId> idLike(Alias alias) {
    return alias.dialect().equals(dialect) ? read.apply(alias.id()) : Optional.empty();
  }
}
