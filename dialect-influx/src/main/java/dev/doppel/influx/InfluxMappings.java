package dev.doppel.influx;

import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The resources of which users are members or owners: the instance, organizations and buckets
 * (2.9.1: user_resource_mapping.go, tenant/storage_urm.go). All of them are stored with the user.
 */
final class InfluxMappings {

  /** The id of the instance, whose owners are the operators. */
  private static final String INSTANCE_ID = "0000000000000001";

  private static final int MAX_CONCURRENCY = 50;

  private InfluxMappings() {}

  /**
   * A mapping of a user to a resource. Immutable.
   *
   * @param id of the resource, 16 lower-case hex digits
   * @param orgID of the organization that the resource is or belongs to, in the same form; empty
   *     for the instance
   */
  record Mapping(String type, String id, Membership membership, Optional<String> orgID) {

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

    /**
     * Returns whether the resource is the instance, or of one of these organizations.
     *
     * @param organizations by id
     */
    boolean isOfOneOf(Map<String, Organization> organizations) {
      return orgID.isEmpty() || organizations.containsKey(orgID.get());
    }

    /**
     * Returns the organization of these that the resource is; empty for other resources.
     *
     * @param organizations by id
     */
    Optional<Organization> asOneOf(Map<String, Organization> organizations) {
      return Optional.of(id)
          .filter(any -> type.equals(InfluxPermission.ORGS))
          .map(organizations::get);
    }
  }

  /** Returns the mappings of a user, in ascending order of the resources' ids. */
  static List<Mapping> of(User user) {
    var instance =
        user.administrator()
            ? Stream.of(
                new Mapping(
                    InfluxPermission.INSTANCE, INSTANCE_ID, Membership.OWNER, Optional.empty()))
            : Stream.<Mapping>empty();
    var organizations =
        user.memberships().entrySet().stream()
            .map(
                entry -> {
                  var id = entry.getKey().toString();
                  return new Mapping(InfluxPermission.ORGS, id, entry.getValue(), Optional.of(id));
                });
    var buckets =
        InfluxExtras.mappings(user).stream()
            .map(
                one ->
                    new Mapping(
                        InfluxPermission.BUCKETS,
                        one.bucketID(),
                        one.membership(),
                        Optional.of(one.orgID())));
    return Stream.of(instance, organizations, buckets)
        .flatMap(Function.identity())
        .sorted(Comparator.comparing(Mapping::id))
        .toList();
  }

  /** Returns the permissions that a user has by itself and by its mappings. */
  static List<InfluxPermission> permissions(User user) {
    return Stream.concat(
            of(user).stream().flatMap(mapping -> mapping.permissions().stream()),
            InfluxPermission.self(InfluxId.of(user)).stream())
        .toList();
  }

  /** Returns the users who are members or owners of a bucket. */
  static Future<List<User>> users(Users users, InfluxBucket bucket) {
    return callEach(
            bucket.userIDs(), id -> Failure.emptyIf(Reason.NO_SUCH_USER, users.find(userId(id))))
        .map(
            found ->
                found.stream()
                    .flatMap(Optional::stream)
                    .filter(user -> InfluxExtras.membership(user, bucket.id()).isPresent())
                    .toList());
  }

  /** Removes all members and owners of buckets that were deleted in the same change. */
  static Future<Void> removeUsers(Users users, List<InfluxBucket> buckets) {
    var bucketIDs = buckets.stream().map(InfluxBucket::id).collect(Collectors.toSet());
    var userIDs = buckets.stream().flatMap(bucket -> bucket.userIDs().stream());
    return callEach(
            userIDs.distinct().sorted().toList(), id -> removeUser(users, userId(id), bucketIDs))
        .mapEmpty();
  }

  private static Future<Optional<User>> removeUser(Users users, UserId id, Set<String> bucketIDs) {
    return Failure.emptyIf(
        Reason.NO_SUCH_USER,
        users
            .by(Authority.SERVER) // the caller may delete the buckets
            .update(id, user -> InfluxExtras.withoutMappings(user, bucketIDs)));
  }

  private static UserId userId(String text) {
    return UserId.parse(text).orElseThrow();
  }

  /** Calls a function for each value, a limited number at a time. */
  private static <T, R> Future<List<R>> callEach(List<T> values, Function<T, Future<R>> call) {
    return callEach(values, call, List.of());
  }

  private static <T, R> Future<List<R>> callEach(
      List<T> values, Function<T, Future<R>> call, List<R> done) {
    if (done.size() == values.size()) {
      return Future.succeededFuture(done);
    }
    var end = Math.min(values.size(), done.size() + MAX_CONCURRENCY);
    return Future.all(values.subList(done.size(), end).stream().map(call).toList())
        .compose(
            results -> {
              var all = new ArrayList<>(done);
              all.addAll(results.<R>list());
              return callEach(values, call, all);
            });
  }
}
