package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxBuckets.Found;
import dev.doppel.influx.InfluxWire.Links;
import dev.doppel.influx.InfluxWire.MemberList;
import dev.doppel.influx.InfluxWire.MemberView;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The members or the owners of a bucket: both have the same operations, which are those of an
 * organization (2.9.1: tenant/http_handler_urm.go).
 */
final class InfluxBucketMembers {

  private final Realm realm;
  private final InfluxBuckets buckets;
  private final InfluxUsers users;
  private final Membership membership;

  InfluxBucketMembers(
      Realm realm, InfluxBuckets buckets, InfluxUsers users, Membership membership) {
    this.realm = realm;
    this.buckets = buckets;
    this.users = users;
    this.membership = membership;
  }

  /** Returns the same operations within a change. */
  private InfluxBucketMembers in(Realm now) {
    return new InfluxBucketMembers(now, buckets.in(now), users.in(now), membership);
  }

  Action list() {
    return call -> within(call, bucket -> list(call, bucket));
  }

  Action add() {
    return call -> realm.change(now -> in(now).addWithin(call));
  }

  private Future<Reply> addWithin(Call call) {
    return within(call, bucket -> add(call, bucket));
  }

  Action remove() {
    return call -> realm.change(now -> in(now).removeWithin(call));
  }

  private Future<Reply> removeWithin(Call call) {
    return within(call, bucket -> remove(call, bucket));
  }

  private Future<Reply> within(Call call, Function<Found, Future<Reply>> action) {
    return InfluxSubresource.bucket(call, buckets).compose(action);
  }

  private Future<Reply> list(Call call, Found bucket) {
    var caller = InfluxCaller.of(call);
    if (!caller.may(InfluxPermission.org(InfluxAction.READ, bucket.org().id().toString()))) {
      throw InfluxErrors.NOT_FOUND.newException(Reason.FORBIDDEN);
    }
    var mappings = bucket.bucket().mappings();
    return Future.all(
            mappings.stream()
                .filter(mapping -> mapping.membership() == membership)
                .map(this::user)
                .toList())
        .map(found -> found.<Optional<User>>list().stream().flatMap(Optional::stream))
        .map(
            found ->
                found
                    .filter(user -> isVisible(caller, bucket.org(), user))
                    .sorted(Comparator.comparing(InfluxId::of))
                    .map(user -> MemberView.of(InfluxMembers.role(membership), user))
                    .toList())
        .map(
            views ->
                Reply.ok(
                    new MemberList(
                        new Links(
                            "/api/v2/buckets/"
                                + bucket.bucket().id()
                                + "/"
                                + InfluxMembers.role(membership)
                                + "s"),
                        views)));
  }

  /** Returns the user of a mapping; empty if it is gone. */
  private Future<Optional<User>> user(InfluxBucket.Mapping mapping) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(mapping.user()))
        .map(found -> found.filter(mapping::isOf));
  }

  /**
   * Returns whether the caller may see a user here. A token shows all, as those of an organization;
   * a session those whom its user sees in every dialect.
   */
  private boolean isVisible(InfluxCaller caller, Organization org, User user) {
    var authority = caller.authority();
    var organizations = realm.organizations();
    return caller.token().isPresent()
        || authority.isSelf(user)
        || authority.manages(user)
        || (org.kind() == Organization.Kind.ORDINARY
            && organizations.has(org, caller.user())
            && organizations.has(org, user));
  }

  private Future<Reply> add(Call call, Found bucket) {
    var id = InfluxMembers.wanted(call);
    return users
        .find(id)
        .compose(
            user -> {
              requireWrite(call, bucket);
              return buckets
                  .change(bucket, one -> one.withMapping(user, membership))
                  .map(done -> Reply.created(MemberView.of(InfluxMembers.role(membership), user)));
            });
  }

  private static void requireWrite(Call call, Found bucket) {
    InfluxCaller.of(call)
        .require(
            new InfluxPermission(
                InfluxAction.WRITE,
                InfluxPermission.BUCKETS,
                bucket.bucket().id(),
                bucket.org().id().toString()));
  }

  /** Removes a user whether it is a member or an owner. Succeeds if it is neither. */
  private Future<Reply> remove(Call call, Found bucket) {
    var id = InfluxId.user(call.parameter("userID"));
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(id))
        .map(found -> found.filter(user -> isMapped(bucket, user)))
        .compose(
            user -> {
              if (user.isEmpty()) {
                return Future.succeededFuture();
              }
              requireWrite(call, bucket);
              return buckets.change(bucket, one -> one.withoutMapping(user.get()));
            })
        .map(done -> Reply.noContent());
  }

  private static boolean isMapped(Found bucket, User user) {
    List<InfluxBucket.Mapping> mappings = bucket.bucket().mappings();
    return mappings.stream().anyMatch(mapping -> mapping.isOf(user));
  }
}
