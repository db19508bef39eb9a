package dev.doppel.vcloud;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Extras;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Creation and use of API tokens: a client is registered by name (RFC 7591), gets the secret of its
 * token once, and exchanges it for sessions from then on (RFC 6749). A client with a software id is
 * a service account, whose tokens are issued by {@link VcloudDeviceFlow}.
 */
final class VcloudOAuth {

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String REFRESH_TOKEN = "refresh_token";
  private static final String SCOPE_OF_ROLE = "urn:vcloud:role:";
  private static final int SECRET_BYTES = 24;

  /**
   * The metadata of a client to register (RFC 7591). Other members are ignored.
   *
   * @param softwareId makes the client a service account
   */
  record ClientMetadata(
      @JsonProperty("client_name") @Nullable String clientName,
      @JsonProperty("client_uri") @Nullable String clientUri,
      @JsonProperty("software_id") @Nullable String softwareId,
      @JsonProperty("software_version") @Nullable String softwareVersion,
      @JsonProperty("scope") @Nullable String scope) {}

  /** A registered client. The last four members are those of a service account. */
  private record Registration(
      @JsonProperty("client_name") String clientName,
      @JsonProperty("client_id") UUID clientId,
      @JsonProperty("grant_types") List<String> grantTypes,
      @JsonProperty("token_endpoint_auth_method") String tokenEndpointAuthMethod,
      @JsonProperty("client_uri") @JsonInclude(NON_NULL) @Nullable String clientUri,
      @JsonProperty("software_id") @JsonInclude(NON_NULL) @Nullable String softwareId,
      @JsonProperty("software_version") @JsonInclude(NON_NULL) @Nullable String softwareVersion,
      @JsonProperty("scope") @JsonInclude(NON_NULL) @Nullable String scope) {}

  record Grant(
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn,
      @JsonProperty("refresh_token") String refreshToken) {

    static Grant of(String accessToken, String refreshToken) {
      return new Grant(accessToken, "Bearer", VcloudAuth.IDLE_TIMEOUT.toSeconds(), refreshToken);
    }

    /** Omits the tokens. */
    @Override
    public String toString() {
      return "Grant[hidden]";
    }
  }

  private record OAuthError(
      String error, @JsonProperty("error_description") String errorDescription) {}

  private final Realm realm;
  private final VcloudAuth auth;
  private final VcloudSessions sessions;
  private final VcloudServiceAccounts accounts;
  private final VcloudDeviceFlow deviceFlow;

  VcloudOAuth(
      Realm realm, VcloudAuth auth, VcloudSessions sessions, VcloudServiceAccounts accounts) {
    this.realm = realm;
    this.auth = auth;
    this.sessions = sessions;
    this.accounts = accounts;
    this.deviceFlow = new VcloudDeviceFlow(realm, accounts, sessions);
  }

  Future<Reply> registerProvider(Call call, ClientMetadata client) {
    return register(call, realm.organizations().system(), client);
  }

  Future<Reply> registerTenant(Call call, ClientMetadata client) {
    return register(call, findTenant(call), client);
  }

  private Future<Organization> findTenant(Call call) {
    return VcloudOrganizationNames.find(realm.organizations(), call.parameter("organization"));
  }

  private Future<Reply> register(Call call, Future<Organization> named, ClientMetadata client) {
    var caller = VcloudCaller.of(call);
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, named)
        .map(found -> found.orElseThrow(VcloudOAuth::newNoContextException))
        .compose(
            organization ->
                client.softwareId() == null
                    ? registerApiToken(caller, organization, client)
                    : registerServiceAccount(caller, organization, client));
  }

  private static VendorErrorException newNoContextException() {
    return VcloudErrors.NO_CONTEXT.newException(Reason.FORBIDDEN);
  }

  private Future<Reply> registerApiToken(
      VcloudCaller caller, Organization organization, ClientMetadata client) {
    if (!organization.id().equals(caller.organization().id())) {
      throw newNoContextException();
    }
    if (!caller.has(VcloudRight.API_TOKENS_MANAGE)) {
      throw VcloudErrors.NO_TOKEN_CREATE.newException(
          Reason.FORBIDDEN, VcloudUrn.of(organization).uuid().toString());
    }
    if (client.clientName() == null || client.clientName().isBlank()) {
      throw newMetadataException("client_name is required");
    }
    var extras =
        VcloudClient.ofApiToken(
            VcloudUrn.newUuid(realm.secrets()), organization.id().value(), false);
    return issue(realm, caller, newSecret(), client.clientName(), extras)
        .map(
            token ->
                Reply.created(
                    new Registration(
                        token.description(),
                        extras.clientId(),
                        List.of(JWT_BEARER, REFRESH_TOKEN),
                        "none",
                        null,
                        null,
                        null,
                        null)));
  }

  /** Registers a service account in an organization that the caller manages. */
  private Future<Reply> registerServiceAccount(
      VcloudCaller caller, Organization organization, ClientMetadata client) {
    var reachable = caller.provider() || organization.id().equals(caller.organization().id());
    if (!reachable || !caller.has(VcloudRight.SERVICE_ACCOUNT_MANAGE)) {
      throw newNoContextException();
    }
    var name =
        metadata(
            "client_name is required, with at most 128 characters",
            () -> VcloudServiceAccounts.requireName(client.clientName()));
    return realm
        .change(now -> registerServiceAccount(now, caller, organization.id(), name, client))
        .map(
            id ->
                Reply.created(
                    new Registration(
                        name,
                        id,
                        List.of(VcloudDeviceFlow.GRANT_TYPE, REFRESH_TOKEN),
                        "none",
                        client.clientUri(),
                        client.softwareId(),
                        client.softwareVersion(),
                        client.scope())));
  }

  /**
   * Registers an account with a role that the organization has, and whose rights the caller has.
   */
  private Future<UUID> registerServiceAccount(
      Realm now, VcloudCaller caller, OrganizationId id, String name, ClientMetadata client) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, now.organizations().find(id))
        .map(found -> found.orElseThrow(VcloudOAuth::newNoContextException))
        .compose(
            organization ->
                VcloudRoleSet.of(organization, now.organizations())
                    .compose(
                        roles -> {
                          var role = role(client.scope(), roles);
                          var account = account(client, role);
                          VcloudServiceAccounts.requireAssignable(role, caller);
                          return accounts.in(now).register(caller, organization, name, account);
                        }));
  }

  private static VcloudServiceAccount account(ClientMetadata client, VcloudRole role) {
    return VcloudServiceAccount.create(
        metadata(
            "software_id must be a uuid",
            () -> VcloudServiceAccounts.requireSoftwareId(client.softwareId())),
        metadata(
            "software_version must have at most 128 characters",
            () -> VcloudServiceAccounts.requireVersion(client.softwareVersion())),
        metadata(
            "client_uri must have at most 2048 characters",
            () -> VcloudServiceAccounts.requireUri(client.clientUri())),
        role.urn().toString());
  }

  /** Returns the role that a scope names: {@code urn:vcloud:role:vApp%20Author}. */
  private static VcloudRole role(@Nullable String scope, VcloudRoleSet roles) {
    return Optional.ofNullable(scope)
        .filter(text -> text.startsWith(SCOPE_OF_ROLE))
        .flatMap(text -> decode(text.substring(SCOPE_OF_ROLE.length())))
        .flatMap(name -> roles.find(new EntityReference(name, null)))
        .orElseThrow(() -> newMetadataException("scope must name a role of the organization"));
  }

  private static Optional<String> decode(String text) {
    try {
      return Optional.of(URLDecoder.decode(text, StandardCharsets.UTF_8));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  /** Replaces INVALID_VALUE by the error for metadata. */
  private static <T extends @Nullable Object> T metadata(String description, Supplier<T> value) {
    try {
      return value.get();
    } catch (Failure invalid) {
      throw newMetadataException(description);
    }
  }

  private static VendorErrorException newMetadataException(String description) {
    return newException("invalid_client_metadata", description);
  }

  Future<Reply> authorizeDeviceForProvider(Call call) {
    return authorizeDevice(call, realm.organizations().system());
  }

  Future<Reply> authorizeDeviceForTenant(Call call) {
    return authorizeDevice(call, findTenant(call));
  }

  private Future<Reply> authorizeDevice(Call call, Future<Organization> named) {
    var clientId = Parameters.of(call).require("client_id");
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, named)
        .map(
            found ->
                found.orElseThrow(
                    () -> newException("invalid_client", "the client is no service account")))
        .compose(organization -> deviceFlow.authorize(call, clientId, organization));
  }

  private static Future<Token> issue(
      Realm now, VcloudCaller caller, String secret, String name, VcloudClient extras) {
    return now.tokens()
        .issue(
            caller.authority(),
            secret,
            caller.user(),
            VcloudApi.NAME,
            Status.ACTIVE,
            name,
            Extras.encode(extras));
  }

  private String newSecret() {
    return realm.secrets().base64Url(SECRET_BYTES);
  }

  Future<Reply> tokenForProvider(Call call) {
    return token(call, realm.organizations().system());
  }

  Future<Reply> tokenForTenant(Call call) {
    return token(call, findTenant(call));
  }

  private Future<Reply> token(Call call, Future<Organization> named) {
    var parameters = Parameters.of(call);
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, named)
        .map(found -> found.orElseThrow(VcloudOAuth::newInvalidGrantException))
        .compose(
            organization ->
                switch (parameters.require("grant_type")) {
                  case REFRESH_TOKEN -> refresh(parameters.require(REFRESH_TOKEN), organization);
                  case JWT_BEARER ->
                      handOut(
                          parameters.require("assertion"),
                          parameters.require("client_id"),
                          organization);
                  case VcloudDeviceFlow.GRANT_TYPE ->
                      deviceFlow
                          .poll(
                              parameters.require("client_id"),
                              parameters.require("device_code"),
                              organization)
                          .recover(VcloudOAuth::asInvalidGrant);
                  default ->
                      throw newException(
                          "unsupported_grant_type", "the grant type is not supported");
                })
        .map(Reply::ok);
  }

  /** The parameters of a form, or of the query, where older clients send them. */
  private record Parameters(Map<String, List<String>> form, Call call) {

    static Parameters of(Call call) {
      var body = call.body().toString(StandardCharsets.UTF_8);
      try {
        return new Parameters(new QueryStringDecoder(body, false).parameters(), call);
      } catch (IllegalArgumentException notAForm) {
        throw newException("invalid_request", "the body is not a form");
      }
    }

    String require(String name) {
      return Optional.ofNullable(form.get(name))
          .map(values -> values.get(0))
          .or(() -> call.query(name))
          .filter(value -> !value.isEmpty())
          .orElseThrow(() -> newException("invalid_request", name + " is required"));
    }
  }

  private Future<Grant> refresh(String secret, Organization organization) {
    return deviceFlow
        .refresh(secret, organization)
        .compose(
            grant ->
                grant
                    .map(Future::succeededFuture)
                    .orElseGet(() -> refreshApiToken(secret, organization)))
        .recover(VcloudOAuth::asInvalidGrant);
  }

  private Future<Grant> refreshApiToken(String secret, Organization organization) {
    return realm
        .tokens()
        .find(secret, VcloudApi.NAME)
        .map(token -> requireApiToken(token, organization))
        .compose(
            token ->
                realm
                    .users()
                    .authenticate(token, Reason.BAD_CREDENTIALS)
                    .recover(VcloudOAuth::asInvalidGrant)
                    .compose(
                        owner ->
                            // A token that is valid in every dialect has all rights of its owner.
                            openSession(
                                realm, owner, organization, secret, token.dialect().isPresent())));
  }

  private static Token requireApiToken(Token token, Organization organization) {
    var valid =
        token.kind() == Token.Kind.API
            && token.status() == Status.ACTIVE
            && VcloudClient.of(token)
                .map(client -> client.isOf(organization) && !client.hasServiceAccount())
                .orElse(true);
    if (!valid) {
      throw newInvalidGrantException();
    }
    return token;
  }

  private Future<Grant> openSession(
      Realm now, User owner, Organization organization, String secret, boolean limited) {
    if (!VcloudAuth.mayUse(organization, owner, false, now)) {
      throw newInvalidGrantException();
    }
    return sessions
        .in(now)
        .open(owner, organization, limited)
        .map(opened -> Grant.of(opened.accessToken(), secret));
  }

  /** Returns, once, the secret of a token that the owner of the session registered. */
  private Future<Grant> handOut(String assertion, String clientId, Organization organization) {
    return auth.caller(assertion)
        .recover(VcloudOAuth::asInvalidGrant)
        .map(VcloudCaller.class::cast)
        .map(VcloudOAuth::requireUnlimited)
        .compose(caller -> realm.change(now -> handOut(now, caller, clientId, organization)));
  }

  private static VcloudCaller requireUnlimited(VcloudCaller caller) {
    if (caller.session().isLimited()) {
      throw newInvalidGrantException();
    }
    return caller;
  }

  private static Token requireRegistered(
      List<Token> tokens, String clientId, Organization organization) {
    return tokens.stream()
        .filter(
            token ->
                VcloudClient.of(token)
                    .filter(
                        client ->
                            client.clientId().toString().equals(clientId)
                                && client.isOf(organization)
                                && !client.hasServiceAccount()
                                && !client.handedOut())
                    .isPresent())
        .findFirst()
        .orElseThrow(VcloudOAuth::newInvalidGrantException);
  }

  private Future<Grant> handOut(
      Realm now, VcloudCaller owner, String clientId, Organization organization) {
    return now.tokens()
        .list(owner.user(), VcloudApi.NAME)
        .map(tokens -> requireRegistered(tokens, clientId, organization))
        .compose(token -> handOut(now, token, owner, organization));
  }

  private Future<Grant> handOut(
      Realm now, Token token, VcloudCaller owner, Organization organization) {
    var secret = newSecret();
    var client = VcloudClient.of(token).orElseThrow();
    var handedOut = VcloudClient.ofApiToken(client.clientId(), client.organization(), true);
    return now.tokens()
        .end(token)
        .recover(VcloudOAuth::asInvalidGrant)
        .compose(ended -> issue(now, owner, secret, token.description(), handedOut))
        .compose(issued -> openSession(now, owner.user(), organization, secret, true));
  }

  /** Replaces a failure for {@link Future#recover}: credentials or users that aren't valid. */
  private static <T> Future<T> asInvalidGrant(Throwable thrown) {
    var refused =
        thrown instanceof Failure failure
            && switch (failure.reason()) {
              case BAD_CREDENTIALS,
                  EXPIRED_CREDENTIALS,
                  INACTIVE_USER,
                  NO_SUCH_USER,
                  NO_SUCH_TOKEN ->
                  true;
              default -> false;
            };
    return Future.failedFuture(refused ? newInvalidGrantException() : thrown);
  }

  static VendorErrorException newInvalidGrantException() {
    return newException("invalid_grant", "the grant is invalid, expired or revoked");
  }

  /** Returns an error response (RFC 6749, section 5.2; RFC 7591; RFC 8628). */
  static VendorErrorException newException(String error, String description) {
    VendorError vendorError = (call, failure) -> Reply.of(400, new OAuthError(error, description));
    return vendorError.newException(Reason.INVALID_VALUE, error);
  }
}
