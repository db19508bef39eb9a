package dev.doppel.migration;

import dev.doppel.dialect.Suggestions;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.UserRow;
import dev.doppel.migration.ImportTarget.Numbered;
import dev.doppel.migration.RowReport.PasswordVerdict;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.passwords.HashFamilies;
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
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users.CreationResult;
import io.vertx.core.Future;
import java.text.Normalizer;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Imports users. Not thread-safe. */
final class UserImport {

  private final ImportTarget target;
  private final OrganizationImport organizations;

  UserImport(ImportTarget target, OrganizationImport organizations) {
    this.target = target;
    this.organizations = organizations;
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

  /** Imports users in one change, and returns the verdict of each. */
  List<RowReport> write(List<Numbered<UserRow>> batch) {
    var prepared = batch.stream().map(this::prepare).toList();
    var reports =
        target.change(
            now -> {
              var ready = prepared.stream().filter(one -> one.verdict.isEmpty()).toList();
              return organizations
                  .putTakenBack(now)
                  .compose(
                      done ->
                          now.users()
                              .by(Authority.SERVER)
                              .insertAll(ready.stream().map(one -> one.user).toList()))
                  .compose(results -> reports(now, ready, results));
            });
    var written = reports.iterator();
    var all = new ArrayList<RowReport>(prepared.size());
    for (var one : prepared) {
      var verdict = one.verdict.isPresent() ? one.verdict.get() : written.next();
      if (verdict.verdict() == Verdict.IMPORTED) {
        var unusedBefore =
            target
                .index()
                .add("owner", ImportTarget.key(one.source.row().person()), one.source.number());
        assert unusedBefore.isEmpty();
      }
      all.add(verdict);
    }
    return all;
  }

  private PreparedUser prepare(Numbered<UserRow> source) {
    var given = source.row().user();
    var refusal =
        checkAliases(given)
            .or(() -> target.dialects().checkExtras(given.extras()))
            .or(() -> checkTwice(source))
            .or(() -> checkHome(given));
    var lost = new ArrayList<>(source.row().lost());
    var memberships = new HashMap<OrganizationId, Membership>();
    given
        .memberships()
        .forEach(
            (id, membership) -> {
              var organization = organizations.placed().get(id);
              if (organization == null) {
                lost.add("organizations");
              } else {
                memberships.put(organization.id(), membership);
              }
            });
    var home = given.home().flatMap(id -> Optional.ofNullable(organizations.placed().get(id)));
    var roles = new HashSet<>(given.roles());
    // Doppel's role of the name may have more rights.
    if (roles.removeAll(organizations.differentRoles())) {
      lost.add("roles");
    }
    var error = given.password().flatMap(PasswordHash::findError);
    var hash = error.isPresent() ? Optional.<PasswordHash>empty() : storable(given);
    var imported = source.row().person().alias().isPresent();
    var now = target.realm().clock().instant().truncatedTo(ChronoUnit.MICROS);
    var user =
        new User(
            imported ? new UserId(target.realm().ids().next()) : given.id(),
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
            refusal.map(
                one -> RowReport.of(source.number(), source.row(), Verdict.REFUSED).with(one)),
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
    return StoreWaits.awaitRetrying(() -> target.realm().users().hashPassword(hashed)).hash();
  }

  /** The owners of another home would manage the user. */
  private Optional<Refusal> checkHome(User user) {
    return user.home().filter(id -> !organizations.placed().containsKey(id)).isEmpty()
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                "home_missing",
                "The user's home organization was not imported.",
                "import the organization first"));
  }

  private Optional<Refusal> checkAliases(User user) {
    return user.aliases().stream()
        .flatMap(alias -> target.dialects().checkUserAlias(alias.dialect(), alias.id()).stream())
        .findFirst();
  }

  /** Returns the refusal of a row whose name, id or alias an earlier row has. */
  private Optional<Refusal> checkTwice(Numbered<UserRow> source) {
    var user = source.row().user();
    var first = target.index().add("name", user.name(), source.number());
    for (var alias : user.aliases()) {
      first =
          first.isPresent()
              ? first
              : target.index().add("alias", alias.dialect() + "/" + alias.id(), source.number());
    }
    if (first.isEmpty() && source.row().person().id().isPresent()) {
      first = target.index().add("id", user.id().toString(), source.number());
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
      var twin = target.index().add("alike", alike, prepared.source.number());
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
                  RowReport.of(one.source.number(), one.source.row(), Verdict.IMPORTED)
                      .withId(one.user.id().toString())
                      .withPassword(one.password, one.algorithm)
                      .with(one.lost, one.notes))
              : diagnose(now, one, failure.get()));
    }
    return Future.all(reports).map(all -> all.<RowReport>list());
  }

  /** Finds out who is in the way of a user: the user itself, or somebody else. */
  private Future<RowReport> diagnose(Realm now, PreparedUser one, Failure failure) {
    return ImportTarget.findPerson(now, one.source.row().person())
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(compared(one, known.get()))
                    : refused(now, one, failure));
  }

  private RowReport compared(PreparedUser one, User stored) {
    var number = one.source.number();
    return includes(stored, one.user)
        ? RowReport.of(number, one.source.row(), Verdict.UNCHANGED).withId(stored.id().toString())
        : target.conflict(
            number,
            one.source.row(),
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
    var number = one.source.number();
    if (failure.reason() == Reason.USER_EXISTS && ReservedNames.contains(user.name())) {
      return Future.succeededFuture(
          RowReport.of(number, one.source.row(), Verdict.REFUSED)
              .with(
                  Refusal.of(
                      "name_reserved",
                      "The name is reserved for the built-in account.",
                      "rename the user in the source")));
    }
    if (failure.reason() == Reason.USER_ID_EXISTS) {
      return Future.succeededFuture(
          target.conflict(
              number,
              one.source.row(),
              Refusal.of(
                  "id_taken",
                  "Another user has the id or the alias.",
                  "delete that user, or import into another store")));
    }
    if (failure.reason() != Reason.USER_EXISTS) {
      return Future.succeededFuture(
          RowReport.of(number, one.source.row(), Verdict.REFUSED)
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
                target.conflict(
                    number,
                    one.source.row(),
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
}
