package dev.doppel.vcloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.dialect.BasicCredentials;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.Users;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Signing in to an organisation, and out again (CloudAPI "Sessions"). */
final class VcloudSessions {

  private static final String BUILT_IN_ADMINISTRATOR = "administrator";
  private static final String SESSION = "session";
  private static final int SIGNATURE_BYTES = 256;
  private static final VcloudUrn SITE = VcloudUrn.named("site", "doppel");

  private record SignIn(String user, String organization, Password password) {

    static SignIn of(BasicCredentials pair) {
      var at = pair.name().lastIndexOf('@');
      return new SignIn(
          pair.name().substring(0, at), pair.name().substring(at + 1), pair.password());
    }

    boolean provider() {
      return organization.equalsIgnoreCase(Realm.SYSTEM);
    }

    String organizationName() {
      return provider() ? Realm.SYSTEM : organization;
    }
  }

  private final Realm realm;
  private final VcloudRules rules;

  VcloudSessions(Realm realm, VcloudRules rules) {
    this.realm = realm;
    this.rules = rules;
  }

  Future<Reply> tenant(Call call) {
    return start(call, signIn(call).filter(wanted -> !wanted.provider()));
  }

  Future<Reply> provider(Call call) {
    return start(call, signIn(call).filter(SignIn::provider));
  }

  /** {@code user@organisation}; the user's part may hold an {@code @} as well. */
  private static Optional<SignIn> signIn(Call call) {
    return BasicCredentials.of(call).filter(pair -> pair.name().indexOf('@') >= 0).map(SignIn::of);
  }

  private Future<Reply> start(Call call, Optional<SignIn> wanted) {
    if (wanted.isEmpty()) {
      return Future.failedFuture(Failure.of(Reason.WRONG_SIGN_IN));
    }
    var signIn = wanted.get();
    return Failure.emptyIf(
            Reason.NO_SUCH_ORGANIZATION, realm.organizations().find(signIn.organizationName()))
        .compose(
            organization ->
                member(signIn.user(), organization)
                    .compose(user -> realm.users().verify(user, signIn.password()))
                    .compose(Users::active)
                    .compose(user -> start(call, user, organization.orElseThrow())));
  }

  /** The user of this name in the organisation, by any of the names it may be kept under. */
  private Future<Optional<User>> member(String name, Optional<Organization> organization) {
    if (organization.isEmpty()) {
      return Future.succeededFuture(Optional.empty());
    }
    var org = organization.get();
    return member(name, org)
        .compose(user -> user.isPresent() ? found(user) : namesake(name, org))
        .compose(user -> user.isPresent() ? found(user) : builtIn(name, org));
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
    return name.equals(BUILT_IN_ADMINISTRATOR) && organization.name().equals(Realm.SYSTEM)
        ? member(realm.settings().administrator(), organization)
        : found(Optional.empty());
  }

  private Future<Reply> start(Call call, User user, Organization organization) {
    var session = new VcloudSession(VcloudSession.newId(realm), organization.id().value());
    var token = accessToken(user, organization, session);
    return realm
        .tokens()
        .startSession(
            token,
            user,
            VcloudDialect.NAME,
            VcloudAuth.IDLE,
            Map.of(VcloudDialect.NAME, session.json()))
        .map(
            started ->
                Reply.ok(view(call, session, user, organization))
                    .with("X-VMWARE-VCLOUD-ACCESS-TOKEN", token)
                    .with("X-VMWARE-VCLOUD-TOKEN-TYPE", "Bearer"));
  }

  /**
   * Looks like the vendor's JWT, which clients pass on unread. It is no signed statement: it is
   * known by its hash, and its last part is what nobody can guess.
   */
  private String accessToken(User user, Organization organization, VcloudSession session) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", location(organization));
    claims.put("sub", VcloudNames.shown(user, organization));
    claims.put("exp", realm.clock().instant().plus(VcloudAuth.IDLE).getEpochSecond());
    claims.put("version", "vcloud_1.0");
    claims.put("jti", session.id().toString().replace("-", ""));
    try {
      return base64(json(Map.of("alg", "RS256")))
          + "."
          + base64(json(claims))
          + "."
          + base64(realm.secrets().bytes(SIGNATURE_BYTES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and a number are always JSON", e);
    }
  }

  private static byte[] json(Object value) throws JsonProcessingException {
    return VcloudWire.JSON.writeValueAsBytes(value);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }

  private static String location(Organization organization) {
    return VcloudUrn.of(organization).uuid() + "@" + SITE.uuid();
  }

  private VcloudWire.Session view(
      Call call, VcloudSession session, User user, Organization organization) {
    var role = VcloudRole.of(user, organization);
    var site = new EntityReference("doppel", SITE.toString());
    return new VcloudWire.Session(
        new VcloudUrn(SESSION, session.id()).toString(),
        VcloudVersion.of(call, rules).since(VcloudVersion.WITH_SITE) ? site : null,
        new EntityReference(VcloudNames.shown(user, organization), VcloudUrn.of(user)),
        VcloudUserView.reference(organization),
        location(organization),
        List.of(role.words()),
        List.of(role.reference()),
        (int) VcloudAuth.IDLE.toMinutes());
  }

  Future<Reply> current(Call call) {
    return view(call, call.caller().token().orElseThrow()).map(Reply::ok);
  }

  private Future<VcloudWire.Session> view(Call call, Token token) {
    var session = VcloudSession.of(token);
    return realm
        .organizations()
        .find(session.organizationId())
        .map(organization -> view(call, session, call.caller().user(), organization));
  }

  Future<Reply> endCurrent(Call call) {
    return end(call.caller().token().orElseThrow());
  }

  private Future<Reply> end(Token token) {
    return realm.tokens().end(token).map(ended -> Reply.noContent());
  }

  /** The caller's own, the oldest first. */
  Future<Reply> query(Call call) {
    var paging = VcloudPaging.of(call);
    return own(call)
        .compose(
            tokens ->
                Future.all(paging.of(tokens).stream().map(token -> view(call, token)).toList())
                    .map(
                        views ->
                            paging.linked(
                                Reply.ok(paging.envelope(tokens.size(), views.list())),
                                call,
                                tokens.size(),
                                "Sessions")));
  }

  private Future<List<Token>> own(Call call) {
    return realm.tokens().sessions(call.caller().user().id(), VcloudDialect.NAME);
  }

  Future<Reply> get(Call call) {
    return find(call).compose(token -> view(call, token)).map(Reply::ok);
  }

  Future<Reply> end(Call call) {
    return find(call).compose(this::end);
  }

  /** One of the caller's own; whether another's exists is not told. */
  private Future<Token> find(Call call) {
    var text = call.parameter("sessionUrn");
    var urn =
        VcloudUrn.parse(text)
            .filter(one -> one.type().equals(SESSION))
            .orElseThrow(
                () ->
                    Failure.of(
                        Reason.INVALID_ID,
                        "The value '" + text + "' is not a URN of type session."));
    return own(call)
        .map(
            tokens ->
                tokens.stream()
                    .filter(token -> VcloudSession.of(token).id().equals(urn.uuid()))
                    .findFirst()
                    .orElseThrow(
                        () ->
                            VcloudFaults.NO_SESSION.refuse(
                                Reason.FORBIDDEN, urn.uuid().toString())));
  }
}
