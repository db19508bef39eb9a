package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.AUTHORIZATIONS;
import static dev.doppel.influx.InfluxPermission.BUCKETS;
import static dev.doppel.influx.InfluxPermission.ORGS;
import static dev.doppel.influx.InfluxPermission.USERS;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.AuthorizationLinks;
import dev.doppel.influx.InfluxWire.AuthorizationList;
import dev.doppel.influx.InfluxWire.AuthorizationUpdate;
import dev.doppel.influx.InfluxWire.AuthorizationView;
import dev.doppel.influx.InfluxWire.Links;
import dev.doppel.influx.InfluxWire.NewAuthorization;
import dev.doppel.influx.InfluxWire.PermissionBody;
import dev.doppel.influx.InfluxWire.PermissionView;
import dev.doppel.influx.InfluxWire.ResourceBody;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.wire.go.GoTime;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * API tokens and their permissions (2.9.1: authorization/http_server.go,
 * authorization/middleware_auth.go).
 */
final class InfluxAuthorizations {

  private static final int TOKEN_BYTES = 64;

  /** The types of resources that are shown with their names. */
  private static final Set<String> NAMED_TYPES = Set.of(BUCKETS, ORGS, USERS);

  /** A token with its owner and its organization. */
  private record Authorization(Token token, User owner, Organization org) {

    String id() {
      return InfluxId.text(token.id());
    }

    List<InfluxPermission> permissions() {
      return InfluxAuthorization.permissions(token, owner);
    }
  }

  /**
   * A token whose owner or organization may be gone. Without its organization it still works, but
   * can't be shown; without its owner it doesn't work any more.
   *
   * @param owner the id of its owner
   * @param org the id of its organization
   */
  private record Stored(
      Token token, String owner, Optional<User> user, String org, Optional<Organization> found) {

    /** Returns the permissions that this needs: one for the token and one for its owner. */
    List<InfluxPermission> needed(InfluxAction action) {
      return List.of(
          new InfluxPermission(action, AUTHORIZATIONS, InfluxId.text(token.id()), org),
          InfluxPermission.user(action, owner));
    }

    /** Returns all of it. Throws as the server does if the organization or the owner is gone. */
    Authorization complete() {
      var organization = found.orElseThrow(() -> Failure.of(Reason.NO_SUCH_ORGANIZATION, org));
      return new Authorization(
          token, user.orElseThrow(() -> Failure.of(Reason.NO_SUCH_USER, owner)), organization);
    }

    Stored with(Token changed) {
      return new Stored(changed, owner, user, org, found);
    }

    Optional<Authorization> ifComplete() {
      return user.flatMap(owner -> found.map(org -> new Authorization(token, owner, org)));
    }
  }

  private final Realm realm;
  private final InfluxUsers users;
  private final InfluxOrganizations organizations;
  private final InfluxBuckets buckets;
  private final InfluxDialect.Settings settings;

  InfluxAuthorizations(
      Realm realm,
      InfluxUsers users,
      InfluxOrganizations organizations,
      InfluxBuckets buckets,
      InfluxDialect.Settings settings) {
    this.realm = realm;
    this.users = users;
    this.organizations = organizations;
    this.buckets = buckets;
    this.settings = settings;
  }

  /** Returns whether tokens can be read again after they were created. */
  private boolean readable() {
    return !settings.useHashedTokens();
  }

  // ---- creating

  Future<Reply> create(Call call, NewAuthorization body) {
    var orgID = InfluxId.inBody(body.orgID());
    var userID = InfluxId.inBody(body.userID());
    var permissions = permissions(Optional.ofNullable(body.permissions()).orElse(List.of()));
    if (orgID.isEmpty()) {
      throw InfluxErrors.INVALID.newException(Reason.INVALID_VALUE, "org id required: invalid ID");
    }
    var org = InfluxId.organization(orgID.get());
    var status = status(body.status());
    var caller = InfluxCaller.of(call);
    var description = Optional.ofNullable(body.description()).orElse("");
    return realm
        .change(now -> in(now).create(caller, userID, org, status, description, permissions))
        .compose(created -> view(created.authorization(), created.secret()))
        .map(Reply::created);
  }

  /** Returns the same operations in a change that is under way. */
  InfluxAuthorizations in(Realm now) {
    return new InfluxAuthorizations(
        now, users.in(now), organizations.in(now), buckets.in(now), settings);
  }

  private record Created(Authorization authorization, String secret) {}

  private Future<Created> create(
      InfluxCaller caller,
      Optional<String> userID,
      OrganizationId org,
      Status status,
      String description,
      List<InfluxPermission> permissions) {
    return owner(caller, userID)
        .compose(
            owner -> {
              var shown = owner.map(InfluxId::of).or(() -> userID).orElseThrow();
              check(caller, org.toString(), shown, permissions);
              return organizations
                  .find(org)
                  .recover(InfluxOrganizations.ifGone(InfluxAuthorizations::newUnableException))
                  .compose(
                      found ->
                          issue(
                              caller,
                              found,
                              owner.orElseThrow(InfluxAuthorizations::newUnableException),
                              status,
                              description,
                              permissions));
            });
  }

  private static List<InfluxPermission> permissions(List<PermissionBody> bodies) {
    var resources = bodies.stream().map(InfluxAuthorizations::resource).toList();
    if (bodies.isEmpty()) {
      throw InfluxErrors.INVALID.newException(
          Reason.INVALID_VALUE, "authorization must include permissions");
    }
    var permissions = new ArrayList<InfluxPermission>();
    for (int i = 0; i < bodies.size(); i++) {
      permissions.add(permission(bodies.get(i).action(), resources.get(i)));
    }
    return permissions;
  }

  /** Returns the resource with its ids checked, which the server's decoder does. */
  private static ResourceBody resource(PermissionBody body) {
    var given = Optional.ofNullable(body.resource()).orElse(new ResourceBody(null, null, null));
    return new ResourceBody(
        given.type(),
        InfluxId.inBody(given.id()).orElse(null),
        InfluxId.inBody(given.orgID()).orElse(null));
  }

  private static InfluxPermission permission(@Nullable String word, ResourceBody resource) {
    var type = resource.type() == null ? "" : resource.type();
    if (!InfluxPermission.TYPES.contains(type) && !type.equals(InfluxPermission.INSTANCE)) {
      throw InfluxErrors.INVALID.newException(
          Reason.INVALID_VALUE,
          "invalid resource type for permission: unknown resource type for permission");
    }
    var action =
        InfluxAction.parse(word)
            .orElseThrow(
                () ->
                    InfluxErrors.INVALID.newException(
                        Reason.INVALID_VALUE,
                        "invalid action type for permission: unknown action for permission"));
    return new InfluxPermission(action, type, resource.id(), resource.orgID());
  }

  private static Status status(@Nullable String word) {
    return word == null || word.isEmpty()
        ? Status.ACTIVE
        : InfluxStatus.parse(word)
            .orElseThrow(
                () -> InfluxErrors.INVALID_STATUS.newException(Reason.INVALID_VALUE, "status"));
  }

  /**
   * Returns the owner, by default the caller. Fails with INACTIVE_USER if the caller has been
   * deleted.
   */
  private Future<Optional<User>> owner(InfluxCaller caller, Optional<String> userID) {
    return userID.isEmpty()
        ? realm
            .users()
            .find(caller.user().id())
            .map(Optional::of)
            .recover(Failure.replacing(Reason.NO_SUCH_USER, Reason.INACTIVE_USER))
        : Failure.emptyIf(Reason.NO_SUCH_USER, users.find(InfluxId.user(userID.get())));
  }

  private static void check(
      InfluxCaller caller, String org, String owner, List<InfluxPermission> permissions) {
    caller.require(InfluxPermission.in(InfluxAction.WRITE, AUTHORIZATIONS, org));
    caller.require(InfluxPermission.user(InfluxAction.WRITE, owner));
    for (var permission : permissions) {
      if (!caller.may(permission)) {
        throw InfluxErrors.PERMISSION_NOT_ALLOWED.newException(
            Reason.FORBIDDEN, permission.toString());
      }
    }
    for (var permission : permissions) {
      if (permission.type().equals(InfluxPermission.INSTANCE)) {
        throw InfluxErrors.INSTANCE_TYPE.newException(Reason.INVALID_VALUE);
      }
    }
    for (var permission : permissions) {
      if (permission.orgID() != null && !permission.orgID().equals(org)) {
        throw InfluxErrors.INVALID.newException(
            Reason.INVALID_VALUE, "permission " + permission + " is not for org id " + org);
      }
    }
  }

  private static RuntimeException newUnableException() {
    return InfluxErrors.UNABLE_TO_CREATE_TOKEN.newException(Reason.INVALID_VALUE);
  }

  private Future<Created> issue(
      InfluxCaller caller,
      Organization org,
      User owner,
      Status status,
      String description,
      List<InfluxPermission> permissions) {
    var secret = realm.secrets().base64Url(TOKEN_BYTES);
    return issue(caller.authority(), secret, org, owner, status, description, permissions)
        .recover(
            InfluxCaller.asMissing(InfluxPermission.user(InfluxAction.WRITE, InfluxId.of(owner))))
        .map(token -> new Created(new Authorization(token, owner, org), secret));
  }

  /** Stores a token with this secret. */
  Future<Token> issue(
      Authority by,
      String secret,
      Organization org,
      User owner,
      Status status,
      String description,
      List<InfluxPermission> permissions) {
    var kept =
        new InfluxAuthorization(
                org.id().toString(),
                permissions,
                readable() ? secret : null,
                owner.administrator(),
                !by.isSelf(owner) && !by.manages(owner))
            .json();
    return realm.tokens().issue(by, secret, owner, InfluxDialect.NAME, status, description, kept);
  }

  // ---- reading

  private Future<AuthorizationView> view(InfluxCaller caller, Authorization authorization) {
    var known =
        InfluxAuthorization.of(authorization.token())
            .filter(any -> readable() && maySee(caller, authorization));
    return view(authorization, known.map(InfluxAuthorization::token).orElse(""));
  }

  /**
   * Returns whether the caller may read the secret. The server asks for no such right, since its
   * users have no rights in other products.
   */
  private static boolean maySee(InfluxCaller caller, Authorization authorization) {
    return caller.authority().mayActAs(authorization.owner())
        || caller.token().filter(own -> own.id() == authorization.token().id()).isPresent();
  }

  private Future<AuthorizationView> view(Authorization authorization, String secret) {
    var token = authorization.token();
    var owner = InfluxId.of(authorization.owner());
    return Future.all(authorization.permissions().stream().map(this::view).toList())
        .map(
            permissions ->
                new AuthorizationView(
                    authorization.id(),
                    secret,
                    token.status() == Status.ACTIVE ? InfluxStatus.ACTIVE : InfluxStatus.INACTIVE,
                    token.description(),
                    authorization.org().id().toString(),
                    InfluxOrganizations.name(authorization.org()),
                    owner,
                    authorization.owner().name(),
                    permissions.list(),
                    AuthorizationLinks.of(authorization.id(), owner),
                    GoTime.format(token.created()),
                    GoTime.format(token.updated())));
  }

  /**
   * Returns the permission with the names of its resource and organization. The name of what is
   * gone is missing, and without the resource that of the organization, too.
   */
  private Future<PermissionView> view(InfluxPermission permission) {
    var id = permission.id();
    if (id == null || !NAMED_TYPES.contains(permission.type())) {
      return view(permission, Optional.empty());
    }
    return resourceName(permission.type(), id)
        .compose(
            name ->
                name.isPresent()
                    ? view(permission, name)
                    : Future.succeededFuture(PermissionView.of(permission)));
  }

  private Future<PermissionView> view(InfluxPermission permission, Optional<String> name) {
    var org = permission.orgID();
    return (org == null ? Future.succeededFuture(Optional.<String>empty()) : orgName(org))
        .map(found -> PermissionView.of(permission, name.orElse(null), found.orElse(null)));
  }

  /** Returns the name of a resource; empty if it is gone. */
  private Future<Optional<String>> resourceName(String type, String id) {
    return switch (type) {
      case BUCKETS -> buckets.findIfPresent(id).map(found -> found.map(one -> one.bucket().name()));
      case ORGS -> orgName(id);
      case USERS -> emptyIfGone(users.find(InfluxId.user(id))).map(found -> found.map(User::name));
      default -> throw new IllegalArgumentException(type);
    };
  }

  private Future<Optional<String>> orgName(String id) {
    return emptyIfGone(organizations.find(InfluxId.organization(id)))
        .map(found -> found.map(InfluxOrganizations::name));
  }

  // ---- finding

  Future<Reply> list(Call call) {
    var userID = InfluxPaging.parameter(call, "userID").map(InfluxId::user);
    var userName = InfluxPaging.parameter(call, "user");
    var orgID = InfluxPaging.parameter(call, "orgID").map(InfluxId::organization);
    var orgName = InfluxPaging.parameter(call, "org");
    var id = InfluxPaging.parameter(call, "id").map(InfluxId::parse);
    return findFilter(userID, userName, users::find, realm.users()::find)
        .compose(
            user ->
                findFilter(orgID, orgName, organizations::find, organizations::find)
                    .compose(org -> list(call, id, user, org)));
  }

  /**
   * A user or an organization to filter by.
   *
   * @param found empty if no filter is given, or if there is none with the given id
   */
  private record Filter<T>(boolean given, Optional<T> found) {

    boolean matchesNothing() {
      return given && found.isEmpty();
    }
  }

  /** Finds what to filter by. An unknown id matches nothing, an unknown name fails. */
  private static <I, T> Future<Filter<T>> findFilter(
      Optional<I> id,
      Optional<String> name,
      Function<I, Future<T>> byId,
      Function<String, Future<T>> byName) {
    if (id.isPresent()) {
      return emptyIfGone(byId.apply(id.get())).map(found -> new Filter<>(true, found));
    }
    return name.isPresent()
        ? byName.apply(name.get()).map(found -> new Filter<>(true, Optional.of(found)))
        : Future.succeededFuture(new Filter<>(false, Optional.empty()));
  }

  private Future<Reply> list(
      Call call, Optional<Long> id, Filter<User> user, Filter<Organization> org) {
    if (id.isPresent()) {
      return realm
          .tokens()
          .find(id.get(), InfluxDialect.NAME)
          .map(List::of)
          .compose(tokens -> shown(call, tokens, Optional.empty()));
    }
    if (user.matchesNothing() || org.matchesNothing()) {
      return shown(call, List.of(), Optional.empty());
    }
    var tokens =
        user.found()
            .map(owner -> realm.tokens().list(owner, InfluxDialect.NAME))
            .orElseGet(() -> realm.tokens().list(InfluxDialect.NAME));
    return tokens.compose(all -> shown(call, all, org.found()));
  }

  /** Answers with the tokens whose user and organization exist and that the caller may read. */
  private Future<Reply> shown(Call call, List<Token> tokens, Optional<Organization> org) {
    var caller = InfluxCaller.of(call);
    return Future.all(tokens.stream().map(this::stored).toList())
        .map(all -> all.<Stored>list().stream())
        .map(
            all ->
                all.filter(one -> one.needed(InfluxAction.READ).stream().allMatch(caller::may))
                    .flatMap(one -> one.ifComplete().stream())
                    .filter(one -> org.isEmpty() || one.org().id().equals(org.get().id()))
                    .map(one -> view(caller, one))
                    .toList())
        .compose(Future::all)
        .map(
            views ->
                Reply.ok(new AuthorizationList(new Links("/api/v2/authorizations"), views.list())));
  }

  private static <T> Future<Optional<T>> emptyIfGone(Future<T> found) {
    return found
        .map(Optional::of)
        .recover(
            thrown ->
                switch (Failure.from(thrown).reason()) {
                  case NO_SUCH_USER, NO_SUCH_ORGANIZATION ->
                      Future.succeededFuture(Optional.empty());
                  default -> Future.failedFuture(thrown);
                });
  }

  /** Adds owner and organization, if they exist. */
  private Future<Stored> stored(Token token) {
    return emptyIfGone(realm.users().owner(token))
        .compose(
            owner ->
                org(token)
                    .map(
                        org ->
                            new Stored(
                                token,
                                owner.map(InfluxId::of).orElseGet(token.owner()::toString),
                                owner,
                                org.map(found -> found.id().toString())
                                    .or(() -> orgID(token))
                                    .orElseThrow(),
                                org)));
  }

  /**
   * Returns the organization of a token; one for every dialect belongs to the default organization.
   */
  private Future<Optional<Organization>> org(Token token) {
    return orgID(token)
        .map(id -> emptyIfGone(organizations.find(InfluxId.organization(id))))
        .orElseGet(() -> realm.organizations().defaultOrganization().map(Optional::of));
  }

  private static Optional<String> orgID(Token token) {
    return InfluxAuthorization.of(token).map(InfluxAuthorization::orgID);
  }

  private Future<Stored> permitted(Call call, InfluxAction... actions) {
    return realm
        .tokens()
        .find(InfluxId.parse(call.parameter("authID")), InfluxDialect.NAME)
        .compose(this::stored)
        .map(
            stored -> {
              for (var action : actions) {
                stored.needed(action).forEach(InfluxCaller.of(call)::require);
              }
              return stored;
            });
  }

  Future<Reply> get(Call call) {
    return permitted(call, InfluxAction.READ)
        .compose(found -> view(InfluxCaller.of(call), found.complete()))
        .map(Reply::ok);
  }

  // ---- changing

  Future<Reply> update(Call call) {
    InfluxId.parse(call.parameter("authID"));
    var body = call.body(AuthorizationUpdate.class);
    var caller = InfluxCaller.of(call);
    return permitted(call, InfluxAction.READ, InfluxAction.WRITE)
        .compose(
            found ->
                found
                    .user()
                    .map(owner -> update(caller, found, owner, body))
                    .orElseGet(
                        () -> Future.succeededFuture(found.with(updated(found.token(), body)))))
        .compose(found -> view(caller, found.complete()))
        .map(Reply::ok);
  }

  /** Changes a token, even if its organization is gone and it can't be shown afterwards. */
  private Future<Stored> update(
      InfluxCaller caller, Stored found, User owner, AuthorizationUpdate body) {
    return realm
        .tokens()
        .update(caller.authority(), found.token(), owner, token -> updated(token, body))
        .recover(asMissing(owner))
        .map(found::with);
  }

  private static <T> Function<Throwable, Future<T>> asMissing(User owner) {
    return InfluxCaller.asMissing(InfluxPermission.user(InfluxAction.WRITE, InfluxId.of(owner)));
  }

  private Token updated(Token token, AuthorizationUpdate body) {
    var status = body.status() == null ? token.status() : updatedStatus(body.status());
    return token.with(
        status, body.description() == null ? token.description() : body.description());
  }

  /** Returns the status of a word; an empty one is active. */
  private Status updatedStatus(String word) {
    if (word.isEmpty()) {
      return Status.ACTIVE;
    }
    return InfluxStatus.parse(word)
        .orElseThrow(
            () ->
                (settings.version() == InfluxDialect.Version.V2_7
                        ? InfluxErrors.UNKNOWN_AUTHORIZATION_STATUS_2_7
                        : InfluxErrors.UNKNOWN_AUTHORIZATION_STATUS)
                    .newException(Reason.INVALID_VALUE, "status"));
  }

  /** Deletes a token, even if its owner is gone. */
  Future<Reply> delete(Call call) {
    return permitted(call, InfluxAction.WRITE)
        .compose(
            found ->
                found
                    .user()
                    .map(owner -> end(InfluxCaller.of(call), found, owner))
                    .orElseGet(() -> realm.tokens().end(found.token())))
        .map(gone -> Reply.noContent());
  }

  private Future<Token> end(InfluxCaller caller, Stored found, User owner) {
    return realm.tokens().end(caller.authority(), found.token(), owner).recover(asMissing(owner));
  }
}
