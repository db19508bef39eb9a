package dev.doppel.migration;

import dev.doppel.dialect.Suggestions;
import dev.doppel.dialect.Vendor;
import dev.doppel.dialect.Vendor.OrganizationIds;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.users.IdForm;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * The dialects that aliases and extras can belong to, and the forms of their ids. Immutable.
 *
 * @param names of all dialects
 * @param users the forms of user ids in the dialects with ids of their own
 * @param organizations the forms of organization ids, by dialect
 */
public record Dialects(
    List<String> names, List<IdForm> users, Map<String, OrganizationIds> organizations) {

  public Dialects {
    names = List.copyOf(names);
    users = List.copyOf(users);
    organizations = Map.copyOf(organizations);
  }

  /** Returns the dialects of vendors. */
  public static Dialects of(List<? extends Vendor<?>> vendors) {
    var organizations = new TreeMap<String, OrganizationIds>();
    for (var vendor : vendors) {
      vendor.organizationIds().ifPresent(form -> organizations.put(vendor.name(), form));
    }
    return new Dialects(
        vendors.stream().map(vendor -> vendor.name()).toList(),
        vendors.stream().flatMap(vendor -> vendor.idForm().stream()).toList(),
        organizations);
  }

  /** Checks the alias of a user. */
  Optional<Refusal> checkUserAlias(String dialect, String id) {
    var form = users.stream().filter(one -> one.dialect().equals(dialect)).findFirst();
    return checkAlias(
        "user",
        dialect,
        id,
        form.map(IdForm::allowed),
        form.map(IdForm::description),
        users.stream().map(IdForm::dialect).toList());
  }

  /** Checks the alias of an organization. */
  Optional<Refusal> checkOrganizationAlias(String dialect, String id) {
    var form = Optional.ofNullable(organizations.get(dialect));
    return checkAlias(
        "organization",
        dialect,
        id,
        form.map(OrganizationIds::allowed),
        form.map(OrganizationIds::description),
        new TreeSet<>(organizations.keySet()));
  }

  private static Optional<Refusal> checkAlias(
      String kind,
      String dialect,
      String id,
      Optional<Pattern> allowed,
      Optional<String> description,
      Collection<String> known) {
    if (allowed.isEmpty()) {
      return Optional.of(
          Refusal.of(
              "alias_dialect",
              "The %s has an alias of a dialect that is not known.".formatted(kind),
              "use " + String.join(", ", known)));
    }
    return allowed.get().matcher(id).matches()
        ? Optional.empty()
        : Optional.of(
            Refusal.of(
                "alias_form",
                "An alias of %s is not of the vendor's form.".formatted(dialect),
                "use " + description.orElse("")));
  }

  /** Checks the keys of extras: a dialect, or a dialect with a hyphen and more after it. */
  Optional<Refusal> checkExtras(Map<String, String> extras) {
    return extras.keySet().stream()
        .filter(
            key -> names.stream().noneMatch(name -> key.equals(name) || key.startsWith(name + "-")))
        .sorted()
        .findFirst()
        .map(
            key ->
                Refusal.of(
                    "extras_dialect",
                    "The extras name a dialect that is not known: %s."
                        .formatted(Suggestions.quote(key)),
                    "use " + String.join(", ", names)));
  }
}
