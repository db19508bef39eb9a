package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.influx.InfluxBuckets.Found;
import dev.doppel.influx.InfluxExtras.BucketMapping;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Buckets with their members and owners. A user's own extras say of which buckets it is a member or
 * an owner; a bucket has the ids of the users to look up.
 */
record InfluxBucketMembers(Realm realm, InfluxBuckets buckets, InfluxUsers users)
    implements InfluxMembers.Resources<Found> {

  @Override
  public InfluxBucketMembers in(Realm now) {
    return new InfluxBucketMembers(now, buckets.in(now), users.in(now));
  }

  @Override
  public Future<Found> find(Call call) {
    return InfluxSubresource.bucket(call, buckets);
  }

  @Override
  public String path(Found bucket) {
    return "/api/v2/buckets/" + bucket.bucket().id();
  }

  @Override
  public InfluxPermission writing(Found bucket) {
    return permission(InfluxAction.WRITE, bucket);
  }

  private static InfluxPermission permission(InfluxAction action, Found bucket) {
    return new InfluxPermission(
        action, InfluxPermission.BUCKETS, bucket.bucket().id(), bucket.org().id().toString());
  }

  /**
   * Returns them to a caller who may read the organization, and none of them without the permission
   * to read the bucket, which finding a system bucket doesn't need (2.9.1:
   * tenant/middleware_urm_auth.go).
   */
  @Override
  public Future<List<User>> list(InfluxCaller caller, Found bucket, Membership membership) {
    if (!caller.may(InfluxPermission.org(InfluxAction.READ, bucket.org().id().toString()))) {
      throw InfluxErrors.NOT_FOUND.newException(Reason.FORBIDDEN);
    }
    if (!caller.may(permission(InfluxAction.READ, bucket))) {
      return Future.succeededFuture(List.of());
    }
    return InfluxMappings.users(realm.users(), bucket.bucket())
        .map(
            all ->
                all.stream()
                    .filter(user -> isMapped(bucket, user, membership))
                    .filter(user -> isListed(caller, bucket.org(), user))
                    .sorted(Comparator.comparing(InfluxId::of))
                    .toList());
  }

  private static boolean isMapped(Found bucket, User user, Membership membership) {
    return InfluxExtras.membership(user, bucket.bucket().id())
        .filter(membership::equals)
        .isPresent();
  }

  /**
   * Returns whether a list shows a user to the caller. A token shows all, as those of an
   * organization.
   */
  private boolean isListed(InfluxCaller caller, Organization org, User user) {
    return caller.token().isPresent() || sees(caller, org, user);
  }

  /** Returns whether the caller sees a user in every dialect; in a session as its user. */
  private boolean sees(InfluxCaller caller, Organization org, User user) {
    var authority = caller.authority();
    var organizations = realm.organizations();
    return authority.isSelf(user)
        || authority.manages(user)
        || (caller.token().isEmpty()
            && org.kind() == Organization.Kind.ORDINARY
            && organizations.has(org, caller.user())
            && organizations.has(org, user));
  }

  /**
   * Finds a user whom the caller sees, or whom it may add because it administers the organization.
   * The server asks for no such right, since its users have no rights in other products.
   */
  @Override
  public Future<User> findUser(InfluxCaller caller, Found bucket, UserId id) {
    return users
        .find(id)
        .map(
            user -> {
              if (!mayName(caller, bucket.org(), user)) {
                throw Failure.of(Reason.NO_SUCH_USER, id.toString());
              }
              return user;
            });
  }

  private boolean mayName(InfluxCaller caller, Organization org, User user) {
    return caller.authority().administers(org.id())
        || caller.may(InfluxPermission.user(InfluxAction.READ, InfluxId.of(user)))
        || sees(caller, org, user);
  }

  @Override
  public boolean has(Found bucket, User user) {
    return InfluxExtras.membership(user, bucket.bucket().id()).isPresent();
  }

  @Override
  public Future<User> add(InfluxCaller caller, Found bucket, User user, Membership membership) {
    var mapping = new BucketMapping(bucket.org().id().toString(), bucket.bucket().id(), membership);
    return gone(bucket)
        .compose(gone -> buckets.change(bucket, one -> one.withoutUsers(gone).withUser(user)))
        .compose(
            added -> changes().update(user.id(), one -> InfluxExtras.withMapping(one, mapping)));
  }

  /** Returns the users of a bucket who were deleted, by other dialects too. */
  private Future<Set<String>> gone(Found bucket) {
    return InfluxMappings.users(realm.users(), bucket.bucket())
        .map(
            users -> {
              var gone = new HashSet<>(bucket.bucket().userIDs());
              users.forEach(user -> gone.remove(user.id().toString()));
              return gone;
            });
  }

  @Override
  public Future<User> remove(InfluxCaller caller, Found bucket, User user) {
    return buckets
        .change(bucket, one -> one.withoutUsers(Set.of(user.id().toString())))
        .compose(
            removed ->
                changes()
                    .update(
                        user.id(),
                        one -> InfluxExtras.withoutMappings(one, Set.of(bucket.bucket().id()))));
  }

  /** A mapping to a bucket is no right over a user, so that no authority over it is needed. */
  private Users.Changes changes() {
    return realm.users().by(Authority.SERVER);
  }
}
