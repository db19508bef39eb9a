package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserFilter.Compared;
import dev.doppel.users.UserQuery;
import dev.doppel.vcloud.VcloudFiql.Comparison;
import java.util.List;
import java.util.Optional;

/**
 * Lists of users in core's words: which properties of {@code VcdUser} can be searched and sorted by
 * (OpenAPI description 37.2), and what they mean in an organisation.
 */
final class VcloudUserSearch implements VcloudFiql.Meaning<UserFilter> {

  private static final UserFilter NOBODY = new UserFilter.Any(List.of());
  private static final UserField FULL_NAME = new UserField.Defaulted(Common.FULL_NAME, "");
  private static final String ACTIVE = "active";

  private final Organization organization;
  private final VcloudVersion version;

  VcloudUserSearch(Organization organization, VcloudVersion version) {
    this.organization = organization;
    this.version = version;
  }

  /** The users that a request asks for. What it can't ask for is INVALID_VALUE. */
  UserQuery query(Call call, VcloudPaging paging) {
    var query = paging.query();
    var sorted = paging.sort().map(sort -> sorted(query, sort)).orElse(query.by(Common.NAME));
    return call.query("filter")
        .filter(text -> !text.isEmpty())
        .map(text -> sorted.matching(VcloudFiql.read(text, this)))
        .orElse(sorted);
  }

  private UserQuery sorted(UserQuery query, VcloudPaging.Sort sort) {
    var descending = query.descending(sort.descending());
    return switch (sort.property()) {
      // not active is less than active here, and more as text
      case "enabled" -> query.by(Common.STATUS).descending(!sort.descending());
      case "username", "nameInSource" -> descending.by(Common.NAME);
      // the same of everybody
      case "orgEntityRef" -> descending.by(Common.NAME);
      case "locked", "stranded" ->
          descending.by(only(VcloudVersion.WITH_LOCKED, Common.NAME).orElseThrow(sort::refused));
      default -> descending.by(stored(sort.property()).orElseThrow(sort::refused));
    };
  }

  /** Where a property is kept whose value is shown as it is. */
  private Optional<UserField> stored(String property) {
    return switch (property) {
      case "fullName" -> Optional.of(FULL_NAME);
      case "description" -> Optional.of(VcloudProfile.DESCRIPTION);
      case "email" -> Optional.of(Common.EMAIL);
      case "providerType" -> Optional.of(VcloudProfile.PROVIDER_TYPE);
      case "phone" -> only(VcloudVersion.WITH_PHONE, VcloudProfile.PHONE);
      default -> quota(property);
    };
  }

  private Optional<UserField> quota(String property) {
    if (version.since(VcloudVersion.WITHOUT_QUOTAS)) {
      return Optional.empty();
    }
    return switch (property) {
      case "deployedVmQuota" -> Optional.of(VcloudProfile.DEPLOYED_VM_QUOTA);
      case "storedVmQuota" -> Optional.of(VcloudProfile.STORED_VM_QUOTA);
      default -> Optional.empty();
    };
  }

  private Optional<UserField> only(VcloudVersion since, UserField field) {
    return version.since(since) ? Optional.of(field) : Optional.empty();
  }

  @Override
  public UserFilter all(List<UserFilter> parts) {
    return new UserFilter.All(parts);
  }

  @Override
  public UserFilter any(List<UserFilter> parts) {
    return new UserFilter.Any(parts);
  }

  @Override
  public UserFilter of(Comparison comparison) {
    if (!searchable(comparison.property())) {
      throw comparison.unsearchable();
    }
    return switch (comparison.operator()) {
      case EQUAL -> equal(comparison);
      case NOT_EQUAL -> new UserFilter.Not(equal(exact(comparison)));
      case GREATER -> compared(comparison, Compared.Comparison.GREATER);
      case AT_LEAST -> compared(comparison, Compared.Comparison.AT_LEAST);
      case LESS -> compared(comparison, Compared.Comparison.LESS);
      case AT_MOST -> compared(comparison, Compared.Comparison.AT_MOST);
    };
  }

  private static Comparison exact(Comparison comparison) {
    if (comparison.wild()) {
      throw comparison.refused();
    }
    return comparison;
  }

  private boolean searchable(String property) {
    return switch (property) {
      case "username",
          "nameInSource",
          "id",
          "orgEntityRef",
          "orgEntityRef.id",
          "orgEntityRef.name",
          "enabled" ->
          true;
      case "locked", "stranded" -> version.since(VcloudVersion.WITH_LOCKED);
      default -> stored(property).isPresent();
    };
  }

  /** Of numbers alone, and the only numbers here are quotas. */
  private UserFilter compared(Comparison comparison, Compared.Comparison how) {
    var quota = quota(comparison.property()).orElseThrow(comparison::refused);
    return new Compared(quota, how, number(comparison));
  }

  private UserFilter equal(Comparison comparison) {
    var value = comparison.value();
    return switch (comparison.property()) {
      case "username", "nameInSource" -> name(comparison);
      case "id" -> user(exact(comparison).value());
      case "orgEntityRef", "orgEntityRef.id" ->
          everybodyIf(exact(comparison).value().equals(VcloudUrn.of(organization).toString()));
      case "orgEntityRef.name" -> everybodyIf(fits(comparison, organization.name()));
      case "enabled" ->
          truth(comparison)
              ? new UserFilter.Is(Common.STATUS, ACTIVE)
              : new UserFilter.Not(new UserFilter.Is(Common.STATUS, ACTIVE));
      case "locked", "stranded" -> everybodyIf(!truth(comparison));
      case "deployedVmQuota", "storedVmQuota" ->
          new UserFilter.Is(field(comparison), number(comparison));
      default ->
          comparison.wild()
              ? new UserFilter.Like(field(comparison), value)
              : new UserFilter.Is(field(comparison), value);
    };
  }

  private UserField field(Comparison comparison) {
    return stored(comparison.property()).orElseThrow(comparison::unsearchable);
  }

  /** By the name that is shown, which a namesake is not kept under. */
  private UserFilter name(Comparison comparison) {
    var name = comparison.value();
    if (comparison.wild()) {
      return new UserFilter.Like(
          new UserField.Trimmed(Common.NAME, VcloudNames.suffix(organization)), name);
    }
    var namesake = new UserFilter.Is(Common.NAME, VcloudNames.ofNamesake(name, organization));
    return VcloudNames.shownAsItIs(name, organization)
        ? new UserFilter.Any(List.of(new UserFilter.Is(Common.NAME, name), namesake))
        : namesake;
  }

  /** By the URN a user came with, or the one we give. */
  private static UserFilter user(String urn) {
    var imported = new UserFilter.Is(new UserField.ForeignId(VcloudApi.NAME), urn);
    return VcloudUrn.parseUser(urn)
        .flatMap(VcloudUrn::userId)
        .<UserFilter>map(
            id ->
                new UserFilter.Any(List.of(new UserFilter.Is(Common.ID, id.toString()), imported)))
        .orElse(imported);
  }

  private static UserFilter everybodyIf(boolean so) {
    return so ? UserFilter.EVERYONE : NOBODY;
  }

  private static boolean fits(Comparison comparison, String value) {
    return comparison.wild()
        ? UserFilter.Like.matches(value, comparison.value())
        : value.equals(comparison.value());
  }

  private static boolean truth(Comparison comparison) {
    return switch (comparison.value()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw notA("boolean", comparison);
    };
  }

  private static String number(Comparison comparison) {
    try {
      return Integer.toString(Integer.parseInt(comparison.value()));
    } catch (NumberFormatException notNumber) {
      throw notA("number", comparison);
    }
  }

  private static Failure notA(String type, Comparison comparison) {
    return Failure.of(
        Reason.INVALID_VALUE,
        "The property %s can only be compared with a %s.".formatted(comparison.property(), type));
  }
}
