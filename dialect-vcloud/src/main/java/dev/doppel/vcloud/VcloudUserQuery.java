package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserField;
import dev.doppel.users.UserField.Common;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserQuery;
import dev.doppel.vcloud.VcloudFiql.Comparison;
import dev.doppel.vcloud.VcloudProfile.ProviderType;
import dev.doppel.vcloud.VcloudQueries.Results;
import dev.doppel.vcloud.VcloudTenancy.Context;
import io.vertx.core.Future;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Queries of the older API for users, by the attributes of their records: in one organization, or
 * in all of them.
 */
final class VcloudUserQuery {

  private static final UserField FULL_NAME = new UserField.Defaulted(Common.FULL_NAME, "");
  private static final String ACTIVE = "active";
  private static final String ORG = "org";

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudUserQuery(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  /** Finds users of the context's organization. */
  Future<Results> ofOrganization(Call call, VcloudPaging paging, Context context) {
    context.require(VcloudRight.GROUP_USER_VIEW, VcloudErrors.NO_VIEW);
    var organization = context.organization();
    return find(call, paging, List.of(organization), List.of(organization))
        .compose(
            page ->
                tenancy
                    .roles(organization, page.users)
                    .map(
                        roles ->
                            new Results(
                                page.total,
                                page.users.stream()
                                    .map(user -> userRecord(call, user, roles))
                                    .toList())));
  }

  /**
   * Finds users of all organizations. A filter by one organization finds its members, and shows
   * them there; otherwise users are shown in their home organizations.
   */
  Future<Results> ofAll(Call call, VcloudPaging paging, Context context) {
    context.require(VcloudRight.GROUP_USER_VIEW, VcloudErrors.NO_VIEW);
    return realm
        .organizations()
        .list()
        .compose(
            all -> {
              var scope = scope(call, all);
              return find(call, paging, scope, all)
                  .map(
                      page ->
                          new Results(
                              page.total,
                              page.users.stream()
                                  .map(user -> adminRecord(call, user, shownIn(user, scope)))
                                  .toList()));
            });
  }

  /** Returns the one organization that every user found belongs to, or else all. */
  private static List<Organization> scope(Call call, List<Organization> all) {
    var wanted =
        VcloudPaging.find(call, "filter")
            .map(text -> VcloudFiql.parse(text, new RequiredOrganizations()))
            .orElse(Set.of());
    return wanted.size() == 1
        ? all.stream().filter(one -> wanted.contains(VcloudUrn.of(one).uuid())).toList()
        : all;
  }

  private static Organization shownIn(User user, List<Organization> scope) {
    return scope.size() == 1
        ? scope.get(0)
        : scope.stream()
            .filter(one -> VcloudNames.isHome(one, user))
            .findFirst()
            .orElse(scope.get(0));
  }

  private record Found(long total, List<User> users) {}

  private Future<Found> find(
      Call call, VcloudPaging paging, List<Organization> scope, List<Organization> all) {
    if (scope.isEmpty()) {
      return Future.succeededFuture(new Found(0, List.of()));
    }
    var organizations = realm.organizations();
    var members = scope.size() == 1 ? organizations.membersOf(scope.get(0)) : UserFilter.EVERYONE;
    return names(call, scope)
        .compose(
            names -> {
              var filter =
                  VcloudPaging.find(call, "filter")
                      .map(text -> VcloudFiql.parse(text, new Search(organizations, names, all)))
                      .orElse(UserFilter.EVERYONE);
              var name = names.size() == 1 ? names.get(0).name() : Common.NAME;
              var query = paging.query();
              var sorted =
                  paging.sort().map(sort -> sorted(query, sort, name)).orElse(query.by(name));
              return realm
                  .users()
                  .list(sorted.matching(new UserFilter.All(List.of(members, filter))));
            })
        .map(page -> new Found(page.total(), page.items()));
  }

  /** Returns the searches by name, one for each organization. */
  private Future<List<VcloudUserSearch>> names(Call call, List<Organization> scope) {
    var version = VcloudVersion.of(call);
    var builtIn =
        scope.size() == 1 && VcloudUrn.isProvider(scope.get(0))
            ? realm.builtIn().map(user -> user.map(User::name))
            : Future.succeededFuture(Optional.<String>empty());
    return builtIn.map(
        name -> scope.stream().map(one -> new VcloudUserSearch(one, version, name)).toList());
  }

  private static UserQuery sorted(UserQuery query, VcloudPaging.Sort sort, UserField name) {
    var descending = query.descending(sort.descending());
    return switch (sort.property()) {
      case "name", ORG, "isLdapUser", "isExternal", "isLocked", "identityProviderType" ->
          descending.by(name);
      case "fullName" -> descending.by(FULL_NAME);
      case "isEnabled" -> query.by(Common.STATUS).descending(!sort.descending());
      default -> throw sort.newException();
    };
  }

  private static Map<String, String> userRecord(Call call, User user, VcloudRoleSet roles) {
    var row = common(call, user, roles.organization());
    row.put("isLocked", "false");
    row.put(
        "roleNames",
        roles.of(user).stream().map(VcloudRole::name).collect(Collectors.joining(",")));
    return row;
  }

  private static Map<String, String> adminRecord(Call call, User user, Organization organization) {
    var row = common(call, user, organization);
    row.put(ORG, VcloudHref.organization(call, organization));
    row.put("deployedVMQuotaRank", "0");
    row.put("storedVMQuotaRank", "0");
    return row;
  }

  private static Map<String, String> common(Call call, User user, Organization organization) {
    var profile = VcloudProfile.of(user);
    var row = new LinkedHashMap<String, String>();
    row.put("href", VcloudHref.user(call, user));
    row.put("id", VcloudUrn.of(user));
    row.put("name", VcloudNames.displayName(user, organization));
    row.put("fullName", user.fullName().orElse(""));
    row.put("isEnabled", Boolean.toString(user.active()));
    row.put("numberOfDeployedVMs", "0");
    row.put("numberOfStoredVMs", "0");
    row.put("isLdapUser", Boolean.toString(profile.provider() == ProviderType.LDAP));
    row.put("isExternal", Boolean.toString(profile.provider() != ProviderType.LOCAL));
    row.put("identityProviderType", VcloudOlderUsers.identityProvider(profile.provider()));
    return row;
  }

  /** Finds the UUIDs of the organizations that a filter requires. */
  private static final class RequiredOrganizations implements VcloudFiql.Translator<Set<UUID>> {

    @Override
    public Set<UUID> compare(Comparison comparison) {
      return comparison.property().equals(ORG) && comparison.operator() == VcloudFiql.Operator.EQUAL
          ? VcloudHref.parse(comparison.value(), ORG)
              .map(urn -> Set.of(urn.uuid()))
              .orElse(Set.of())
          : Set.of();
    }

    @Override
    public Set<UUID> all(List<Set<UUID>> parts) {
      return parts.stream().flatMap(Set::stream).collect(Collectors.toSet());
    }

    @Override
    public Set<UUID> any(List<Set<UUID>> parts) {
      var common = new HashSet<>(parts.get(0));
      parts.forEach(common::retainAll);
      return common;
    }
  }

  /**
   * Translates a filter for the store.
   *
   * @param names searches by name, one for each organization in which users are shown
   * @param all organizations that the filter can refer to
   */
  private record Search(
      Organizations organizations, List<VcloudUserSearch> names, List<Organization> all)
      implements VcloudFiql.Translator<UserFilter> {

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
      return switch (comparison.operator()) {
        case EQUAL -> equal(comparison);
        case NOT_EQUAL -> {
          if (comparison.hasWildcard()) {
            throw comparison.newOperatorException();
          }
          yield new UserFilter.Not(equal(comparison));
        }
        case GREATER, AT_LEAST, LESS, AT_MOST -> throw comparison.newOperatorException();
      };
    }

    private UserFilter equal(Comparison comparison) {
      return switch (comparison.property()) {
        case "name" -> name(comparison);
        case "fullName" -> text(FULL_NAME, comparison);
        case "href", "id" -> user(comparison.value());
        case ORG -> organization(comparison.value());
        case "isEnabled" ->
            negatedUnless(parse(comparison), new UserFilter.Is(Common.STATUS, ACTIVE));
        case "isLdapUser" -> negatedUnless(parse(comparison), provider(ProviderType.LDAP));
        case "isExternal" -> negatedUnless(!parse(comparison), provider(ProviderType.LOCAL));
        case "isLocked" -> negatedUnless(!parse(comparison), UserFilter.EVERYONE);
        case "identityProviderType" -> identityProvider(comparison.value());
        default -> throw comparison.newPropertyException();
      };
    }

    private static UserFilter text(UserField field, Comparison comparison) {
      return comparison.hasWildcard()
          ? new UserFilter.Like(field, comparison.value())
          : new UserFilter.Is(field, comparison.value());
    }

    /** Returns a filter by the name under which users are shown in their organizations. */
    private UserFilter name(Comparison comparison) {
      return names.size() == 1
          ? names.get(0).name(comparison)
          : new UserFilter.Any(
              names.stream()
                  .<UserFilter>map(
                      search ->
                          new UserFilter.All(
                              List.of(
                                  organizations.membersOf(search.organization()),
                                  search.name(comparison))))
                  .toList());
    }

    private static UserFilter user(String text) {
      return VcloudUserSearch.user(
          VcloudHref.parse(text, "user").map(VcloudUrn::toString).orElse(text));
    }

    private UserFilter organization(String href) {
      return VcloudHref.parse(href, ORG)
          .flatMap(urn -> find(urn.uuid()))
          .map(organizations::membersOf)
          .orElse(new UserFilter.Any(List.of()));
    }

    private Optional<Organization> find(UUID uuid) {
      return all.stream().filter(one -> VcloudUrn.of(one).uuid().equals(uuid)).findFirst();
    }

    private static UserFilter provider(ProviderType type) {
      return new UserFilter.Is(VcloudProfile.PROVIDER_TYPE, type.name());
    }

    /** Returns a filter by the identity provider that is shown. */
    private static UserFilter identityProvider(String shown) {
      return new UserFilter.Any(
          Stream.of(ProviderType.values())
              .filter(type -> VcloudOlderUsers.identityProvider(type).equals(shown))
              .map(Search::provider)
              .toList());
    }

    private static UserFilter negatedUnless(boolean wanted, UserFilter filter) {
      return wanted ? filter : new UserFilter.Not(filter);
    }

    private static boolean parse(Comparison comparison) {
      return VcloudSchema.toBoolean(comparison.value())
          .orElseThrow(
              () ->
                  Failure.of(
                      Reason.INVALID_VALUE,
                      "The property %s can only be compared with a boolean."
                          .formatted(comparison.property())));
    }
  }
}
