package dev.doppel.users;

import java.util.Locale;
import java.util.Optional;

/** A property of users by which lists can be filtered and ordered. Immutable. */
public sealed interface UserField {

  /** Returns the value as text; empty if the user has none. */
  Optional<String> of(User user);

  /** Compares two values; by default in order of their code points. */
  default int compare(String one, String other) {
    return TextOrder.BY_CODE_POINT.compare(one, other);
  }

  /** The fields that every dialect knows. */
  enum Common implements UserField {
    /** In 16 hex digits, so that ids are ordered as unsigned numbers: by creation. */
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

  /** The id that a user had in the dialect's vendor product, if it was imported from there. */
  record ForeignId(String dialect) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return user.alias(dialect);
    }
  }

  /** A member of a dialect's {@link User#extras}. */
  record Extra(String dialect, String member) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return user.extras(dialect).flatMap(json -> Extras.member(json, member));
    }
  }

  /** A member of a dialect's {@link User#extras}, ordered as a decimal integer. */
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

  /** Another field, with a default for users without a value. */
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

  /** Another field without a suffix; a value that equals the suffix keeps it. */
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

  /** Another field, in which one value is replaced. */
  record Renamed(UserField field, String from, String to) implements UserField {
    @Override
    public Optional<String> of(User user) {
      return field.of(user).map(value -> value.equals(from) ? to : value);
    }
  }
}
