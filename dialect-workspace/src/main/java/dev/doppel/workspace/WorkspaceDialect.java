package dev.doppel.workspace;

import static dev.doppel.dialect.Operation.delete;
import static dev.doppel.dialect.Operation.get;
import static dev.doppel.dialect.Operation.post;
import static dev.doppel.dialect.Operation.put;
import static dev.doppel.users.Failure.Reason.BAD_CREDENTIALS;
import static dev.doppel.users.Failure.Reason.EXPIRED_CREDENTIALS;
import static dev.doppel.users.Failure.Reason.INACTIVE_USER;
import static dev.doppel.users.Failure.Reason.USER_EXISTS;
import static dev.doppel.users.Failure.Reason.WRONG_PASSWORD;
import static dev.doppel.users.Failure.Reason.WRONG_SIGN_IN;
import static dev.doppel.workspace.WorkspaceOperation.*;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.FixedHeader;
import dev.doppel.dialect.OneTimeCode;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.IdForm;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceWire.ForgotPassword;
import dev.doppel.workspace.WorkspaceWire.Login;
import dev.doppel.workspace.WorkspaceWire.PasswordByToken;
import dev.doppel.workspace.WorkspaceWire.PasswordChange;
import dev.doppel.workspace.WorkspaceWire.PasswordUpdate;
import dev.doppel.workspace.WorkspaceWire.Refresh;
import dev.doppel.workspace.WorkspaceWire.Register;
import dev.doppel.workspace.WorkspaceWire.TwoFactorActivation;
import dev.doppel.workspace.WorkspaceWire.Verify;
import dev.doppel.workspace.WorkspaceWire.VerifyResend;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The Applivery Workspace API v1. The table has one line for each operation, named as its page in
 * the vendor's reference.
 */
public final class WorkspaceDialect implements Dialect {

  /** The form of user ids. */
  public static final IdForm ID_FORM =
      new IdForm(
          WorkspaceApi.NAME,
          WorkspaceId::of,
          WorkspaceId::parse,
          Pattern.compile("[0-9a-f]{24}"),
          "24 lower-case hexadecimal digits are allowed");

  private static final CharSequence CONTENT_TYPE =
      HttpHeaders.createOptimized("application/json; charset=utf-8");
  private static final FixedHeader ANY_ORIGIN = new FixedHeader("Access-Control-Allow-Origin", "*");

  /** The rules of the vendor's server, an Express application. */
  private static final PathRules PATHS = PathRules.TRAILING_SLASH_AND_CASE_IGNORED.withHeadAsGet();

  /** Paths that are this vendor's. */
  static final List<String> PREFIXES = List.of("/v1");

  private final Fidelity fidelity;
  private final WorkspaceAuth auth;
  private final WorkspaceUsers users;
  private final WorkspaceTwoFactor twoFactor;
  private final List<Operation> operations;

  public WorkspaceDialect(Realm realm, Fidelity fidelity) {
    this.fidelity = fidelity;
    var tokens = new WorkspaceTokens(realm);
    auth = new WorkspaceAuth(tokens, realm.organizations());
    users = new WorkspaceUsers(realm);
    twoFactor = new WorkspaceTwoFactor(realm);
    operations = operations(realm, tokens);
  }

  private List<Operation> operations(Realm realm, WorkspaceTokens tokens) {
    var mails = new WorkspaceMails(realm);
    var sessions = new WorkspaceSessions(realm, tokens, users, twoFactor);
    var registration = new WorkspaceRegistration(realm, mails, auth);
    var organizations = new WorkspaceOrganizations(realm);
    var invitations = new WorkspaceInvitations(realm, mails);
    var collaborators = new WorkspaceCollaborators(realm, organizations, invitations);
    var serviceAccounts = new WorkspaceServiceAccounts(realm);
    // spotless:off
    return List.of(
        post("/v1/auth/login", POST_AUTH_LOGIN, Login.class, sessions::login).forEveryone()
            .when(INACTIVE_USER, WorkspaceErrors.INVALID_CREDENTIALS),
        post("/v1/auth/refresh", POST_AUTH_REFRESH, Refresh.class, sessions::refresh).forEveryone()
            .when(BAD_CREDENTIALS, WorkspaceErrors.TOKEN_PAIR_INVALID)
            .when(EXPIRED_CREDENTIALS, WorkspaceErrors.TOKEN_PAIR_INVALID)
            .when(INACTIVE_USER, WorkspaceErrors.TOKEN_PAIR_INVALID),
        post("/v1/auth/register", POST_AUTH_REGISTER, Register.class, registration::register).forEveryone()
            .when(USER_EXISTS, WorkspaceErrors.ALREADY_REGISTERED),
        post("/v1/auth/register/forgot-password", POST_AUTH_REGISTER_FORGOT_PASSWORD, ForgotPassword.class, registration::forgotPassword).forEveryone(),
        byMailToken(post("/v1/auth/register/change-password", POST_AUTH_REGISTER_CHANGE_PASSWORD, PasswordByToken.class, registration::changePassword)),
        byMailToken(post("/v1/auth/register/verify", POST_AUTH_REGISTER_VERIFY, Verify.class, registration::verify)),
        post("/v1/auth/register/verify-resend", POST_AUTH_REGISTER_VERIFY_RESEND, VerifyResend.class, registration::resendVerification).forEveryone()
            .when(INACTIVE_USER, WorkspaceErrors.INVALID_CREDENTIALS),
        post("/v1/auth/register/update-password", POST_AUTH_REGISTER_UPDATE_PASSWORD, PasswordUpdate.class, registration::updatePassword)
            .when(WRONG_PASSWORD, WorkspaceErrors.INVALID_CREDENTIALS),
        get("/v1/auth/two-factor", GET_AUTH_TWO_FACTOR, twoFactor::generate),
        post("/v1/auth/two-factor", POST_AUTH_TWO_FACTOR, TwoFactorActivation.class, twoFactor::activate),
        delete("/v1/auth/two-factor", DELETE_AUTH_TWO_FACTOR, twoFactor::deactivate)
            .when(WRONG_SIGN_IN, WorkspaceErrors.INVALID_TWO_FACTOR_CODE),
        post("/v1/auth/sso/:organizationSlug/:type/callback", POST_AUTH_SSO_ORGANIZATIONSLUG_TYPE_CALLBACK, sessions::singleSignOn).forEveryone(),

        get("/v1/users/profile", GET_USERS_PROFILE, users::profile),
        post("/v1/users/profile/change-password", POST_USERS_PROFILE_CHANGE_PASSWORD, PasswordChange.class, users::changeOwnPassword),
        get("/v1/users/:userId", GET_USERS_USERID, users::get),
        put("/v1/users/:userId", PUT_USERS_USERID, users::update),
        ofAnAccount(delete("/v1/users/:userId", DELETE_USERS_USERID, users::delete)),
        ofAnAccount(post("/v1/users/:userId/change-password", POST_USERS_USERID_CHANGE_PASSWORD, users::changePassword)),

        get("/v1/organizations", GET_ORGANIZATIONS, organizations::list),
        post("/v1/organizations", POST_ORGANIZATIONS, organizations::create),
        get("/v1/organizations/check-slug/:slug", GET_ORGANIZATIONS_CHECK_SLUG_SLUG, organizations::checkSlug),
        get("/v1/organizations/:organizationId", GET_ORGANIZATIONS_ORGANIZATIONID, organizations::get),
        put("/v1/organizations/:organizationId", PUT_ORGANIZATIONS_ORGANIZATIONID, organizations::update),
        delete("/v1/organizations/:organizationId", DELETE_ORGANIZATIONS_ORGANIZATIONID, organizations::delete),
        get("/v1/organizations/:organizationId/actions", GET_ORGANIZATIONS_ORGANIZATIONID_ACTIONS, organizations::actions),
        get("/v1/organizations/:organizationId/workspace", GET_ORGANIZATIONS_ORGANIZATIONID_WORKSPACE, organizations::workspace),
        post("/v1/organizations/:organizationId/change-owner", POST_ORGANIZATIONS_ORGANIZATIONID_CHANGE_OWNER, organizations::changeOwner),
        get("/v1/organizations/:organizationId/providers", GET_ORGANIZATIONS_ORGANIZATIONID_PROVIDERS, organizations::providers),
        post("/v1/organizations/:organizationId/providers", POST_ORGANIZATIONS_ORGANIZATIONID_PROVIDERS, organizations::createProvider),
        get("/v1/organizations/:organizationId/segments", GET_ORGANIZATIONS_ORGANIZATIONID_SEGMENTS, organizations::segments),
        get("/v1/organizations/:organizationId/segment-roles", GET_ORGANIZATIONS_ORGANIZATIONID_SEGMENT_ROLES, organizations::segmentRoles),

        get("/v1/organizations/:organizationId/collaborators", GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS, collaborators::list),
        post("/v1/organizations/:organizationId/collaborators", POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS, collaborators::add),
        get("/v1/organizations/:organizationId/collaborators/groups", GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_GROUPS, collaborators::groups),
        get("/v1/organizations/:organizationId/collaborators/apps", GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_APPS, collaborators::apps),
        get("/v1/organizations/:organizationId/collaborators/invitations", GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS, invitations::list),
        post("/v1/organizations/:organizationId/collaborators/invitations", POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS, invitations::create),
        post("/v1/organizations/:organizationId/collaborators/invitations/:invitationId/resend", POST_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS_INVITATIONID_RESEND, invitations::resend),
        delete("/v1/organizations/:organizationId/collaborators/invitations/:invitationId", DELETE_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_INVITATIONS_INVITATIONID, invitations::revoke),
        get("/v1/organizations/:organizationId/collaborators/:collaboratorId", GET_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID, collaborators::get),
        put("/v1/organizations/:organizationId/collaborators/:collaboratorId", PUT_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID, collaborators::update),
        delete("/v1/organizations/:organizationId/collaborators/:collaboratorId", DELETE_ORGANIZATIONS_ORGANIZATIONID_COLLABORATORS_COLLABORATORID, collaborators::remove),

        get("/v1/organizations/:organizationId/service-accounts", GET_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS, serviceAccounts::list),
        post("/v1/organizations/:organizationId/service-accounts", POST_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS, serviceAccounts::create),
        put("/v1/organizations/:organizationId/service-accounts/:serviceAccountId", PUT_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS_SERVICEACCOUNTID, serviceAccounts::update),
        delete("/v1/organizations/:organizationId/service-accounts/:serviceAccountId", DELETE_ORGANIZATIONS_ORGANIZATIONID_SERVICE_ACCOUNTS_SERVICEACCOUNTID, serviceAccounts::delete),
        post("/v1/organizations/:organizationId/oem/users", POST_ORGANIZATIONS_ORGANIZATIONID_OEM_USERS, collaborators::provision));
    // spotless:on
  }

  /** Returns an operation whose credentials are the token of a mail. */
  private static Operation byMailToken(Operation operation) {
    return operation
        .forEveryone()
        .when(BAD_CREDENTIALS, WorkspaceErrors.INVALID_CREDENTIALS)
        .when(INACTIVE_USER, WorkspaceErrors.INVALID_CREDENTIALS)
        .when(EXPIRED_CREDENTIALS, WorkspaceErrors.INVALID_CREDENTIALS);
  }

  /** Returns an operation whose page prints 4001 as the error for a refused token. */
  private Operation ofAnAccount(Operation operation) {
    return operation
        .when(BAD_CREDENTIALS, WorkspaceErrors.REFUSED_TOKEN_FOR_AN_ACCOUNT)
        .when(INACTIVE_USER, WorkspaceErrors.REFUSED_TOKEN_FOR_AN_ACCOUNT)
        .when(EXPIRED_CREDENTIALS, WorkspaceErrors.EXPIRED_TOKEN_FOR_AN_ACCOUNT);
  }

  @Override
  public String name() {
    return WorkspaceApi.NAME;
  }

  @Override
  public String version() {
    return "v1";
  }

  @Override
  public Fidelity fidelity() {
    return fidelity;
  }

  @Override
  public List<String> prefixes() {
    return PREFIXES;
  }

  @Override
  public List<Operation> operations() {
    return operations;
  }

  @Override
  public PathRules paths() {
    return PATHS;
  }

  /** Answers OPTIONS requests: the vendor's server takes each for a preflight, on any path. */
  @Override
  public Optional<Reply> intercept(Call call) {
    if (!call.method().equals(HttpMethod.OPTIONS)) {
      return Optional.empty();
    }
    var preflight =
        Reply.noContent()
            .with("Access-Control-Allow-Methods", "GET,HEAD,PUT,PATCH,POST,DELETE")
            .with("Vary", "Access-Control-Request-Headers");
    return Optional.of(
        call.header("Access-Control-Request-Headers")
            .map(wanted -> preflight.with("Access-Control-Allow-Headers", wanted))
            .orElse(preflight));
  }

  @Override
  public boolean authenticatesFirst() {
    return false;
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return auth.caller(call);
  }

  @Override
  public Future<Optional<String>> subject(Call call) {
    return users.subject(call);
  }

  @Override
  public Future<ShownUser> show(User user) {
    return users.show(user);
  }

  @Override
  public Optional<OneTimeCode> secondFactorCode(User user) {
    return twoFactor.code(user);
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    return WorkspaceBody.read(call, type);
  }

  @Override
  public VendorError error(Reason reason) {
    return WorkspaceErrors.of(reason);
  }

  @Override
  public ObjectMapper json() {
    return WorkspaceWire.JSON;
  }

  @Override
  public CharSequence contentType(Call call) {
    return CONTENT_TYPE;
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    ANY_ORIGIN.setIn(headers);
  }
}
