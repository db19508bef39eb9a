package dev.doppel.vcloud;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Organizations;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.Token;
import dev.doppel.users.Tokens.NewSession;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** Signing in to an organization, and out again (CloudAPI "Sessions"). */
final class VcloudSessions {

  private static final String BUILT_IN_ADMINISTRATOR = "administrator";
  private static final String SESSION = "session";
  private static final int SHORT_TOKEN_BYTES = 16;
  private static final String ACCESS_TOKEN = "X-VMWARE-VCLOUD-ACCESS-TOKEN";
  private static final VcloudListing LISTING =
      new VcloudListing(
          "Sessions",
          List.of(
              "id",
              "site.id",
              "site.name",
              "user.id",
              "user.name",
              "org.id",
              "org.name",
              "location",
              "sessionIdleTimeoutMinutes"));

  private record MemberSignIn(String user, String organization, SignIn signIn) {

    /** Of a name with an {@code @} in it; the user's part may hold one as well. */
    static MemberSignIn of(SignIn signIn) {
      var name = signIn.name();
      var at = name.lastIndexOf('@');
      return new MemberSignIn(name.substring(0, at), name.substring(at + 1), signIn);
    }

    boolean provider() {
      return organization.equalsIgnoreCase(Organizations.SYSTEM);
    }

    Future<Organization> organization(Organizations organizations) {
      return provider() ? organizations.system() : organizations.find(organization);
    }
  }

  private final Realm realm;
  private final VcloudRules rules;

  VcloudSessions(Realm realm, VcloudRules rules) {
    this.realm = realm;
    this.rules = rules;
  }

  /** Returns the same operations in a change that is under way. */
  VcloudSessions in(Realm now) {
    return new VcloudSessions(now, rules);
  }

  Future<Reply> tenant(Call call) {
    return signedIn(
        signIn(call).filter(wanted -> !wanted.provider()),
        (user, organization) -> start(call, user, organization));
  }

  Future<Reply> provider(Call call) {
    return signedIn(
        signIn(call).filter(MemberSignIn::provider),
        (user, organization) -> start(call, user, organization));
  }

  /**
   * As the older API has it: for tenants and providers alike, and with a second, short token, which
   * is another name of the same session.
   */
  Future<Reply> legacy(Call call) {
    return signedIn(signIn(call), (user, organization) -> startLegacy(call, user, organization));
  }

  private Future<Reply> startLegacy(Call call, User user, Organization organization) {
    var secret = realm.secrets().hex(SHORT_TOKEN_BYTES);
    return open(user, organization, false, Stream.of(secret))
        .map(
            opened ->
                VcloudOlderSession.of(call, user, organization)
                    .with("x-vcloud-authorization", secret)
                    .with(ACCESS_TOKEN, opened.accessToken())
                    .with("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer"));
  }

  /** Who wants to sign in, if anybody does. */
  static Optional<String> userName(Call call) {
    return signIn(call).map(MemberSignIn::user);
  }

  /** {@code user@organization} */
  private static Optional<MemberSignIn> signIn(Call call) {
    return BasicCredentials.of(call)
        .filter(pair -> pair.name().indexOf('@') >= 0)
        .map(pair -> MemberSignIn.of(pair.signIn(call)));
  }

  private Future<Reply> signedIn(
      Optional<MemberSignIn> wanted, BiFunction<User, Organization, Future<Reply>> then) {
    if (wanted.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
    }
    var member = wanted.get();
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, member.organization(realm.organizations()))
        .compose(
            organization ->
                member(member.user(), organization)
                    .compose(user -> realm.users().verify(user, member.signIn()))
                    .compose(Users::active)
                    .compose(user -> then.apply(user, organization.orElseThrow())));
  }

  /** The user of this name in the organization, by any of the names it may be kept under. */
  private Future<Optional<User>> member(String name, Optional<Organization> organization) {
    if (organization.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var org = organization.get();
    return called(name, org)
        .compose(
            user -> user.isPresent() ? found(user) : called(name.toLowerCase(Locale.ROOT), org));
  }

  /** The built-in account comes before a namesake of older stores. */
  private Future<Optional<User>> called(String name, Organization organization) {
    return builtIn(name, organization)
        .compose(user -> user.isPresent() ? found(user) : kept(name, organization));
  }

  /** Whoever is at home in the organization comes before a namesake that was added to it. */
  private Future<Optional<User>> kept(String name, Organization organization) {
    return member(name, organization)
        .compose(
            user ->
                user.filter(one -> VcloudNames.isHome(organization, one)).isPresent()
                    ? found(user)
                    : namesake(name, organization)
                        .map(
                            namesake ->
                                namesake
                                    .filter(
                                        one ->
                                            user.isEmpty() || VcloudNames.isHome(organization, one))
                                    .or(() -> user)));
  }

  private static Future<Optional<User>> found(Optional<User> user) {
    return Future.succeededFuture(user);
  }

  private Future<Optional<User>> member(String name, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .map(user -> user.filter(one -> realm.organizations().has(organization, one)));
  }

  private Future<Optional<User>> namesake(String name, Organization organization) {
    return member(VcloudNames.ofNamesake(name, organization), organization);
  }

  private Future<Optional<User>> builtIn(String name, Organization organization) {
    return name.equals(BUILT_IN_ADMINISTRATOR) && VcloudUrn.isProvider(organization)
        ? realm
            .builtIn()
            .map(user -> user.filter(one -> realm.organizations().has(organization, one)))
        : found(Optional.empty());
  }

  private Future<Reply> start(Call call, User user, Organization organization) {
    return open(user, organization, false)
        .map(
            opened ->
                Reply.ok(view(call, opened.session(), user, organization))
                    .with(ACCESS_TOKEN, opened.accessToken())
                    .with("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer"));
  }

  /** A session that has just begun, and what its client shows from now on. */
  record Opened(VcloudSession session, String accessToken) {}

  /**
   * Begins a session of a user who has shown who it is, in an organization it belongs to.
   *
   * @param limited whether it is made from an API token
   */
  Future<Opened> open(User user, Organization organization, boolean limited) {
    return open(user, organization, limited, Stream.of());
  }

  /**
   * Begins a session that has other names as well: with all of them, or not at all.
   *
   * @param names what its client may show instead of the access token
   */
  private Future<Opened> open(
      User user, Organization organization, boolean limited, Stream<String> names) {
    var session =
        new VcloudSession(
            VcloudUrn.newUuid(realm.secrets()), organization.id().value(), limited ? true : null);
    var token = VcloudAccessToken.of(realm, user, organization, session);
    var wanted =
        Stream.concat(Stream.of(token), names)
            .map(
                secret ->
                    NewSession.of(secret, VcloudAuth.IDLE)
                        .withExtras(VcloudApi.NAME, session.json()))
            .toList();
    return realm
        .tokens()
        .startSessions(user, VcloudApi.NAME, wanted)
        .map(kept -> new Opened(session, token));
  }

  private VcloudWire.Session view(
      Call call, VcloudSession session, User user, Organization organization) {
    var roles = VcloudRole.of(user, organization);

    return new VcloudWire.Session(
        new VcloudUrn(SESSION, session.id()).toString(),
        VcloudVersion.of(call, rules).since(VcloudVersion.WITH_SITE)
            ? VcloudSite.reference()
            : null,
        new EntityReference(VcloudNames.shown(user, organization), VcloudUrn.of(user)),
        VcloudUserView.reference(organization),
        VcloudSite.location(organization),
        roles.stream().map(VcloudRole::words).toList(),
        roles.stream().map(VcloudRole::reference).toList(),
        (int) VcloudAuth.IDLE.toMinutes());
  }

  Future<Reply> current(Call call) {
    var caller = VcloudCaller.of(call);
    return Future.succeededFuture(
        Reply.ok(view(call, caller.session(), caller.user(), caller.organization())));
  }

  Future<Reply> legacyCurrent(Call call) {
    var caller = VcloudCaller.of(call);
    return Future.succeededFuture(
        VcloudOlderSession.of(call, caller.user(), caller.organization()));
  }

  Future<Reply> endCurrent(Call call) {
    var id = VcloudCaller.of(call).session().id();
    return realm.change(now -> in(now).end(call, id)).map(ended -> Reply.noContent());
  }

  /**
   * Ends a session under all of its names. Fails with BAD_CREDENTIALS, as a call in it does, if it
   * has ended already.
   */
  private Future<Void> end(Call call, UUID id) {
    return own(call)
        .map(
            tokens ->
                tokens.stream()
                    .filter(token -> VcloudSession.of(token).id().equals(id))
                    .map(realm.tokens()::end)
                    .toList())
        .compose(
            ended ->
                ended.isEmpty()
                    ? Future.failedFuture(Failure.of(Reason.BAD_CREDENTIALS))
                    : Future.all(ended).mapEmpty());
  }

  /** The caller's own, the oldest first. */
  Future<Reply> query(Call call) {
    return sessions(call)
        .compose(
            sessions ->
                Future.all(sessions.values().stream().map(token -> view(call, token)).toList()))
        .map(views -> LISTING.page(call, views.list()));
  }

  private Future<Map<UUID, Token>> sessions(Call call) {
    return own(call)
        .map(
            tokens -> {
              var all = new LinkedHashMap<UUID, Token>();
              tokens.forEach(token -> all.putIfAbsent(VcloudSession.of(token).id(), token));
              return all;
            });
  }

  private Future<List<Token>> own(Call call) {
    return realm.tokens().sessions(call.caller().user(), VcloudApi.NAME);
  }

  Future<Reply> get(Call call) {
    return find(call, urn(call)).compose(token -> view(call, token)).map(Reply::ok);
  }

  Future<Reply> end(Call call) {
    var urn = urn(call);
    return realm.change(now -> in(now).end(call, urn)).map(ended -> Reply.noContent());
  }

  private Future<Void> end(Call call, VcloudUrn urn) {
    return find(call, urn).compose(found -> end(call, urn.uuid()));
  }

  private static VcloudUrn urn(Call call) {
    if (call.parameter("sessionUrn").equals("provider")) {
      throw Failure.of(Reason.WRONG_METHOD, "POST"); // it is where one signs in, not a session
    }
    return VcloudUrn.required(call.parameter("sessionUrn"), SESSION);
  }

  /** One of the caller's own; whether another's exists is not told. */
  private Future<Token> find(Call call, VcloudUrn urn) {
    return sessions(call)
        .map(
            sessions ->
                Optional.ofNullable(sessions.get(urn.uuid()))
                    .orElseThrow(
                        () ->
                            VcloudErrors.NO_SESSION.newException(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }

  private Future<VcloudWire.Session> view(Call call, Token token) {
    var session = VcloudSession.of(token);
    return realm
        .organizations()
        .find(session.organizationId())
        .map(organization -> view(call, session, call.caller().user(), organization));
  }
}
