package dev.doppel.users;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A condition on users. A store can translate it to its own query language, or test each user.
 * Immutable.
 */
public sealed interface UserFilter extends Predicate<User> {

  /**
   * Returns the only names that users can have who match the filter, so that a store needn't test
   * others; empty if the filter doesn't restrict names.
   */
  static Optional<Set<String>> names(UserFilter filter) {
    if (filter instanceof Is is) {
      return is.field == UserField.Common.NAME ? Optional.of(Set.of(is.value)) : Optional.empty();
    }
    if (filter instanceof All all) {
      return all.parts.stream().flatMap(part -> names(part).stream()).findFirst();
    }
    if (filter instanceof Any any) {
      var each = any.parts.stream().map(UserFilter::names).toList();
      return each.stream().allMatch(Optional::isPresent)
          ? Optional.of(
              each.stream().flatMap(some -> some.get().stream()).collect(Collectors.toSet()))
          : Optional.empty();
    }
    return Optional.empty();
  }

  /** Matches every user. */
  UserFilter EVERYONE = new All(List.of());

  /** Matches users who match all parts. */
  record All(List<UserFilter> parts) implements UserFilter {
    public All {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean test(User user) {
      return parts.stream().allMatch(part -> part.test(user));
    }
  }

  /** Matches users who match at least one part. */
  record Any(List<UserFilter> parts) implements UserFilter {
    public Any {
      parts = List.copyOf(parts);
    }

    @Override
    public boolean test(User user) {
      return parts.stream().anyMatch(part -> part.test(user));
    }
  }

  /** Matches users who don't match the part. */
  record Not(UserFilter part) implements UserFilter {
    @Override
    public boolean test(User user) {
      return !part.test(user);
    }
  }

  /**
   * Matches members of an organization.
   *
   * @param orDefaultHome whether users whose home is the default organization match too
   */
  record In(OrganizationId organization, boolean orDefaultHome) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.memberships().containsKey(organization)
          || (orDefaultHome && user.home().isEmpty());
    }
  }

  /** Matches administrators. */
  record Administrators() implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.administrator();
    }
  }

  /** Matches owners of an organization. */
  record Owns(OrganizationId organization) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.memberships().get(organization) == Membership.OWNER;
    }
  }

  /** Matches users who have been granted a role. */
  record Holds(String role) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.roles().contains(role);
    }
  }

  /** Matches users whose field equals a value, case-sensitively. */
  record Is(UserField field, String value) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).equals(Optional.of(value));
    }
  }

  /** Matches users whose field compares to a value as given, in the field's own order. */
  record Compared(UserField field, Comparison comparison, String value) implements UserFilter {

    /** The relation of the user's value to the given one. */
    public enum Comparison {
      LESS,
      AT_MOST,
      AT_LEAST,
      GREATER
    }

    @Override
    public boolean test(User user) {
      return field.of(user).filter(own -> matches(field.compare(own, value))).isPresent();
    }

    private boolean matches(int order) {
      return switch (comparison) {
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case AT_LEAST -> order >= 0;
        case GREATER -> order > 0;
      };
    }
  }

  /** Matches users whose field matches a pattern, in which {@code *} is any text; ignores case. */
  record Like(UserField field, String pattern) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).filter(value -> matches(value, pattern)).isPresent();
    }

    /**
     * Returns whether a value matches the pattern. Greedy, and backtracks to the last {@code *}
     * only: linear in practice, never exponential.
     */
    public static boolean matches(String value, String pattern) {
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
}
