package dev.doppel.users;

import java.util.Locale;
import java.util.Optional;

/** Something about a user that lists are filtered and ordered by. */
public sealed interface UserField {

  /** The value as text; empty if the user has none. */
  Optional<String> of(User user);

  /** Which of two values comes first; texts in order of their code points. */
  default int compare(String one, String other) {
    return TextOrder.BY_CODE_POINT.compare(one, other);
  }

  /** What every dialect knows of. */
  enum Common implements UserField {
    /** In 16 hex digits, so the order is the unsigned one, which is that of creation. */
    ID,
    NAME,
    FULL_NAME,
    EMAIL,
    /** {@code active} or {@code inactive}. */
    STATUS;

    @Override
    public Optional<String> of(User user) {
      return switch (this) {
        case ID -> Optional.of(user.id().toString());
        case NAME -> Optional.of(user.name());
        case FULL_NAME -> user.fullName();
        case EMAIL -> user.email();
        case STATUS -> Optional.of(user.status().name().toLowerCase(Locale.ROOT));
      };
    }
  }

  /** The id that a user had in the product it was imported from, if that is the dialect's. */
  record ForeignId(String dialect) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return user.alias(dialect);
    }
  }

  /** A member of what one dialect keeps as {@link User#extras}. */
  record Extra(String dialect, String member) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return user.extras(dialect).flatMap(json -> Extras.member(json, member));
    }
  }

  /** As {@link Extra}, of whole numbers in decimal digits, which are ordered as numbers. */
  record ExtraNumber(String dialect, String member) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return user.extras(dialect).flatMap(json -> Extras.member(json, member));
    }

    @Override
    public int compare(String one, String other) {
      return Long.compare(Long.parseLong(one), Long.parseLong(other));
    }
  }

  /** Another field, with a value for those who have none. */
  record Defaulted(UserField field, String otherwise) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return field.of(user).or(() -> Optional.of(otherwise));
    }

    @Override
    public int compare(String one, String other) {
      return field.compare(one, other);
    }
  }

  /** Another field without what its values may end in; a value that is nothing else keeps it. */
  record Trimmed(UserField field, String suffix) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return field.of(user).map(this::trimmed);
    }

    private String trimmed(String value) {
      return value.endsWith(suffix) && value.length() > suffix.length()
          ? value.substring(0, value.length() - suffix.length())
          : value;
    }
  }
}
