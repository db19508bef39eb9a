package dev.doppel.vcloud;

import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.SignIn;
import dev.doppel.users.Token;
import dev.doppel.users.Tokens.NewSession;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Sign-in to an organization, sessions and sign-out (CloudAPI "Sessions"). */
final class VcloudSessions {

  private static final String SESSION = "session";
  private static final int SHORT_TOKEN_BYTES = 16;
  private static final int MAX_SESSIONS_OF_ACCOUNT = 8;
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

    /** Parses {@code user@organization}. The part before the last {@code @} may contain others. */
    static MemberSignIn parse(SignIn signIn) {
      var name = signIn.name();
      var at = name.lastIndexOf('@');
      return new MemberSignIn(name.substring(0, at), name.substring(at + 1), signIn);
    }
  }

  private final Realm realm;

  VcloudSessions(Realm realm) {
    this.realm = realm;
  }

  /** Returns the same operations in a change. */
  VcloudSessions in(Realm now) {
    return new VcloudSessions(now);
  }

  Future<Reply> login(Call call) {
    return signIn(
        call,
        organization -> !VcloudUrn.isProvider(organization),
        (user, organization) -> start(call, user, organization));
  }

  Future<Reply> loginProvider(Call call) {
    return signIn(
        call, VcloudUrn::isProvider, (user, organization) -> start(call, user, organization));
  }

  /**
   * Signs in through the older API, tenants and providers alike. The session has a second, short
   * token.
   */
  Future<Reply> loginOlderApi(Call call) {
    return signIn(
        call,
        organization -> true,
        (user, organization) -> startOlderApi(call, user, organization));
  }

  private Future<Reply> startOlderApi(Call call, User user, Organization organization) {
    var secret = realm.secrets().hex(SHORT_TOKEN_BYTES);
    return open(user, organization, false, Stream.of(secret))
        .map(
            opened ->
                VcloudOlderSession.reply(
                        call, reference(user, organization), opened.roles().of(user), organization)
                    .with("x-vcloud-authorization", secret)
                    .with(ACCESS_TOKEN, opened.accessToken())
                    .with("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer"));
  }

  /**
   * Returns the name of the user who signs in, without the organization; empty if there is none.
   */
  static Optional<String> findUserName(Call call) {
    return findSignIn(call).map(MemberSignIn::user);
  }

  private static Optional<MemberSignIn> findSignIn(Call call) {
    return BasicCredentials.of(call)
        .filter(pair -> pair.name().indexOf('@') >= 0)
        .map(pair -> MemberSignIn.parse(pair.signIn(call)));
  }

  /**
   * Signs in.
   *
   * @param isAllowed whether users of an organization can sign in by this operation
   */
  private Future<Reply> signIn(
      Call call,
      Predicate<Organization> isAllowed,
      BiFunction<User, Organization, Future<Reply>> then) {
    var wanted = findSignIn(call);
    if (wanted.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
    }
    var member = wanted.get();
    return Failure.emptyIf(
            Reason.NO_SUCH_ORGANIZATION,
            VcloudOrganizationNames.find(realm.organizations(), member.organization()))
        .compose(
            organization ->
                organization.filter(isAllowed.negate()).isPresent()
                    ? Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN))
                    : findUser(
                            member.user(), organization.filter(VcloudOrganizationExtras::isEnabled))
                        .compose(user -> realm.users().verify(user, member.signIn()))
                        .compose(Users::requireActive)
                        .compose(user -> then.apply(user, organization.orElseThrow())));
  }

  /**
   * Finds the user of this name in the organization, by any name under which it may be stored.
   * Empty if there is none.
   */
  private Future<Optional<User>> findUser(String name, Optional<Organization> organization) {
    if (organization.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var org = organization.get();
    return findByName(name, org)
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : findByName(name.toLowerCase(Locale.ROOT), org));
  }

  /** The built-in administrator takes precedence over a namesake from an older version. */
  private Future<Optional<User>> findByName(String name, Organization organization) {
    return findBuiltIn(name, organization)
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : findMemberOrNamesake(name, organization));
  }

  /** A user whose home is the organization takes precedence over one that was added to it. */
  private Future<Optional<User>> findMemberOrNamesake(String name, Organization organization) {
    return findMember(name, organization)
        .compose(
            user ->
                user.filter(one -> VcloudNames.isHome(organization, one)).isPresent()
                    ? Future.succeededFuture(user)
                    : findMember(VcloudNames.ofNamesake(name, organization), organization)
                        .map(
                            namesake ->
                                namesake
                                    .filter(
                                        one ->
                                            user.isEmpty() || VcloudNames.isHome(organization, one))
                                    .or(() -> user)));
  }

  private Future<Optional<User>> findMember(String name, Organization organization) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(name))
        .map(user -> user.filter(one -> realm.organizations().has(organization, one)));
  }

  private Future<Optional<User>> findBuiltIn(String name, Organization organization) {
    return name.equals(VcloudNames.BUILT_IN) && VcloudUrn.isProvider(organization)
        ? realm
            .builtIn()
            .map(user -> user.filter(one -> realm.organizations().has(organization, one)))
        : Future.succeededFuture(Optional.empty());
  }

  private Future<Reply> start(Call call, User user, Organization organization) {
    return open(user, organization, false)
        .map(
            opened ->
                Reply.ok(
                        view(
                            call,
                            opened.session(),
                            reference(user, organization),
                            opened.roles().of(user),
                            organization))
                    .with(ACCESS_TOKEN, opened.accessToken())
                    .with("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer"));
  }

  /**
   * A new session and its access token.
   *
   * @param roles of the organization
   */
  record Opened(VcloudSession session, String accessToken, VcloudRoleSet roles) {}

  /**
   * Opens a session of an authenticated user in an organization that the user belongs to.
   *
   * @param limited whether the user authenticated with an API token
   */
  Future<Opened> open(User user, Organization organization, boolean limited) {
    return open(user, organization, limited, Stream.of());
  }

  /**
   * Opens a session with several tokens: all of them are stored, or none.
   *
   * @param otherTokens the secrets of tokens that are valid in addition to the access token
   */
  private Future<Opened> open(
      User user, Organization organization, boolean limited, Stream<String> otherTokens) {
    var session =
        new VcloudSession(
            VcloudUrn.newUuid(realm.secrets()),
            organization.id().value(),
            limited ? true : null,
            VcloudOrganizationExtras.of(organization).sessionEpoch(),
            null,
            null);
    return open(
        user, VcloudNames.displayName(user, organization), organization, session, otherTokens);
  }

  /**
   * Opens a session of a service account, which is limited. Part of a change. Ends the account's
   * oldest sessions if there would be more than {@value #MAX_SESSIONS_OF_ACCOUNT}, and the oldest
   * of all accounts that the owner registered if they would be more than half of the owner's
   * maximum, so that accounts don't end the owner's own sessions.
   *
   * @param owner the user who registered the account
   */
  Future<Opened> openForServiceAccount(
      User owner, Organization organization, UUID clientId, String name, int generation) {
    var session =
        new VcloudSession(
            VcloudUrn.newUuid(realm.secrets()),
            organization.id().value(),
            true,
            VcloudOrganizationExtras.of(organization).sessionEpoch(),
            clientId,
            generation);
    return endOldestOfAccounts(owner, clientId)
        .compose(ended -> open(owner, name, organization, session, Stream.of()));
  }

  private Future<Void> endOldestOfAccounts(User owner, UUID clientId) {
    var maxOfAccounts = Math.max(1, realm.settings().limits().sessions() / 2);
    return realm
        .tokens()
        .sessions(owner, VcloudApi.NAME)
        .compose(
            all -> {
              var ofAccounts = all.stream().filter(VcloudSessions::isOfServiceAccount).toList();
              var own =
                  ofAccounts.stream()
                      .filter(token -> clientId.equals(VcloudSession.of(token).serviceAccount()))
                      .toList();
              var ended = new LinkedHashSet<>(oldest(own, MAX_SESSIONS_OF_ACCOUNT - 1));
              var rest = ofAccounts.stream().filter(token -> !ended.contains(token)).toList();
              ended.addAll(oldest(rest, maxOfAccounts - 1));
              return Future.all(ended.stream().map(realm.tokens()::end).toList());
            })
        .mapEmpty();
  }

  private static boolean isOfServiceAccount(Token token) {
    return VcloudSession.of(token).serviceAccount() != null;
  }

  /** Returns all but the newest tokens. */
  private static List<Token> oldest(List<Token> oldestFirst, int kept) {
    return oldestFirst.subList(0, Math.max(0, oldestFirst.size() - kept));
  }

  private Future<Opened> open(
      User owner,
      String name,
      Organization organization,
      VcloudSession session,
      Stream<String> otherTokens) {
    var token = VcloudAccessToken.generate(realm, name, organization, session);
    var wanted =
        Stream.concat(Stream.of(token), otherTokens)
            .map(
                secret ->
                    NewSession.of(secret, VcloudAuth.IDLE_TIMEOUT)
                        .withExtras(VcloudApi.NAME, session.toJson()))
            .toList();
    return realm
        .tokens()
        .startSessions(owner, VcloudApi.NAME, wanted)
        .compose(started -> VcloudRoleSet.of(organization, realm.organizations(), List.of(owner)))
        .map(roles -> new Opened(session, token, roles));
  }

  private static EntityReference reference(User user, Organization organization) {
    return new EntityReference(VcloudNames.displayName(user, organization), VcloudUrn.of(user));
  }

  private VcloudWire.Session view(
      Call call,
      VcloudSession session,
      EntityReference user,
      List<VcloudRole> roles,
      Organization organization) {
    return new VcloudWire.Session(
        new VcloudUrn(SESSION, session.id()).toString(),
        VcloudVersion.of(call).since(VcloudVersion.WITH_SITE) ? VcloudSite.reference() : null,
        user,
        VcloudUserView.reference(organization),
        VcloudSite.location(organization),
        roles.stream().map(VcloudRole::name).toList(),
        roles.stream().map(VcloudRole::reference).toList(),
        (int) VcloudAuth.IDLE_TIMEOUT.toMinutes());
  }

  Future<Reply> current(Call call) {
    var caller = VcloudCaller.of(call);
    return Future.succeededFuture(
        Reply.ok(
            view(
                call,
                caller.session(),
                caller.reference(),
                caller.roles(),
                caller.organization())));
  }

  Future<Reply> currentOlderApi(Call call) {
    var caller = VcloudCaller.of(call);
    return Future.succeededFuture(
        VcloudOlderSession.reply(call, caller.reference(), caller.roles(), caller.organization()));
  }

  Future<Reply> endCurrent(Call call) {
    var id = VcloudCaller.of(call).session().id();
    return realm.change(now -> in(now).end(call, id)).map(ended -> Reply.noContent());
  }

  /**
   * Ends a session with all of its tokens. Fails with BAD_CREDENTIALS, as any call in it does, if
   * it has already ended.
   */
  private Future<Void> end(Call call, UUID id) {
    return ownTokens(call)
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

  /** Lists the caller's own sessions, the oldest first by default. */
  Future<Reply> query(Call call) {
    return sessions(call)
        .compose(
            sessions ->
                Future.all(sessions.values().stream().map(token -> view(call, token)).toList()))
        .map(views -> LISTING.page(call, views.list()));
  }

  private Future<Map<UUID, Token>> sessions(Call call) {
    return ownTokens(call)
        .map(
            tokens -> {
              var all = new LinkedHashMap<UUID, Token>();
              tokens.forEach(token -> all.putIfAbsent(VcloudSession.of(token).id(), token));
              return all;
            });
  }

  /** Returns the tokens of the user's sessions without those of its service accounts, or of one. */
  private Future<List<Token>> ownTokens(Call call) {
    var caller = VcloudCaller.of(call);
    return realm
        .tokens()
        .sessions(caller.user(), VcloudApi.NAME)
        .map(
            all ->
                all.stream()
                    .filter(
                        token ->
                            Objects.equals(
                                VcloudSession.of(token).serviceAccount(),
                                caller.session().serviceAccount()))
                    .toList());
  }

  Future<Reply> get(Call call) {
    return find(call, urn(call)).compose(token -> view(call, token)).map(Reply::ok);
  }

  /** Lists the other sites that a session can be used at, of which there are none. */
  Future<Reply> accessibleLocations(Call call) {
    var paging = VcloudPaging.of(call);
    return find(call, urn(call))
        .map(
            token ->
                paging.withLinks(
                    Reply.ok(paging.envelope(0, List.of())), call, 0, "AccessibleLocations"));
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
      throw Failure.of(Reason.WRONG_METHOD, "POST"); // the path to sign in, not a session
    }
    return VcloudUrn.require(call.parameter("sessionUrn"), SESSION);
  }

  /**
   * Finds one of the caller's own sessions. Another user's gets the same error as a missing one.
   */
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
    var caller = VcloudCaller.of(call);
    return realm
        .organizations()
        .find(session.organizationId())
        .compose(
            organization ->
                there(caller, organization)
                    .map(
                        roles ->
                            view(
                                call,
                                session,
                                caller.in(organization).reference(),
                                roles,
                                organization)));
  }

  /** Reads the caller's roles in another organization in which it has a session. */
  private Future<List<VcloudRole>> there(VcloudCaller caller, Organization organization) {
    return organization.id().equals(caller.organization().id())
        ? Future.succeededFuture(caller.roles())
        : VcloudRoleSet.of(organization, realm.organizations(), List.of(caller.user()))
            .map(set -> set.of(caller.user()));
  }
}
