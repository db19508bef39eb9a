package dev.doppel.migration;

import dev.doppel.dialect.Suggestions;
import dev.doppel.migration.EstateRow.InvalidRow;
import dev.doppel.migration.EstateRow.OrganizationRow;
import dev.doppel.migration.EstateRow.Person;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.RoleRow;
import dev.doppel.migration.EstateRow.TokenRow;
import dev.doppel.migration.EstateRow.UserRow;
import dev.doppel.migration.RowReport.PasswordVerdict;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.users.Alias;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Realm;
import dev.doppel.users.ReservedNames;
import dev.doppel.users.Role;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users.CreationResult;
import io.vertx.core.Future;
import java.text.Normalizer;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes the rows of a source to a store and gives each a verdict. A user that the store has
 * already, by its id or alias, stays as it is, so that a run that was interrupted goes on when it
 * is repeated. Users and tokens are written in batches, each of them one change. Not thread-safe.
 *
 * <p>A dry run does the same, but takes every change back.
 */
public final class ImportRun {

  private static final int BATCH = 1_000;

  /** What happens to a row that something else in the store stands in the way of. */
  public enum ConflictRule {
    /** The row is refused. */
    REFUSE,
    /** The row is skipped; that is as wished. */
    KEEP
  }

  /** Names of roles that Doppel has with other rights. */
  private final Set<String> differentRoles = new HashSet<>();

  private final Realm realm;
  private final Dialects dialects;
  private final boolean dryRun;
  private final ConflictRule conflicts;
  private final Consumer<RowReport> report;
  private final SourceIndex index;

  /** The organizations of the source that users can be members of, by their ids there. */
  private final Map<OrganizationId, Organization> organizations = new HashMap<>();

  /** What a dry run would have created: users can only refer to what is in the store. */
  private final List<Organization> takenBackOrganizations = new ArrayList<>();

  private final List<Role> takenBackRoles = new ArrayList<>();

  private long row;

  private ImportRun(
      Realm realm,
      Dialects dialects,
      boolean dryRun,
      ConflictRule conflicts,
      Consumer<RowReport> report,
      SourceIndex index) {
    this.realm = realm;
    this.dialects = dialects;
    this.dryRun = dryRun;
    this.conflicts = conflicts;
    this.report = report;
    this.index = index;
  }

  /**
   * Imports all rows. Blocks.
   *
   * @param realm over a store that may be empty; what every realm has is created at the end
   * @param dialects that aliases and extras can belong to
   * @param report receives the verdict of each row, in their order
   * @throws MigrationException if the source can't be read or the store isn't available; rows of
   *     which a verdict was reported are in, unless it is a dry run
   */
  public static ImportSummary run(
      Realm realm,
      Dialects dialects,
      Source source,
      boolean dryRun,
      ConflictRule conflicts,
      Consumer<RowReport> report) {
    var summary = new ImportSummary(source.description(), dryRun);
    try (var index = new SourceIndex()) {
      var run =
          new ImportRun(
              realm,
              dialects,
              dryRun,
              conflicts,
              one -> {
                summary.add(one);
                report.accept(one);
              },
              index);
      run.run(source.rows());
    }
    if (!dryRun) {
      StoreWaits.awaitRetrying(realm::createDefaults);
    }
    return summary;
  }

  /** A row with its number. */
  private record Numbered<T extends EstateRow>(long number, T row) {}

  private void run(Iterator<EstateRow> rows) {
    var users = new ArrayList<Numbered<UserRow>>();
    var tokens = new ArrayList<Numbered<TokenRow>>();
    while (rows.hasNext()) {
      var next = rows.next();
      row++;
      if (!(next instanceof UserRow) || users.size() == BATCH) {
        flushUsers(users);
      }
      if (!(next instanceof TokenRow) || tokens.size() == BATCH) {
        flushTokens(tokens);
      }
      if (next instanceof UserRow user) {
        users.add(new Numbered<>(row, user));
      } else if (next instanceof TokenRow token) {
        tokens.add(new Numbered<>(row, token));
      } else if (next instanceof OrganizationRow organization) {
        report.accept(
            check(organization.organization())
                .map(refusal -> refused(row, organization, refusal))
                .orElseGet(() -> organization(organization)));
      } else if (next instanceof RoleRow role) {
        report.accept(
            dialects
                .checkExtras(role.role().extras())
                .map(refusal -> refused(row, role, refusal))
                .orElseGet(() -> role(role)));
      } else if (next instanceof InvalidRow invalid) {
        report.accept(refused(row, invalid, invalid.refusal()));
      }
    }
    flushUsers(users);
    flushTokens(tokens);
  }

  /** Makes a change, and takes it back in a dry run. */
  private <T> T change(Function<Realm, Future<T>> work) {
    return StoreWaits.awaitRetrying(
        () ->
            realm
                .<T>change(
                    now ->
                        work.apply(now)
                            .compose(
                                result ->
                                    dryRun
                                        ? Future.failedFuture(new DryRunException(result))
                                        : Future.succeededFuture(result)))
                .recover(ImportRun::resultOfDryRun));
  }

  /** Takes a change back and carries its result. */
  private static final class DryRunException extends RuntimeException {
    private final transient Object result;

    DryRunException(Object result) {
      super("dry run", null, false, false);
      this.result = result;
    }
  }

  @SuppressWarnings("unchecked") // the result of the same change
  private static <T> Future<T> resultOfDryRun(Throwable thrown) {
    return thrown instanceof DryRunException done
        ? Future.succeededFuture((T) done.result)
        : Future.failedFuture(thrown);
  }

  private static RowReport refused(long number, EstateRow source, Refusal refusal) {
    return RowReport.of(number, source, Verdict.REFUSED).with(refusal);
  }

  private RowReport conflict(long number, EstateRow source, Refusal refusal) {
    var verdict = conflicts == ConflictRule.KEEP ? Verdict.SKIPPED : Verdict.REFUSED;
    return RowReport.of(number, source, verdict).with(refusal);
  }

  private Optional<Refusal> check(Organization organization) {
    return organization.aliases().entrySet().stream()
        .flatMap(
            alias -> dialects.checkOrganizationAlias(alias.getKey(), alias.getValue()).stream())
        .findFirst()
        .or(() -> dialects.checkExtras(organization.extras()));
  }

  private RowReport organization(OrganizationRow source) {
    var wanted = source.organization();
    var stored =
        change(
            now ->
                find(now, wanted)
                    .compose(
                        found ->
                            found.isPresent()
                                ? Future.succeededFuture(
                                    found.map(one -> new PlacedOrganization(one, false)))
                                : insert(now, wanted)));
    if (stored.isEmpty()) {
      return conflict(
          row,
          source,
          Refusal.of(
              "organization_exists",
              "Another organization has the name, the id, or a name that differs only in"
                  + " punctuation.",
              "rename it in the source, or in Doppel"));
    }
    var placed = stored.get().organization;
    organizations.put(wanted.id(), placed);
    if (dryRun && stored.get().inserted) {
      takenBackOrganizations.add(placed);
    }
    var same = placed.id().equals(wanted.id()) && placed.name().equals(wanted.name());
    var known = same ? Verdict.UNCHANGED : Verdict.MERGED;
    return RowReport.of(row, source, stored.get().inserted ? Verdict.IMPORTED : known)
        .withId(placed.id().toString())
        .with(same ? List.of() : dropped(wanted, placed), List.of());
  }

  /** Returns what the organization of the source has and the one that stands for it has not. */
  private static List<String> dropped(Organization wanted, Organization placed) {
    var dropped = new ArrayList<String>();
    if (!wanted.description().isEmpty() && !wanted.description().equals(placed.description())) {
      dropped.add("description");
    }
    if (!placed.extras().entrySet().containsAll(wanted.extras().entrySet())) {
      dropped.add("extras");
    }
    if (!placed.aliases().entrySet().containsAll(wanted.aliases().entrySet())) {
      dropped.add("aliases");
    }
    return dropped;
  }

  /** An organization of the store that stands for one of the source. */
  private record PlacedOrganization(Organization organization, boolean inserted) {}

  /** Finds the same organization in the store: of the same kind, or with the same id and name. */
  private static Future<Optional<Organization>> find(Realm now, Organization wanted) {
    var store = now.storage().organizations();
    return Failure.emptyIf(
            Reason.NO_SUCH_ORGANIZATION,
            wanted.kind() == Organization.Kind.ORDINARY
                ? store.find(wanted.id())
                : store.find(wanted.kind()))
        .map(
            found ->
                found.filter(
                    one ->
                        wanted.kind() != Organization.Kind.ORDINARY
                            || one.name().equals(wanted.name())));
  }

  private static Future<Optional<PlacedOrganization>> insert(Realm now, Organization wanted) {
    return (wanted.kind() == Organization.Kind.ORDINARY
            ? now.organizations().isNameFree(wanted.name(), wanted.id())
            : Future.succeededFuture(true))
        .compose(
            free ->
                free
                    ? now.storage()
                        .organizations()
                        .insert(wanted)
                        .map(done -> Optional.of(new PlacedOrganization(wanted, true)))
                        .recover(
                            Failure.on(
                                Reason.ORGANIZATION_EXISTS,
                                () -> Future.succeededFuture(Optional.empty())))
                    : Future.succeededFuture(Optional.empty()));
  }

  private RowReport role(RoleRow source) {
    var wanted = source.role();
    var found =
        change(
            now ->
                Failure.emptyIf(Reason.NO_SUCH_ROLE, now.roles().find(wanted.name()))
                    .compose(
                        known ->
                            known.isPresent()
                                ? Future.succeededFuture(known)
                                : now.roles().insert(wanted).map(done -> Optional.<Role>empty())));
    if (found.isEmpty()) {
      if (dryRun) {
        takenBackRoles.add(wanted);
      }
      return RowReport.of(row, source, Verdict.IMPORTED);
    }
    if (found.get().equals(wanted)) {
      return RowReport.of(row, source, Verdict.UNCHANGED);
    }
    differentRoles.add(wanted.name());
    return conflict(
        row,
        source,
        Refusal.of(
            "role_differs",
            "Doppel has a role of this name with other rights or another description.",
            "rename it in the source, or in Doppel"));
  }

  /** A user that is ready to be written, or a verdict if it won't be. */
  private static final class PreparedUser {
    final Numbered<UserRow> source;
    final User user;
    final Optional<RowReport> verdict;
    final PasswordVerdict password;
    final Optional<String> algorithm;
    final List<String> lost = new ArrayList<>();
    final List<String> notes = new ArrayList<>();

    PreparedUser(
        Numbered<UserRow> source,
        User user,
        Optional<RowReport> verdict,
        PasswordVerdict password,
        Optional<String> algorithm) {
      this.source = source;
      this.user = user;
      this.verdict = verdict;
      this.password = password;
      this.algorithm = algorithm;
    }
  }

  private void flushUsers(List<Numbered<UserRow>> batch) {
    if (batch.isEmpty()) {
      return;
    }
    var prepared = batch.stream().map(this::prepare).toList();
    var reports =
        change(
            now -> {
              var ready = prepared.stream().filter(one -> one.verdict.isEmpty()).toList();
              return putTakenBack(now)
                  .compose(
                      done ->
                          now.users()
                              .by(Authority.SERVER)
                              .insertAll(ready.stream().map(one -> one.user).toList()))
                  .compose(results -> reports(now, ready, results));
            });
    var written = reports.iterator();
    for (var one : prepared) {
      var verdict = one.verdict.isPresent() ? one.verdict.get() : written.next();
      if (verdict.verdict() == Verdict.IMPORTED) {
        var unusedBefore = index.add("owner", key(one.source.row.person()), one.source.number);
        assert unusedBefore.isEmpty();
      }
      report.accept(verdict);
    }
    batch.clear();
  }

  private Future<Void> putTakenBack(Realm now) {
    var last = Future.<Void>succeededFuture();
    for (var one : takenBackOrganizations) {
      last = last.compose(done -> now.storage().organizations().insert(one).mapEmpty());
    }
    for (var one : takenBackRoles) {
      last = last.compose(done -> now.roles().insert(one).mapEmpty());
    }
    return last;
  }

  private PreparedUser prepare(Numbered<UserRow> source) {
    var given = source.row.user();
    var refusal =
        checkAliases(given)
            .or(() -> dialects.checkExtras(given.extras()))
            .or(() -> checkTwice(source))
            .or(() -> checkHome(given));
    var lost = new ArrayList<>(source.row.lost());
    var memberships = new HashMap<OrganizationId, Membership>();
    given
        .memberships()
        .forEach(
            (id, membership) -> {
              var organization = organizations.get(id);
              if (organization == null) {
                lost.add("organizations");
              } else {
                memberships.put(organization.id(), membership);
              }
            });
    var home = given.home().flatMap(id -> Optional.ofNullable(organizations.get(id)));
    var roles = new HashSet<>(given.roles());
    if (roles.removeAll(differentRoles)) { // Doppel's role of the name may have more rights
      lost.add("roles");
    }
    var error = given.password().flatMap(PasswordHash::findError);
    var hash = error.isPresent() ? Optional.<PasswordHash>empty() : storable(given);
    var imported = source.row.person().alias().isPresent();
    var now = realm.clock().instant().truncatedTo(ChronoUnit.MICROS);
    var user =
        new User(
            imported ? new UserId(realm.ids().next()) : given.id(),
            given.name(),
            given.status(),
            hash,
            given.email(),
            given.emailSince(),
            given.fullName(),
            given.administrator(),
            given.builtIn(),
            home.map(Organization::id),
            roles,
            memberships,
            imported ? now : given.created(),
            imported ? now : given.updated(),
            given.version(),
            given.sessionEpoch(),
            given.aliases(),
            given.extras());
    var password =
        given.password().isEmpty()
            ? PasswordVerdict.NONE
            : error.isPresent() ? PasswordVerdict.REFUSED_FORM : PasswordVerdict.KEPT;
    var prepared =
        new PreparedUser(
            source,
            user,
            refusal.map(one -> RowReport.of(source.number, source.row, Verdict.REFUSED).with(one)),
            password,
            given.password().flatMap(one -> HashFamilies.findName(one.encoded())));
    prepared.lost.addAll(lost);
    error.ifPresent(reason -> prepared.notes.add("no password is kept: " + reason));
    addTwin(prepared);
    return prepared;
  }

  /** Returns the hash, or a strong hash of a weak one. */
  private Optional<PasswordHash> storable(User given) {
    if (given.password().filter(hash -> HashFamilies.parse(hash.encoded()).isWeak()).isEmpty()) {
      return given.password();
    }
    var hashed = NewUser.named(given.name()).withHash(given.password().get());
    return StoreWaits.awaitRetrying(() -> realm.users().hashPassword(hashed)).hash();
  }

  /** The owners of another home would manage the user. */
  private Optional<Refusal> checkHome(User user) {
    return user.home().filter(id -> !organizations.containsKey(id)).isEmpty()
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                "home_missing",
                "The user's home organization was not imported.",
                "import the organization first"));
  }

  private Optional<Refusal> checkAliases(User user) {
    return user.aliases().stream()
        .flatMap(alias -> dialects.checkUserAlias(alias.dialect(), alias.id()).stream())
        .findFirst();
  }

  /** Returns the refusal of a row whose name, id or alias an earlier row has. */
  private Optional<Refusal> checkTwice(Numbered<UserRow> source) {
    var user = source.row.user();
    var first = index.add("name", user.name(), source.number);
    for (var alias : user.aliases()) {
      first =
          first.isPresent()
              ? first
              : index.add("alias", alias.dialect() + "/" + alias.id(), source.number);
    }
    if (first.isEmpty() && source.row.person().id().isPresent()) {
      first = index.add("id", user.id().toString(), source.number);
    }
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Refusal.by(
                "twice_in_source",
                "row " + first.getAsLong(),
                "An earlier row of the source has the same name, id or alias.",
                "remove one of them from the source"));
  }

  /** Notes a name that differs from another one in what people don't see. */
  private void addTwin(PreparedUser prepared) {
    if (prepared.verdict.isEmpty()) {
      var name = prepared.user.name();
      var alike = Normalizer.normalize(name, Normalizer.Form.NFC).strip().toLowerCase(Locale.ROOT);
      var twin = index.add("alike", alike, prepared.source.number);
      if (twin.isPresent()) {
        prepared.notes.add(
            "the name of row %s differs only in case, Unicode form or blanks"
                .formatted(twin.getAsLong()));
      }
    }
  }

  private Future<List<RowReport>> reports(
      Realm now, List<PreparedUser> ready, List<CreationResult> results) {
    var reports = new ArrayList<Future<RowReport>>(ready.size());
    for (int i = 0; i < ready.size(); i++) {
      var one = ready.get(i);
      var failure = results.get(i).failure();
      reports.add(
          failure.isEmpty()
              ? Future.succeededFuture(
                  RowReport.of(one.source.number, one.source.row, Verdict.IMPORTED)
                      .withId(one.user.id().toString())
                      .withPassword(one.password, one.algorithm)
                      .with(one.lost, one.notes))
              : diagnose(now, one, failure.get()));
    }
    return Future.all(reports).map(all -> all.<RowReport>list());
  }

  /** Finds out who is in the way of a user: the user itself, or somebody else. */
  private Future<RowReport> diagnose(Realm now, PreparedUser one, Failure failure) {
    return findPerson(now, one.source.row.person())
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(compared(one, known.get()))
                    : refused(now, one, failure));
  }

  private static Future<Optional<User>> findPerson(Realm now, Person person) {
    return Failure.emptyIf(
        Reason.NO_SUCH_USER,
        person.alias().isPresent()
            ? now.users().find(person.alias().get())
            : now.users().find(person.id().orElseThrow()));
  }

  private RowReport compared(PreparedUser one, User stored) {
    var number = one.source.number;
    return includes(stored, one.user)
        ? RowReport.of(number, one.source.row, Verdict.UNCHANGED).withId(stored.id().toString())
        : conflict(
            number,
            one.source.row,
            Refusal.by(
                "differs",
                stored.id().toString(),
                "The user was imported before, and differs from the source now.",
                "change it in Doppel, or import with --on-conflict keep"));
  }

  /** Returns whether a stored user has everything that the source knows, passwords apart. */
  private static boolean includes(User stored, User given) {
    return stored.name().equals(given.name())
        && stored.status() == given.status()
        && (given.email().isEmpty() || stored.email().equals(given.email()))
        && (given.fullName().isEmpty() || stored.fullName().equals(given.fullName()))
        && (!given.administrator() || stored.administrator())
        && stored.roles().containsAll(given.roles())
        && stored.memberships().entrySet().containsAll(given.memberships().entrySet())
        && stored.aliases().containsAll(given.aliases())
        && stored.extras().entrySet().containsAll(given.extras().entrySet());
  }

  private Future<RowReport> refused(Realm now, PreparedUser one, Failure failure) {
    var user = one.user;
    var number = one.source.number;
    if (failure.reason() == Reason.USER_EXISTS && ReservedNames.contains(user.name())) {
      return Future.succeededFuture(
          RowReport.of(number, one.source.row, Verdict.REFUSED)
              .with(
                  Refusal.of(
                      "name_reserved",
                      "The name is reserved for the built-in account.",
                      "rename the user in the source")));
    }
    if (failure.reason() == Reason.USER_ID_EXISTS) {
      return Future.succeededFuture(
          conflict(
              number,
              one.source.row,
              Refusal.of(
                  "id_taken",
                  "Another user has the id or the alias.",
                  "delete that user, or import into another store")));
    }
    if (failure.reason() != Reason.USER_EXISTS) {
      return Future.succeededFuture(
          RowReport.of(number, one.source.row, Verdict.REFUSED)
              .with(
                  Refusal.of(
                      failure.reason().name().toLowerCase(Locale.ROOT),
                      "The store refuses the user: %s%s."
                          .formatted(
                              failure.reason().name().toLowerCase(Locale.ROOT).replace('_', ' '),
                              failure
                                  .subject()
                                  .map(subject -> ": " + Suggestions.quote(subject))
                                  .orElse("")),
                      "correct the user in the source")));
    }
    return Failure.emptyIf(Reason.NO_SUCH_USER, now.users().find(user.name()))
        .map(
            namesake ->
                conflict(
                    number,
                    one.source.row,
                    namesake.isPresent()
                        ? Refusal.by(
                            "name_taken",
                            namesake.get().id().toString(),
                            "Another user has the name.",
                            "rename one of them, or import with --on-conflict keep")
                        : Refusal.of(
                            "name_or_address_taken",
                            "The name is another user's e-mail address or the reverse, an"
                                + " organization would show two users alike, or there is a"
                                + " built-in account already.",
                            "rename one of them, or import with --on-conflict keep")));
  }

  private static String key(Person person) {
    return person
        .alias()
        .map(ImportRun::text)
        .orElseGet(() -> person.id().map(UserId::toString).orElse(""));
  }

  private static String text(Alias alias) {
    return alias.dialect() + "/" + alias.id();
  }

  private void flushTokens(List<Numbered<TokenRow>> batch) {
    if (batch.isEmpty()) {
      return;
    }
    var twice = new HashMap<Long, Long>();
    for (var one : batch) {
      index
          .add("token", one.row.hash().hex(), one.number)
          .ifPresent(first -> twice.put(one.number, first));
    }
    var reports =
        change(
            now -> {
              var each = new ArrayList<RowReport>();
              var last = Future.<Void>succeededFuture();
              for (var one : batch) { // one after the other, since each may take another's id
                last = last.compose(done -> token(now, one, twice)).map(each::add).mapEmpty();
              }
              return last.map(done -> each);
            });
    reports.forEach(report);
    batch.clear();
  }

  private Future<RowReport> token(Realm now, Numbered<TokenRow> source, Map<Long, Long> twice) {
    var first = twice.get(source.number);
    if (first != null) {
      return Future.succeededFuture(
          RowReport.of(source.number, source.row, Verdict.REFUSED)
              .with(
                  Refusal.by(
                      "twice_in_source",
                      "row " + first,
                      "An earlier row of the source has the same token.",
                      "remove one of them from the source")));
    }
    return findPerson(now, source.row.owner())
        .compose(
            owner ->
                owner.isPresent()
                    ? token(now, source, owner.get())
                    : Future.succeededFuture(withoutOwner(source)));
  }

  /** In a dry run the owner may be one that would have been imported. */
  private RowReport withoutOwner(Numbered<TokenRow> source) {
    return dryRun && index.find("owner", key(source.row.owner())).isPresent()
        ? checkedWithoutOwner(source)
        : RowReport.of(source.number, source.row, Verdict.REFUSED)
            .with(
                Refusal.of(
                    "owner_missing",
                    "The owner of the token was not imported.",
                    "import the owner first"));
  }

  private RowReport checkedWithoutOwner(Numbered<TokenRow> source) {
    return missingOrganization(source)
        .map(refusal -> RowReport.of(source.number, source.row, Verdict.REFUSED).with(refusal))
        .orElseGet(() -> RowReport.of(source.number, source.row, Verdict.IMPORTED));
  }

  private Optional<Refusal> missingOrganization(Numbered<TokenRow> source) {
    return source.row.organization().filter(id -> !organizations.containsKey(id)).isPresent()
        ? Optional.of(
            Refusal.of(
                "organization_missing",
                "The organization of the token was not imported.",
                "import the organization first"))
        : Optional.empty();
  }

  private Future<RowReport> token(Realm now, Numbered<TokenRow> source, User owner) {
    var missing = missingOrganization(source);
    if (missing.isPresent()) {
      return Future.succeededFuture(
          RowReport.of(source.number, source.row, Verdict.REFUSED).with(missing.get()));
    }
    Token token;
    try {
      token = source.row.content().create(owner, organizations);
    } catch (IllegalArgumentException wrong) {
      return Future.succeededFuture(
          RowReport.of(source.number, source.row, Verdict.REFUSED)
              .with(
                  Refusal.of(
                      "token_form",
                      String.valueOf(wrong.getMessage()),
                      "issue a new token after the import")));
    }
    var unknown = dialects.checkExtras(token.extras());
    if (unknown.isPresent()) {
      return Future.succeededFuture(refused(source.number, source.row, unknown.get()));
    }
    return Failure.emptyIf(Reason.NO_SUCH_TOKEN, now.storage().tokens().find(token.hash()))
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(
                        known.get().owner().equals(owner.id())
                            ? RowReport.of(source.number, source.row, Verdict.UNCHANGED)
                            : conflict(
                                source.number,
                                source.row,
                                Refusal.of(
                                    "token_taken",
                                    "Another user has the same token.",
                                    "end one of them")))
                    : insert(now, token)
                        .map(RowReport.of(source.number, source.row, Verdict.IMPORTED)));
  }

  /** Another token may have the id, which only lists show; then this one gets a new id. */
  private static Future<Token> insert(Realm now, Token token) {
    var store = now.storage().tokens();
    return Failure.emptyIf(Reason.NO_SUCH_TOKEN, store.find(token.id()))
        .compose(taken -> store.insert(taken.isEmpty() ? token : withId(token, now.ids().next())));
  }

  private static Token withId(Token token, long id) {
    return new Token(
        token.hash(),
        id,
        token.owner(),
        token.ownerCreated(),
        token.ownerEpoch(),
        token.kind(),
        token.dialect(),
        token.status(),
        token.created(),
        token.updated(),
        token.expires(),
        token.description(),
        token.extras());
  }
}
