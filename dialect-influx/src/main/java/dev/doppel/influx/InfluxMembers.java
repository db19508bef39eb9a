package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Operation.Action;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.Links;
import dev.doppel.influx.InfluxWire.MemberList;
import dev.doppel.influx.InfluxWire.MemberView;
import dev.doppel.influx.InfluxWire.NewUserBody;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * The members or the owners of an organization or a bucket: all have the same operations (2.9.1:
 * tenant/http_handler_urm.go).
 *
 * @param <R> the type of the resource
 */
final class InfluxMembers<R> {

  /**
   * The resources of one type, with their members and owners.
   *
   * @param <R> the type of the resource
   */
  interface Resources<R> {

    /** Returns the same resources within a change. */
    Resources<R> in(Realm now);

    /** Finds the resource of the path, which does not exist for a caller who may not read it. */
    Future<R> find(Call call);

    String path(R resource);

    /** Returns the permission that adding and removing users needs. */
    InfluxPermission writing(R resource);

    /** Returns the members or the owners that the caller may see, in ascending order of id. */
    Future<List<User>> list(InfluxCaller caller, R resource, Membership membership);

    /** Finds a user that the caller wants to add. Fails with NO_SUCH_USER. */
    Future<User> findUser(InfluxCaller caller, R resource, UserId id);

    /** Returns whether the user is a member or an owner. */
    boolean has(R resource, User user);

    /**
     * Adds a user. Fails with {@link InfluxErrors#ALREADY_MAPPED} if it is a member or an owner.
     */
    Future<User> add(InfluxCaller caller, R resource, User user, Membership membership);

    Future<User> remove(InfluxCaller caller, R resource, User user);
  }

  private final Realm realm;
  private final InfluxUsers users;
  private final Resources<R> resources;
  private final Membership membership;

  InfluxMembers(Realm realm, InfluxUsers users, Resources<R> resources, Membership membership) {
    this.realm = realm;
    this.users = users;
    this.resources = resources;
    this.membership = membership;
  }

  /** Returns the same operations within a change. */
  private InfluxMembers<R> in(Realm now) {
    return new InfluxMembers<>(now, users.in(now), resources.in(now), membership);
  }

  /** Returns the server's word. */
  private String role() {
    return membership.name().toLowerCase(Locale.ROOT);
  }

  Action list() {
    return call -> within(call, resource -> list(call, resource));
  }

  Action add() {
    return call -> realm.change(now -> in(now).addWithin(call));
  }

  private Future<Reply> addWithin(Call call) {
    return within(call, resource -> add(call, resource));
  }

  Action remove() {
    return call -> realm.change(now -> in(now).removeWithin(call));
  }

  private Future<Reply> removeWithin(Call call) {
    return within(call, resource -> remove(call, resource));
  }

  private Future<Reply> within(Call call, Function<R, Future<Reply>> action) {
    return resources.find(call).compose(action);
  }

  private Future<Reply> list(Call call, R resource) {
    return resources
        .list(InfluxCaller.of(call), resource, membership)
        .map(
            found ->
                Reply.ok(
                    new MemberList(
                        new Links(resources.path(resource) + "/" + role() + "s"),
                        found.stream().map(user -> MemberView.of(role(), user)).toList())));
  }

  private Future<Reply> add(Call call, R resource) {
    var id = wanted(call);
    var caller = InfluxCaller.of(call);
    return resources
        .findUser(caller, resource, id)
        .compose(
            user -> {
              var needed = resources.writing(resource);
              caller.require(needed);
              return resources
                  .add(caller, resource, user, membership)
                  .recover(InfluxCaller.asMissing(needed));
            })
        .map(user -> Reply.created(MemberView.of(role(), user)));
  }

  /** Reads the id of the user to add. */
  private static UserId wanted(Call call) {
    var body = call.body(NewUserBody.class);
    if (body.id() == null) {
      throw InfluxErrors.USER_ID_MISSING.newException(Reason.INVALID_VALUE, "id");
    }
    return InfluxId.user(body.id());
  }

  /** Removes a user whether it is a member or an owner. Succeeds if it is neither. */
  private Future<Reply> remove(Call call, R resource) {
    var id = InfluxId.user(call.parameter("userID"));
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(id))
        .map(found -> found.filter(user -> resources.has(resource, user)))
        .compose(
            member ->
                member.isEmpty()
                    ? Future.<User>succeededFuture()
                    : remove(InfluxCaller.of(call), resource, member.get()))
        .map(done -> Reply.noContent());
  }

  private Future<User> remove(InfluxCaller caller, R resource, User member) {
    var needed = resources.writing(resource);
    caller.require(needed);
    return resources.remove(caller, resource, member).recover(InfluxCaller.asMissing(needed));
  }
}
