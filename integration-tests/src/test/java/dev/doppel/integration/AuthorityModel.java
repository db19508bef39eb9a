package dev.doppel.integration;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The expected users, organizations, roles and credentials, and the permission rules of the design.
 * Independent of the implementation. Not thread-safe.
 */
final class AuthorityModel {

  static final String DEFAULT_NAME = "doppel";
  static final String SYSTEM_NAME = "System";
  private static final String MADE_UP = "@doppel.invalid";

  /** The kinds of an organization. */
  enum Kind {
    DEFAULT,
    SYSTEM,
    ORDINARY
  }

  /** An organization. */
  static final class Org {
    final String id;
    final Kind kind;
    String name;

    Org(String id, Kind kind, String name) {
      this.id = id;
      this.kind = kind;
      this.name = name;
    }

    /** Returns Workspace's name for it. */
    String slug() {
      return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /** One incarnation of a user. A user re-created with the same name and id is another one. */
  static final class Person {
    final String id;
    String name;
    Optional<String> email = Optional.empty();
    long emailSince;
    Optional<String> password = Optional.empty();
    boolean exists = true;
    boolean active = true;
    boolean administrator;
    boolean builtIn;

    /** Whether it registered, and nobody has proved its address since. */
    boolean pending;

    /** Whether it is a service account. */
    boolean program;

    /** Empty for the default organization. */
    Optional<Org> home = Optional.empty();

    /** Memberships by the organization's id; true for owners. */
    final Map<String, Boolean> memberships = new TreeMap<>();

    /** Milvus's roles without {@code admin}. */
    final Set<String> roles = new TreeSet<>();

    Person(String id, String name) {
      this.id = id;
      this.name = name;
    }

    /** Returns the address that Workspace knows it by, unless that is made up. */
    Optional<String> address() {
      return email.or(() -> Optional.of(name).filter(text -> text.endsWith("@x.io")));
    }

    boolean owns(Org org) {
      return memberships.getOrDefault(org.id, false);
    }

    boolean ownsAny() {
      return memberships.containsValue(true);
    }

    boolean signsIn() {
      return exists && active && password.isPresent();
    }

    @Override
    public String toString() {
      return name + (administrator ? "*" : "") + (active ? "" : "(inactive)");
    }
  }

  /** Kinds of credentials other than passwords. */
  enum CredentialKind {
    INFLUX_SESSION,
    INFLUX_TOKEN,
    VCD_SESSION,
    VCD_API_TOKEN,
    WORKSPACE_TOKEN,
    WORKSPACE_REFRESH,
    WORKSPACE_BEARER,
    OPERATOR_TOKEN
  }

  /** A credential of one incarnation of a user. */
  static final class Credential {
    final CredentialKind kind;
    final String secret;
    final Person owner;

    /** The organization of a VCD session or API token, or of a service account's bearer. */
    final Optional<Org> org;

    /** Permissions of an InfluxDB token. */
    final Set<String> permissions;

    /** Whether a VCD session was created with an API token. */
    final boolean limited;

    boolean ended;

    /** Whether the design doesn't specify if it is accepted. */
    boolean open;

    /** The access token that belongs to a refresh token. */
    Optional<String> companion = Optional.empty();

    Credential(
        CredentialKind kind,
        String secret,
        Person owner,
        Optional<Org> org,
        Set<String> permissions,
        boolean limited) {
      this.kind = kind;
      this.secret = secret;
      this.owner = owner;
      this.org = org;
      this.permissions = permissions;
      this.limited = limited;
    }

    boolean alive() {
      return !ended && owner.exists && owner.active && (!isBearer() || belongs());
    }

    boolean isBearer() {
      return kind == CredentialKind.WORKSPACE_BEARER;
    }

    private boolean belongs() {
      return org.filter(one -> owner.memberships.containsKey(one.id)).isPresent();
    }

    /** Returns whether it has all rights of its owner. */
    boolean whole() {
      return kind != CredentialKind.INFLUX_TOKEN && !limited;
    }

    boolean longLived() {
      return kind == CredentialKind.INFLUX_TOKEN
          || kind == CredentialKind.VCD_API_TOKEN
          || kind == CredentialKind.OPERATOR_TOKEN
          || isBearer();
    }

    @Override
    public String toString() {
      return kind + " of " + owner + org.map(one -> " in " + one).orElse("") + permissions;
    }
  }

  /** The design's decision about a call. */
  enum Verdict {
    SUCCEEDS,
    EITHER,
    REFUSED;

    Verdict and(Verdict other) {
      return compareTo(other) >= 0 ? this : other;
    }

    static Verdict of(boolean allowed) {
      return allowed ? SUCCEEDS : REFUSED;
    }
  }

  final Map<String, Person> people = new LinkedHashMap<>();
  final List<Org> orgs = new ArrayList<>();
  final List<Credential> credentials = new ArrayList<>();

  /** Milvus roles that clients created, with their privileges. */
  final Map<String, Set<String>> roles = new TreeMap<>();

  /** Ids of deleted users, for reuse. */
  final List<String> formerIds = new ArrayList<>();

  private long time;

  Org defaultOrg() {
    return orgs.stream().filter(org -> org.kind == Kind.DEFAULT).findFirst().orElseThrow();
  }

  Org system() {
    return orgs.stream().filter(org -> org.kind == Kind.SYSTEM).findFirst().orElseThrow();
  }

  Optional<Person> named(String name) {
    return people.values().stream().filter(person -> person.name.equals(name)).findFirst();
  }

  List<Person> administrators() {
    return people.values().stream().filter(person -> person.administrator).toList();
  }

  Person add(Person person) {
    people.put(person.id, person);
    return person;
  }

  void setEmail(Person person, Optional<String> email) {
    var same = email.isPresent() && person.email.filter(email.get()::equalsIgnoreCase).isPresent();
    person.email = email;
    if (!same) {
      person.emailSince = ++time;
    }
  }

  void remove(Person person) {
    people.remove(person.id);
    person.exists = false;
    formerIds.remove(person.id);
    formerIds.add(person.id);
  }

  void remove(Org org) {
    orgs.remove(org);
    people.values().forEach(person -> leave(person, org));
    credentials.stream()
        .filter(one -> one.org.equals(Optional.of(org)) && !one.isBearer())
        .forEach(one -> one.open = true);
  }

  /** Removes the user from the organization. If it was the home, the default one replaces it. */
  void leave(Person person, Org org) {
    person.memberships.remove(org.id);
    person.home = person.home.filter(home -> home != org);
    credentials.stream()
        .filter(one -> one.owner == person && one.org.equals(Optional.of(org)) && !one.isBearer())
        .forEach(one -> one.open = true);
  }

  /** Deactivation ends sessions permanently; API tokens work again after activation. */
  void setActive(Person person, boolean active) {
    if (person.active && !active) {
      for (var one : credentials) {
        if (one.owner == person) {
          if (one.longLived()) {
            one.open = true;
          } else {
            one.ended = true;
          }
        }
      }
    }
    person.active = active;
  }

  /** A password set by mail ends sessions, and API tokens too if nobody had proved the address. */
  void setPasswordByMail(Person person, String password, boolean provesAddress) {
    var first = person.pending && provesAddress;
    credentials.stream()
        .filter(one -> one.owner == person && (first || !one.longLived()))
        .forEach(one -> one.ended = true);
    person.password = Optional.of(password);
    person.pending = person.pending && !provesAddress;
  }

  /** Returns whether the user belongs to the organization. */
  boolean belongs(Person person, Org org) {
    return person.memberships.containsKey(org.id)
        || switch (org.kind) {
          case DEFAULT -> person.home.isEmpty();
          case SYSTEM -> person.administrator;
          case ORDINARY -> false;
        };
  }

  /** Sentence 4: returns whether the organization is the user's home. */
  boolean isHome(Person person, Org org) {
    return person.home.map(home -> home == org).orElse(org.kind == Kind.DEFAULT);
  }

  /** Sentences 3 and 4: returns whether a caller with all of its rights manages the user. */
  boolean manages(Person caller, Person user) {
    return caller.administrator
        || (!user.administrator
            && orgs.stream().anyMatch(org -> caller.owns(org) && isHome(user, org)));
  }

  /** Sentence 6: returns the members of an organization that a member sees. */
  Predicate<Person> seenBy(Person caller, Org org) {
    var all =
        caller.administrator
            || caller.owns(org)
            || (org.kind == Kind.ORDINARY && belongs(caller, org));
    return all ? user -> belongs(user, org) : user -> user == caller && belongs(user, org);
  }

  /**
   * Sentence 5: returns whether a right of a single dialect permits a change of a user.
   *
   * @param takesOver whether the caller could sign in as the user after the change
   */
  Verdict byDialectRight(Person user, boolean takesOver) {
    var beyond = user.administrator || user.home.isPresent() || user.ownsAny();
    var gained =
        takesOver
            && (!user.roles.isEmpty()
                || user.memberships.keySet().stream().anyMatch(id -> !id.equals(defaultOrg().id)));
    return beyond || gained ? Verdict.REFUSED : Verdict.EITHER;
  }

  /** Denies a change that would leave no administrator who can sign in. */
  Verdict withoutAdministrator(Person user) {
    var last =
        user.administrator
            && user.signsIn()
            && administrators().stream().noneMatch(other -> other != user && other.signsIn());
    return Verdict.of(!last);
  }

  static boolean reserved(String name) {
    var plain = name.strip().toLowerCase(Locale.ROOT);
    return plain.equals("root") || plain.equals("administrator") || plain.endsWith(MADE_UP);
  }

  /**
   * Returns whether a name is free; {@code user} is empty for a new user of the default
   * organization.
   */
  Verdict nameIsFree(String name, Optional<Person> user) {
    var own =
        user.map(one -> orgs.stream().filter(org -> belongs(one, org)).toList())
            .orElseGet(() -> List.of(defaultOrg()));
    return nameIsFree(name, user, own);
  }

  /** Returns whether a name is free for a user of these organizations. */
  Verdict nameIsFree(String name, Optional<Person> user, List<Org> own) {
    if (name.isEmpty()) {
      return Verdict.REFUSED;
    }
    if (reserved(name)) {
      return user.filter(one -> one.builtIn).isPresent() ? Verdict.EITHER : Verdict.REFUSED;
    }
    var verdict = Verdict.SUCCEEDS;
    for (var org : own) {
      verdict = verdict.and(isShownAlone(name, user, org));
    }
    for (var other : people.values()) {
      if (user.isEmpty() || user.get() != other) {
        verdict = verdict.and(Verdict.of(!other.name.equals(name)));
        if (other.email.filter(name::equalsIgnoreCase).isPresent()) {
          verdict =
              verdict.and(
                  other.email.filter(name::equals).isPresent() ? Verdict.REFUSED : Verdict.EITHER);
        }
      }
    }
    return verdict;
  }

  /** Returns whether a user may have the address, which must not be another user's name. */
  Verdict emailIsFree(Optional<String> email, Optional<Person> user) {
    if (email.isEmpty()) {
      return Verdict.SUCCEEDS;
    }
    var text = email.get();
    var verdict = Verdict.of(!reserved(text));
    for (var other : people.values()) {
      if ((user.isEmpty() || user.get() != other) && other.name.equalsIgnoreCase(text)) {
        verdict = verdict.and(other.name.equals(text) ? Verdict.REFUSED : Verdict.EITHER);
      }
    }
    return verdict;
  }

  /**
   * Finds the user for an identifier at sign-in: by name, or else the first user with the address.
   */
  Optional<Person> identify(String text) {
    return named(text)
        .or(
            () ->
                people.values().stream()
                    .filter(person -> person.email.filter(text::equalsIgnoreCase).isPresent())
                    .min((a, b) -> Long.compare(a.emailSince, b.emailSince)));
  }

  /** Returns VCD's name of a user in an organization. */
  static String shown(Person person, Org org) {
    return isShownAsAdministrator(person, org) ? "administrator" : shown(person.name, org.name);
  }

  /** Returns whether VCD shows the built-in account by a name that it can't lose there. */
  static boolean isShownAsAdministrator(Person person, Org org) {
    return person.builtIn && org.kind == Kind.SYSTEM;
  }

  private static String shown(String name, String org) {
    var suffix = "@" + org;
    return name.endsWith(suffix) && name.length() > suffix.length()
        ? name.substring(0, name.length() - suffix.length())
        : name;
  }

  /**
   * Returns whether the name that VCD would show is unique in the organization and not reserved.
   */
  private Verdict isShownAlone(String name, Optional<Person> user, Org org) {
    var shown = shown(name, org.name);
    var others =
        shownAs(shown, org).stream().filter(one -> user.isEmpty() || user.get() != one).toList();
    return Verdict.of(others.isEmpty() && !isShownReserved(name, shown, user));
  }

  private static boolean isShownReserved(String name, String shown, Optional<Person> user) {
    return !shown.equals(name) && reserved(shown) && user.filter(one -> one.builtIn).isEmpty();
  }

  /** Returns whether a user can be added to an organization. */
  Verdict joins(Person user, Org org) {
    return belongs(user, org) ? Verdict.SUCCEEDS : isShownAlone(user.name, Optional.of(user), org);
  }

  /** Returns whether these users can be moved to the default organization. */
  Verdict goHome(List<Person> users) {
    var shown = users.stream().map(user -> shown(user, defaultOrg())).toList();
    return users.stream()
        .map(user -> joins(user, defaultOrg()))
        .reduce(Verdict.of(Set.copyOf(shown).size() == shown.size()), Verdict::and);
  }

  /** Returns whether the names that VCD shows remain unique after the organization is renamed. */
  Verdict orgIsRenamed(Org org, String name) {
    var members = people.values().stream().filter(one -> belongs(one, org)).toList();
    var shown = members.stream().map(one -> shown(one.name, name)).toList();
    return Verdict.of(
        Set.copyOf(shown).size() == shown.size()
            && members.stream()
                .noneMatch(
                    one -> isShownReserved(one.name, shown(one.name, name), Optional.of(one))));
  }

  List<Person> shownAs(String shown, Org org) {
    return people.values().stream()
        .filter(person -> belongs(person, org) && shown(person, org).equals(shown))
        .toList();
  }
}
