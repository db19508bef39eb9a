package dev.doppel.users;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which users are wanted. A value that a store may translate to its own query language and that
 * says by itself whether a user passes.
 */
public sealed interface UserFilter extends Predicate<User> {

  /** Every user passes. */
  UserFilter EVERYONE = new All(List.of());

  /** Those who pass all of the parts. */
  record All(List<UserFilter> parts) implements UserFilter {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean test(User user) {
      return parts.stream().allMatch(part -> part.test(user));
    }
  }

  /** Those who pass one of the parts. */
  record Any(List<UserFilter> parts) implements UserFilter {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean test(User user) {
      return parts.stream().anyMatch(part -> part.test(user));
    }
  }

  /** Those who don't pass the part. */
  record Not(UserFilter part) implements UserFilter {
    @Override
    public boolean test(User user) {
      return !part.test(user);
    }
  }

  /**
   * Those who belong to an organisation.
   *
   * @param orNone whether those who were put into no organisation at all pass too
   */
  record In(OrganizationId organization, boolean orNone) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.memberships().containsKey(organization)
          || (orNone && user.memberships().isEmpty());
    }
  }

  /** Those who hold a role that they were granted. */
  record Holds(String role) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.roles().contains(role);
    }
  }

  /** Those whose field has this value, to the letter. */
  record Is(Field field, String value) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).equals(Optional.of(value));
    }
  }

  /** Those whose field looks like the pattern, in which {@code *} is any text; case is ignored. */
  record Like(Field field, String pattern) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).filter(value -> matches(value, pattern)).isPresent();
    }

    /** Greedy matching with one point to go back to: linear in practice, never exponential. */
    private static boolean matches(String value, String pattern) {
      int at = 0;
      int in = 0;
      int star = -1;
      int resume = 0;
      while (at < value.length()) {
        if (in < pattern.length() && pattern.charAt(in) == '*') {
          star = in++;
          resume = at;
        } else if (in < pattern.length() && sameLetter(value.charAt(at), pattern.charAt(in))) {
          at++;
          in++;
        } else if (star >= 0) {
          in = star + 1;
          at = ++resume;
        } else {
          return false;
        }
      }
      while (in < pattern.length() && pattern.charAt(in) == '*') {
        in++;
      }
      return in == pattern.length();
    }

    private static boolean sameLetter(char a, char b) {
      return a == b
          || Character.toLowerCase(Character.toUpperCase(a))
              == Character.toLowerCase(Character.toUpperCase(b));
    }
  }

  /** A field that can be asked for. */
  enum Field {
    ID,
    NAME,
    FULL_NAME,
    EMAIL,
    STATUS;

    Optional<String> of(User user) {
      return switch (this) {
        case ID -> Optional.of(user.id().toString());
        case NAME -> Optional.of(user.name());
        case FULL_NAME -> user.fullName();
        case EMAIL -> user.email();
        case STATUS -> Optional.of(user.status().name().toLowerCase(Locale.ROOT));
      };
    }
  }
}
