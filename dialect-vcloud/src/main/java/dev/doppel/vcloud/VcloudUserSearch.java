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
 * Translates the filter and the order of a list of users for the store: the properties of {@code
 * VcdUser} that can be searched and sorted by (OpenAPI description 37.2), in an organization.
 */
final class VcloudUserSearch implements VcloudFiql.Translator<UserFilter> {

  private static final UserFilter NO_USER = new UserFilter.Any(List.of());
  private static final UserField FULL_NAME = new UserField.Defaulted(Common.FULL_NAME, "");
  private static final String ACTIVE = "active";

  private final Organization organization;
  private final VcloudVersion version;
  private final Optional<String> builtIn;

  /**
   * Creates a translator.
   *
   * @param builtIn stored name of the user who is displayed as {@link VcloudNames#BUILT_IN} in the
   *     organization, if there is one
   */
  VcloudUserSearch(Organization organization, VcloudVersion version, Optional<String> builtIn) {
    this.organization = organization;
    this.version = version;
    this.builtIn = builtIn;
  }

  /** Returns the organization in which users are shown. */
  Organization organization() {
    return organization;
  }

  /**
   * Returns the query for the users that a request asks for.
   *
   * @throws Failure INVALID_VALUE if the filter or the order isn't supported
   */
  UserQuery query(Call call, VcloudPaging paging) {
    var query = paging.query();
    var sorted = paging.sort().map(sort -> sorted(query, sort)).orElse(query.by(name()));
    return VcloudPaging.find(call, "filter")
        .map(text -> sorted.matching(VcloudFiql.parse(text, this)))
        .orElse(sorted);
  }

  private UserQuery sorted(UserQuery query, VcloudPaging.Sort sort) {
    var descending = query.descending(sort.descending());
    return switch (sort.property()) {
      // The vendor sorts inactive users before active ones, unlike the texts that are stored.
      case "enabled" -> query.by(Common.STATUS).descending(!sort.descending());
      case "username", "nameInSource" -> descending.by(name());
      // the same for all users
      case "orgEntityRef" -> descending.by(name());
      case "locked", "stranded" ->
          descending.by(only(VcloudVersion.WITH_LOCKED, name()).orElseThrow(sort::newException));
      default -> descending.by(storedField(sort.property()).orElseThrow(sort::newException));
    };
  }

  /** Returns the field of a property whose value is displayed as it is stored. */
  private Optional<UserField> storedField(String property) {
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
  public UserFilter compare(Comparison comparison) {
    if (!isSearchable(comparison.property())) {
      throw comparison.newPropertyException();
    }
    return switch (comparison.operator()) {
      case EQUAL -> equal(comparison);
      case NOT_EQUAL -> new UserFilter.Not(equal(requireExact(comparison)));
      case GREATER -> compared(comparison, Compared.Comparison.GREATER);
      case AT_LEAST -> compared(comparison, Compared.Comparison.AT_LEAST);
      case LESS -> compared(comparison, Compared.Comparison.LESS);
      case AT_MOST -> compared(comparison, Compared.Comparison.AT_MOST);
    };
  }

  private static Comparison requireExact(Comparison comparison) {
    if (comparison.hasWildcard()) {
      throw comparison.newOperatorException();
    }
    return comparison;
  }

  private boolean isSearchable(String property) {
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
      default -> storedField(property).isPresent();
    };
  }

  /** Compares numbers; quotas are the only ones. */
  private UserFilter compared(Comparison comparison, Compared.Comparison how) {
    var quota = quota(comparison.property()).orElseThrow(comparison::newOperatorException);
    return new Compared(quota, how, parseNumber(comparison));
  }

  private UserFilter equal(Comparison comparison) {
    var value = comparison.value();
    return switch (comparison.property()) {
      case "username", "nameInSource" -> name(comparison);
      case "id" -> user(requireExact(comparison).value());
      case "orgEntityRef", "orgEntityRef.id" ->
          allIf(requireExact(comparison).value().equals(VcloudUrn.of(organization).toString()));
      case "orgEntityRef.name" -> allIf(matches(comparison, organization.name()));
      case "enabled" ->
          parseBoolean(comparison)
              ? new UserFilter.Is(Common.STATUS, ACTIVE)
              : new UserFilter.Not(new UserFilter.Is(Common.STATUS, ACTIVE));
      case "locked", "stranded" -> allIf(!parseBoolean(comparison));
      case "deployedVmQuota", "storedVmQuota" ->
          new UserFilter.Is(field(comparison), parseNumber(comparison));
      default ->
          comparison.hasWildcard()
              ? new UserFilter.Like(field(comparison), value)
              : new UserFilter.Is(field(comparison), value);
    };
  }

  private UserField field(Comparison comparison) {
    return storedField(comparison.property()).orElseThrow(comparison::newPropertyException);
  }

  /** Returns the stored name, with that of the built-in account replaced if it is. */
  UserField name() {
    return builtIn
        .<UserField>map(stored -> new UserField.Renamed(Common.NAME, stored, VcloudNames.BUILT_IN))
        .orElse(Common.NAME);
  }

  /** Returns a filter by the displayed name. */
  UserFilter name(Comparison comparison) {
    var name = comparison.value();
    if (comparison.hasWildcard()) {
      return new UserFilter.Like(
          new UserField.Trimmed(name(), VcloudNames.suffix(organization)), name);
    }
    var namesake = new UserFilter.Is(Common.NAME, VcloudNames.ofNamesake(name, organization));
    return stored(name)
        .<UserFilter>map(
            stored -> new UserFilter.Any(List.of(new UserFilter.Is(Common.NAME, stored), namesake)))
        .orElse(namesake);
  }

  /**
   * Returns the stored name of the user who is displayed by a name and is no namesake; empty if no
   * user can be.
   */
  private Optional<String> stored(String name) {
    if (builtIn.isPresent() && name.equals(VcloudNames.BUILT_IN)) {
      return builtIn;
    }
    return builtIn.filter(name::equals).isEmpty()
            && VcloudNames.isDisplayedAsStored(name, organization)
        ? Optional.of(name)
        : Optional.empty();
  }

  /** Returns a filter by URN: that of an imported user, or that of our own id. */
  static UserFilter user(String urn) {
    var imported = new UserFilter.Is(new UserField.ForeignId(VcloudApi.NAME), urn);
    return VcloudUrn.parseUser(urn)
        .flatMap(VcloudUrn::userId)
        .<UserFilter>map(
            id ->
                new UserFilter.Any(List.of(new UserFilter.Is(Common.ID, id.toString()), imported)))
        .orElse(imported);
  }

  private static UserFilter allIf(boolean condition) {
    return condition ? UserFilter.EVERYONE : NO_USER;
  }

  private static boolean matches(Comparison comparison, String value) {
    return comparison.hasWildcard()
        ? UserFilter.Like.matches(value, comparison.value())
        : value.equals(comparison.value());
  }

  private static boolean parseBoolean(Comparison comparison) {
    return switch (comparison.value()) {
      case "true" -> true;
      case "false" -> false;
      default -> throw newTypeException("boolean", comparison);
    };
  }

  private static String parseNumber(Comparison comparison) {
    try {
      return Integer.toString(Integer.parseInt(comparison.value()));
    } catch (NumberFormatException notNumber) {
      throw newTypeException("number", comparison);
    }
  }

  private static Failure newTypeException(String type, Comparison comparison) {
    return Failure.of(
        Reason.INVALID_VALUE,
        "The property %s can only be compared with a %s.".formatted(comparison.property(), type));
  }
}
