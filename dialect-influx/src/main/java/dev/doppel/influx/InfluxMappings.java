package dev.doppel.influx;

import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What users are mapped to as members or owners: the instance, organizations and buckets (2.9.1:
 * user_resource_mapping.go, tenant/storage_urm.go).
 */
final class InfluxMappings {

  /** The id of the instance, which its owners, the operators, are mapped to. */
  private static final String INSTANCE_ID = "0000000000000001";

  /**
   * A mapping of a user to a resource. Immutable.
   *
   * @param id of the resource, 16 lower-case hex digits
   * @param organization that the resource is, if it is one
   */
  record Mapping(
      String type, String id, Membership membership, Optional<Organization> organization) {

    /** Returns the permissions that the mapping gives in a session. */
    private List<InfluxPermission> permissions() {
      return switch (type) {
        case InfluxPermission.ORGS -> InfluxPermission.of(id, membership);
        case InfluxPermission.BUCKETS ->
            membership == Membership.MEMBER
                ? List.of(InfluxPermission.one(InfluxAction.READ, InfluxPermission.BUCKETS, id))
                : List.of();
        default -> InfluxPermission.ofInstance();
      };
    }
  }

  private final InfluxOrganizations organizations;

  InfluxMappings(InfluxOrganizations organizations) {
    this.organizations = organizations;
  }

  /** Returns the mappings of a user, in ascending order of the resources' ids. */
  Future<List<Mapping>> of(User user) {
    return organizations
        .all()
        .map(
            all -> {
              var mappings = new ArrayList<Mapping>();
              if (user.administrator()) {
                mappings.add(
                    new Mapping(
                        InfluxPermission.INSTANCE,
                        INSTANCE_ID,
                        Membership.OWNER,
                        Optional.empty()));
              }
              all.forEach(org -> within(org, user).forEach(mappings::add));
              mappings.sort(Comparator.comparing(Mapping::id));
              return List.copyOf(mappings);
            });
  }

  private static Stream<Mapping> within(Organization org, User user) {
    var member = Optional.ofNullable(user.memberships().get(org.id()));
    return Stream.concat(
        member.stream()
            .map(
                as ->
                    new Mapping(InfluxPermission.ORGS, org.id().toString(), as, Optional.of(org))),
        InfluxOrganizationExtras.of(org).buckets().stream()
            .flatMap(
                bucket ->
                    bucket.mappings().stream()
                        .filter(mapping -> mapping.isOf(user))
                        .map(
                            mapping ->
                                new Mapping(
                                    InfluxPermission.BUCKETS,
                                    bucket.id(),
                                    mapping.membership(),
                                    Optional.empty()))));
  }

  /** Returns the permissions that a user has by itself and by its mappings. */
  Future<List<InfluxPermission>> permissions(User user) {
    return of(user)
        .map(
            mappings ->
                Stream.concat(
                        mappings.stream().flatMap(mapping -> mapping.permissions().stream()),
                        InfluxPermission.self(InfluxId.of(user)).stream())
                    .toList());
  }
}
