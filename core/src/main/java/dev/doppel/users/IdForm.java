package dev.doppel.users;

import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * The form in which a dialect writes user ids. Immutable.
 *
 * @param dialect name of the dialect
 * @param format converts one of our own ids to text
 * @param parse converts a text that {@code format} could have returned; empty for any other
 * @param allowed matches every id of the vendor, including imported ones
 * @param description of the allowed ids, for messages about an id that doesn't match
 */
public record IdForm(
    String dialect,
    Function<UserId, String> format,
    Function<String, Optional<UserId>> parse,
    Pattern allowed,
    String description) {

  /** Returns the alias that this dialect can't distinguish from the id. */
  Alias aliasLike(UserId id) {
    return new Alias(dialect, format.apply(id));
  }

  /** Returns the id that this dialect can't distinguish from the alias. */
  Optional<UserId> idLike(Alias alias) {
    return alias.dialect().equals(dialect) ? parse.apply(alias.id()) : Optional.empty();
  }
}
