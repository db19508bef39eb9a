package dev.doppel.migration;

import dev.doppel.migration.EstateRow.OrganizationRow;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.RoleRow;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.Role;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Imports organizations and roles, and knows which users can belong to. Not thread-safe. */
final class OrganizationImport {

  private final ImportTarget target;

  /** Names of roles that Doppel has with other rights. */
  private final Set<String> differentRoles = new HashSet<>();

  /** The organizations of the source that users can be members of, by their ids there. */
  private final Map<OrganizationId, Organization> organizations = new HashMap<>();

  /** What a dry run would have created: users can only refer to what is in the store. */
  private final List<Organization> takenBackOrganizations = new ArrayList<>();

  private final List<Role> takenBackRoles = new ArrayList<>();

  OrganizationImport(ImportTarget target) {
    this.target = target;
  }

  /** Returns the organizations that users can be members of, by their ids in the source. */
  Map<OrganizationId, Organization> placed() {
    return Collections.unmodifiableMap(organizations);
  }

  /** Returns the names of roles that Doppel has with other rights. */
  Set<String> differentRoles() {
    return Collections.unmodifiableSet(differentRoles);
  }

  private Optional<Refusal> check(Organization organization) {
    return organization.aliases().entrySet().stream()
        .flatMap(
            alias ->
                target.dialects().checkOrganizationAlias(alias.getKey(), alias.getValue()).stream())
        .findFirst()
        .or(() -> target.dialects().checkExtras(organization.extras()));
  }

  /** Imports an organization. */
  RowReport add(long row, OrganizationRow source) {
    return check(source.organization())
        .map(refusal -> ImportTarget.refused(row, source, refusal))
        .orElseGet(() -> write(row, source));
  }

  private RowReport write(long row, OrganizationRow source) {
    var wanted = source.organization();
    var stored =
        target.change(
            now ->
                find(now, wanted)
                    .compose(
                        found ->
                            found.isPresent()
                                ? Future.succeededFuture(
                                    found.map(one -> new PlacedOrganization(one, false)))
                                : insert(now, wanted)));
    if (stored.isEmpty()) {
      return target.conflict(
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
    if (target.dryRun() && stored.get().inserted) {
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

  /** Imports a role. */
  RowReport add(long row, RoleRow source) {
    return target
        .dialects()
        .checkExtras(source.role().extras())
        .map(refusal -> ImportTarget.refused(row, source, refusal))
        .orElseGet(() -> write(row, source));
  }

  private RowReport write(long row, RoleRow source) {
    var wanted = source.role();
    var found =
        target.change(
            now ->
                Failure.emptyIf(Reason.NO_SUCH_ROLE, now.roles().find(wanted.name()))
                    .compose(
                        known ->
                            known.isPresent()
                                ? Future.succeededFuture(known)
                                : now.roles().insert(wanted).map(done -> Optional.<Role>empty())));
    if (found.isEmpty()) {
      if (target.dryRun()) {
        takenBackRoles.add(wanted);
      }
      return RowReport.of(row, source, Verdict.IMPORTED);
    }
    if (found.get().equals(wanted)) {
      return RowReport.of(row, source, Verdict.UNCHANGED);
    }
    differentRoles.add(wanted.name());
    return target.conflict(
        row,
        source,
        Refusal.of(
            "role_differs",
            "Doppel has a role of this name with other rights or another description.",
            "rename it in the source, or in Doppel"));
  }

  /** Creates what a dry run took back, for users to refer to. */
  Future<Void> putTakenBack(Realm now) {
    var last = Future.<Void>succeededFuture();
    for (var one : takenBackOrganizations) {
      last = last.compose(done -> now.storage().organizations().insert(one).mapEmpty());
    }
    for (var one : takenBackRoles) {
      last = last.compose(done -> now.roles().insert(one).mapEmpty());
    }
    return last;
  }
}
