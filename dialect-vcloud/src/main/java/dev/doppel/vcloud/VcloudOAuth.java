package dev.doppel.vcloud;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Extras;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.netty.handler.codec.http.QueryStringDecoder;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Creation and use of API tokens: a client is registered by name (RFC 7591), gets the secret of its
 * token once, and exchanges it for sessions from then on (RFC 6749).
 */
final class VcloudOAuth {

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String REFRESH_TOKEN = "refresh_token";
  private static final int SECRET_BYTES = 24;

  /** The metadata of a client to register (RFC 7591). Other members are ignored. */
  record ClientMetadata(@JsonProperty("client_name") @Nullable String clientName) {}

  private record Registration(
      @JsonProperty("client_name") String clientName,
      @JsonProperty("client_id") UUID clientId,
      @JsonProperty("grant_types") List<String> grantTypes,
      @JsonProperty("token_endpoint_auth_method") String tokenEndpointAuthMethod) {}

  private record Grant(
      @JsonProperty("access_token") String accessToken,
      @JsonProperty("token_type") String tokenType,
      @JsonProperty("expires_in") long expiresIn,
      @JsonProperty("refresh_token") String refreshToken) {}

  private record OAuthError(
      String error, @JsonProperty("error_description") String errorDescription) {}

  private final Realm realm;
  private final VcloudAuth auth;
  private final VcloudSessions sessions;

  VcloudOAuth(Realm realm, VcloudAuth auth, VcloudSessions sessions) {
    this.realm = realm;
    this.auth = auth;
    this.sessions = sessions;
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
        .map(
            found ->
                found
                    .filter(one -> one.id().equals(caller.organization().id()))
                    .orElseThrow(() -> VcloudErrors.NO_CONTEXT.newException(Reason.FORBIDDEN)))
        .compose(organization -> register(caller, client));
  }

  private Future<Reply> register(VcloudCaller caller, ClientMetadata client) {
    if (client.clientName() == null || client.clientName().isBlank()) {
      throw newException("invalid_client_metadata", "client_name is required");
    }
    var extras =
        new VcloudClient(
            VcloudUrn.newUuid(realm.secrets()), caller.organization().id().value(), false);
    return issue(realm, caller, newSecret(), client.clientName(), extras)
        .map(
            token ->
                Reply.created(
                    new Registration(
                        token.description(),
                        extras.clientId(),
                        List.of(JWT_BEARER, REFRESH_TOKEN),
                        "none")));
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
                                realm, owner, organization, secret, token.dialect().isPresent())))
        .recover(VcloudOAuth::asInvalidGrant);
  }

  private static Token requireApiToken(Token token, Organization organization) {
    var valid =
        token.kind() == Token.Kind.API
            && token.status() == Status.ACTIVE
            && VcloudClient.of(token).map(client -> client.isOf(organization)).orElse(true);
    if (!valid) {
      throw newInvalidGrantException();
    }
    return token;
  }

  private Future<Grant> openSession(
      Realm now, User owner, Organization organization, String secret, boolean limited) {
    if (!now.organizations().has(organization, owner)
        || !VcloudOrganizationExtras.of(organization).isEnabled()) {
      throw newInvalidGrantException();
    }
    return sessions
        .in(now)
        .open(owner, organization, limited)
        .map(
            opened ->
                new Grant(
                    opened.accessToken(), "Bearer", VcloudAuth.IDLE_TIMEOUT.toSeconds(), secret));
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
    var handedOut = new VcloudClient(client.clientId(), client.organization(), true);
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

  private static VendorErrorException newInvalidGrantException() {
    return newException("invalid_grant", "the grant is invalid, expired or revoked");
  }

  /** Returns an error response (RFC 6749, section 5.2). */
  private static VendorErrorException newException(String error, String description) {
    VendorError vendorError = (call, failure) -> Reply.of(400, new OAuthError(error, description));
    return vendorError.newException(Reason.INVALID_VALUE, error);
  }
}
