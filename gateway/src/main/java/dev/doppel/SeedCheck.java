package dev.doppel;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.Seed.SeededOrganization;
import dev.doppel.Seed.SeededPermission;
import dev.doppel.Seed.SeededRole;
import dev.doppel.Seed.SeededToken;
import dev.doppel.Seed.SeededUser;
import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.passwords.UnsupportedHashException;
import dev.doppel.users.IdForm;
import dev.doppel.users.Organizations;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.TokenHash;
import dev.doppel.users.UserId;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Validates a whole seed before it is loaded. */
public final class SeedCheck {

  /** The forms of user IDs, by dialect. */
  private static final Map<String, IdForm> ID_FORMS =
      Vendors.idForms().stream().collect(Collectors.toMap(IdForm::dialect, Function.identity()));

  /** The forms of organization IDs in the dialects with IDs of their own, by dialect. */
  private static final SortedMap<String, Vendor.OrganizationIds> ORGANIZATION_IDS =
      organizationIds();

  private static final Pattern EMAIL = Pattern.compile("[^\\s\\p{Cntrl}]+@[^\\s\\p{Cntrl}@]+");

  /** The end of the times with a four-digit year, which every store can hold. */
  private static final Instant TIME_LIMIT = Instant.parse("+10000-01-01T00:00:00Z");

  private final List<String> problems = new ArrayList<>();

  /** The first place of each value. */
  private final Map<String, String> names = new HashMap<>();

  private final Map<UserId, String> ids = new HashMap<>();
  private final Map<String, String> aliases = new HashMap<>();
  private final Map<String, String> organizationAliases = new HashMap<>();
  private final Map<TokenHash, String> tokens = new HashMap<>();

  private SeedCheck() {}

  /**
   * Returns a line for each invalid value, such as {@code users[3].id: …}. No line holds a secret.
   *
   * @param organizations null for rows that are already reported
   * @param roles null for rows that are already reported
   * @param users null for rows that are already reported
   */
  static List<String> problems(
      List<? extends @Nullable SeededOrganization> organizations,
      List<? extends @Nullable SeededRole> roles,
      List<? extends @Nullable SeededUser> users) {
    var check = new SeedCheck();
    check.organizations(organizations);
    check.roles(roles);
    check.users(users);
    return check.problems;
  }

  private void reportIf(boolean wrong, String where, String message) {
    if (wrong) {
      problems.add(where + ": " + message);
    }
  }

  /** Reports a value that is given twice. */
  private <K> void checkUnique(Map<K, String> all, K key, String where) {
    var before = all.putIfAbsent(key, where);
    reportIf(before != null, where, "also given at " + before);
  }

  private void checkNotEmpty(@Nullable String value, String where) {
    reportIf(value == null || value.isEmpty(), where, "at least one character is needed");
  }

  private void organizations(List<? extends @Nullable SeededOrganization> all) {
    var known = new HashMap<String, String>();
    var knownIds = new HashMap<UserId, String>();
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      if (one != null) {
        var where = "organizations[" + i + "]";
        checkNotEmpty(one.name(), where + ".name");
        if (one.name() != null) {
          checkUnique(known, one.name(), where + ".name");
          checkNotSystem(one.name(), where + ".name");
        }
        id(knownIds, one.id(), where + ".id");
        new TreeMap<>(one.aliases())
            .forEach(
                (dialect, id) -> organizationAlias(dialect, id, where + ".aliases." + dialect));
      }
    }
  }

  private void organizationAlias(String dialect, String id, String where) {
    var form = ORGANIZATION_IDS.get(dialect);
    if (form == null) {
      reportIf(true, where, notKnown(dialect, ORGANIZATION_IDS.keySet()));
      return;
    }
    reportIf(
        !form.allowed().matcher(id).matches(),
        where,
        Suggestions.notAllowed(id, form.description()));
    checkUnique(organizationAliases, dialect + ":" + id, where);
  }

  private static String notKnown(String dialect, Set<String> known) {
    return "not known; use " + String.join(", ", known) + Suggestions.didYouMean(dialect, known);
  }

  private void checkNotSystem(String organization, String where) {
    reportIf(
        organization.isBlank() || organization.strip().equalsIgnoreCase(Organizations.SYSTEM),
        where,
        Suggestions.notAllowed(organization, "a name other than " + Organizations.SYSTEM));
  }

  private void id(Map<UserId, String> known, @Nullable String id, String where) {
    if (id != null) {
      UserId.parse(id)
          .ifPresentOrElse(
              parsed -> checkUnique(known, parsed, where),
              () -> reportIf(true, where, Suggestions.notAllowed(id, "16 hexadecimal digits")));
    }
  }

  private void roles(List<? extends @Nullable SeededRole> all) {
    var known = new HashMap<String, String>();
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      if (one != null) {
        var where = "roles[" + i + "]";
        checkNotEmpty(one.name(), where + ".name");
        if (one.name() != null) {
          checkUnique(known, one.name(), where + ".name");
        }
        new TreeMap<>(one.extras())
            .forEach((dialect, json) -> extras(dialect, json, where + ".extras"));
      }
    }
  }

  private void extras(String dialect, JsonNode json, String where) {
    try {
      roleExtras(dialect, json);
    } catch (UnknownDialectException unknown) {
      reportIf(true, where, String.valueOf(unknown.getMessage()));
    } catch (IllegalArgumentException wrong) {
      reportIf(true, where + "." + dialect, String.valueOf(wrong.getMessage()));
    }
  }

  private static final class UnknownDialectException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    UnknownDialectException(String message) {
      super(message);
    }
  }

  /**
   * Returns the extras of a role as a dialect stores them.
   *
   * @throws IllegalArgumentException if the dialect has no such extras
   */
  public static String roleExtras(String dialect, JsonNode json) {
    var all = new TreeMap<String, Vendor.RoleExtras>();
    for (var vendor : Vendors.all()) {
      vendor.roleExtras().ifPresent(extras -> all.put(vendor.name(), extras));
    }
    var extras = all.get(dialect);
    if (extras == null) {
      throw new UnknownDialectException(Suggestions.notAllowed(dialect, List.copyOf(all.keySet())));
    }
    return extras.encode(json.toString());
  }

  private static SortedMap<String, Vendor.OrganizationIds> organizationIds() {
    var all = new TreeMap<String, Vendor.OrganizationIds>();
    for (var vendor : Vendors.all()) {
      vendor.organizationIds().ifPresent(form -> all.put(vendor.name(), form));
    }
    return all;
  }

  private void users(List<? extends @Nullable SeededUser> all) {
    for (int i = 0; i < all.size(); i++) {
      var one = all.get(i);
      if (one != null) {
        user(one, "users[" + i + "]");
      }
    }
    addresses(all);
  }

  private void user(SeededUser user, String where) {
    checkNotEmpty(user.name(), where + ".name");
    if (user.name() != null) {
      checkUnique(names, user.name(), where + ".name");
      checkNotReserved(user.name(), where + ".name");
    }
    id(ids, user.id(), where + ".id");
    reportIf(
        user.password() != null && user.passwordHash() != null,
        where,
        "password, passwordHash: one of them is allowed");
    if (user.password() != null) {
      checkNotEmpty(user.password(), where + ".password");
    }
    hash(user.passwordHash(), where + ".passwordHash");
    if (user.email() != null) {
      reportIf(
          !EMAIL.matcher(user.email()).matches(),
          where + ".email",
          "'" + user.email() + "' is no e-mail address");
      checkNotReserved(user.email(), where + ".email");
    }
    user.roles().forEach(role -> checkNotEmpty(role, where + ".roles"));
    user.organizations().keySet().forEach(name -> checkNotSystem(name, where + ".organizations"));
    new TreeMap<>(user.aliases())
        .forEach((dialect, id) -> alias(dialect, id, where + ".aliases." + dialect));
    for (int i = 0; i < user.tokens().size(); i++) {
      token(user.tokens().get(i), where + ".tokens[" + i + "]");
    }
  }

  private void checkNotReserved(String name, String where) {
    reportIf(ReservedNames.contains(name), where, "'" + name + "' is reserved");
  }

  private void hash(@Nullable String hash, String where) {
    try {
      if (hash != null) {
        HashFamilies.parse(hash);
      }
    } catch (UnsupportedHashException unsupported) {
      reportIf(true, where, String.valueOf(unsupported.getMessage()));
    }
  }

  private void alias(String dialect, String id, String where) {
    var form = ID_FORMS.get(dialect);
    if (form == null) {
      reportIf(true, where, notKnown(dialect, new TreeSet<>(ID_FORMS.keySet())));
      return;
    }
    reportIf(!form.allowed().matcher(id).matches(), where, "'" + id + "': " + form.description());
    checkUnique(aliases, dialect + ":" + id, where);
  }

  /** Reports e-mail addresses that are another user's name: users sign in with both. */
  private void addresses(List<? extends @Nullable SeededUser> all) {
    for (int i = 0; i < all.size(); i++) {
      var user = all.get(i);
      if (user != null && user.email() != null) {
        var own = "users[" + i + "].name";
        var named =
            Stream.of(user.email(), user.email().toLowerCase(Locale.ROOT))
                .flatMap(name -> Stream.ofNullable(names.get(name)))
                .filter(other -> !other.equals(own))
                .findFirst();
        reportIf(
            named.isPresent(),
            "users[" + i + "].email",
            "'%s' is the name at %s".formatted(user.email(), named.orElse("")));
      }
    }
  }

  private void token(SeededToken token, String where) {
    if ((token.token() == null) == (token.tokenHash() == null)) {
      reportIf(true, where, "token, tokenHash: one of them is needed");
      return;
    }
    reportIf(
        token.token() != null && token.token().isEmpty(),
        where + ".token",
        "at least one character is needed");
    try {
      checkUnique(tokens, token.hash(), where);
    } catch (IllegalArgumentException malformed) {
      reportIf(true, where + ".tokenHash", String.valueOf(malformed.getMessage()));
    }
    permissions(token, where);
    instant(token.expires(), where + ".expires");
  }

  private void instant(@Nullable String text, String where) {
    reportIf(
        text != null && !isInstant(text),
        where,
        Suggestions.notAllowed(String.valueOf(text), "a time such as 2027-01-31T12:00:00Z"));
  }

  private static boolean isInstant(String text) {
    try {
      var time = Instant.parse(text);
      return !time.isBefore(Instant.EPOCH) && time.isBefore(TIME_LIMIT);
    } catch (DateTimeException malformed) {
      return false;
    }
  }

  private void permissions(SeededToken token, String where) {
    var organization = token.organization();
    var permissions = token.permissions();
    if (organization != null) {
      checkNotSystem(organization, where + ".organization");
      reportIf(permissions == null, where + ".organization", "permissions are needed beside it");
    }
    if (permissions == null) {
      return;
    }
    reportIf(
        permissions.isEmpty(),
        where + ".permissions",
        "at least one is needed; leave them out for a token of every dialect");
    for (int i = 0; i < permissions.size(); i++) {
      permission(
          permissions.get(i), Optional.ofNullable(organization), where + ".permissions[" + i + "]");
    }
  }

  private void permission(
      SeededPermission permission, Optional<String> organization, String where) {
    try {
      Vendors.scopedTokens().check(permission.scoped());
    } catch (IllegalArgumentException wrong) {
      reportIf(true, where, String.valueOf(wrong.getMessage()));
      return;
    }
    var org = permission.resource() == null ? null : permission.resource().org();
    reportIf(
        org != null && !organization.equals(Optional.of(org)),
        where + ".resource.org",
        "'%s' must be the token's organization, which is %s"
            .formatted(org, organization.map(name -> "'" + name + "'").orElse("not given")));
  }
}
