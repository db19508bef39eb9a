package dev.doppel.users;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Which users are wanted. A value that a store may translate to its own query language and that
 * says by itself whether a user passes.
 */
public sealed interface UserFilter extends Predicate<User> {

  /**
   * The only names that can pass, so that a store needn't look at anybody else; empty if the filter
   * doesn't say.
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
   * Those who belong to an organization.
   *
   * @param orAtHome whether those whose home is the default organization pass too
   */
  record In(OrganizationId organization, boolean orAtHome) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.memberships().containsKey(organization) || (orAtHome && user.home().isEmpty());
    }
  }

  /** Those who may do everything. */
  record Administrators() implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.administrator();
    }
  }

  /** Those who own an organization. */
  record Owns(OrganizationId organization) implements UserFilter {
    @Override
    public boolean test(User user) {
      return user.memberships().get(organization) == Membership.OWNER;
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
  record Is(UserField field, String value) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).equals(Optional.of(value));
    }
  }

  /** Those whose field comes before or after a value in the field's own order. */
  record Compared(UserField field, Comparison comparison, String value) implements UserFilter {

    /** How the user's value is to the one that is given. */
    public enum Comparison {
      LESS,
      AT_MOST,
      AT_LEAST,
      GREATER
    }

    @Override
    public boolean test(User user) {
      return field.of(user).filter(own -> fits(field.compare(own, value))).isPresent();
    }

    private boolean fits(int order) {
      return switch (comparison) {
        case LESS -> order < 0;
        case AT_MOST -> order <= 0;
        case AT_LEAST -> order >= 0;
        case GREATER -> order > 0;
      };
    }
  }

  /** Those whose field looks like the pattern, in which {@code *} is any text; case is ignored. */
  record Like(UserField field, String pattern) implements UserFilter {
    @Override
    public boolean test(User user) {
      return field.of(user).filter(value -> matches(value, pattern)).isPresent();
    }

    /**
     * Whether a value looks like the pattern. Greedy, with one point to go back to: linear in
     * practice, never exponential.
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
