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
import dev.doppel.users.Organizations;
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
 * How API tokens come to be and are used: registered by name (RFC 7591), handed out once, and
 * turned into sessions from then on (RFC 6749).
 */
final class VcloudOAuth {

  private static final String JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer";
  private static final String REFRESH_TOKEN = "refresh_token";
  private static final int SECRET_BYTES = 24;

  /** What a client registers (RFC 7591); what else it says of itself is passed over. */
  record ClientMetadata(@JsonProperty("client_name") @Nullable String clientName) {}

  private record Registered(
      @JsonProperty("client_name") String clientName,
      @JsonProperty("client_id") UUID clientId,
      @JsonProperty("grant_types") List<String> grantTypes,
      @JsonProperty("token_endpoint_auth_method") String tokenEndpointAuthMethod) {}

  private record Granted(
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
    return register(call, Organizations.SYSTEM, client);
  }

  Future<Reply> registerTenant(Call call, ClientMetadata client) {
    return register(call, call.parameter("organization"), client);
  }

  private Future<Reply> register(Call call, String organization, ClientMetadata client) {
    var caller = VcloudCaller.of(call);
    var own = caller.organization();
    var isOwn =
        VcloudUrn.isProvider(own)
            ? organization.equals(Organizations.SYSTEM)
            : own.name().equalsIgnoreCase(organization);
    if (!isOwn) {
      throw VcloudErrors.NO_CONTEXT.newException(Reason.FORBIDDEN);
    }
    if (client.clientName() == null || client.clientName().isBlank()) {
      throw refused("invalid_client_metadata", "client_name is required");
    }
    var extras =
        new VcloudClient(
            VcloudUrn.newUuid(realm.secrets()), caller.organization().id().value(), false);
    return issue(realm, caller, newSecret(), client.clientName(), extras)
        .map(
            token ->
                Reply.created(
                    new Registered(
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
            Extras.json(extras));
  }

  private String newSecret() {
    return realm.secrets().base64Url(SECRET_BYTES);
  }

  Future<Reply> tokenForProvider(Call call) {
    return token(call, realm.organizations().system());
  }

  Future<Reply> tokenForTenant(Call call) {
    return token(call, realm.organizations().find(call.parameter("organization")));
  }

  private Future<Reply> token(Call call, Future<Organization> named) {
    var parameters = Parameters.of(call);
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, named)
        .map(found -> found.orElseThrow(VcloudOAuth::invalidGrant))
        .compose(
            organization ->
                switch (parameters.required("grant_type")) {
                  case REFRESH_TOKEN -> refresh(parameters.required(REFRESH_TOKEN), organization);
                  case JWT_BEARER ->
                      handOut(
                          parameters.required("assertion"),
                          parameters.required("client_id"),
                          organization);
                  default ->
                      throw refused("unsupported_grant_type", "the grant type is not supported");
                })
        .map(Reply::ok);
  }

  /** Those of a form, or of the query, where older clients put them. */
  private record Parameters(Map<String, List<String>> form, Call call) {

    static Parameters of(Call call) {
      var body = call.body().toString(StandardCharsets.UTF_8);
      try {
        return new Parameters(new QueryStringDecoder(body, false).parameters(), call);
      } catch (IllegalArgumentException notAForm) {
        throw refused("invalid_request", "the body is not a form");
      }
    }

    String required(String name) {
      return Optional.ofNullable(form.get(name))
          .map(values -> values.get(0))
          .or(() -> call.query(name))
          .filter(value -> !value.isEmpty())
          .orElseThrow(() -> refused("invalid_request", name + " is required"));
    }
  }

  private Future<Granted> refresh(String secret, Organization organization) {
    return realm
        .tokens()
        .find(secret, VcloudApi.NAME)
        .map(token -> granting(token, organization))
        .compose(
            token ->
                realm
                    .users()
                    .admitted(token)
                    .recover(VcloudOAuth::noGrant)
                    .compose(
                        owner ->
                            // One that is good in every dialect carries all that its owner may do.
                            session(
                                realm, owner, organization, secret, token.dialect().isPresent())))
        .recover(VcloudOAuth::noGrant);
  }

  private static Token granting(Token token, Organization organization) {
    var good =
        token.kind() == Token.Kind.API
            && token.status() == Status.ACTIVE
            && VcloudClient.of(token).map(client -> client.isOf(organization)).orElse(true);
    if (!good) {
      throw invalidGrant();
    }
    return token;
  }

  private Future<Granted> session(
      Realm now, User owner, Organization organization, String secret, boolean limited) {
    if (!now.organizations().has(organization, owner)) {
      throw invalidGrant();
    }
    return sessions
        .in(now)
        .open(owner, organization, limited)
        .map(
            opened ->
                new Granted(opened.accessToken(), "Bearer", VcloudAuth.IDLE.toSeconds(), secret));
  }

  /** The secret of a token that the bearer of the session registered, which is told once. */
  private Future<Granted> handOut(String assertion, String clientId, Organization organization) {
    return auth.caller(assertion)
        .recover(VcloudOAuth::noGrant)
        .map(VcloudCaller.class::cast)
        .map(VcloudOAuth::whole)
        .compose(caller -> realm.change(now -> handOut(now, caller, clientId, organization)));
  }

  private static VcloudCaller whole(VcloudCaller caller) {
    if (caller.session().isLimited()) {
      throw invalidGrant();
    }
    return caller;
  }

  private static Token registered(List<Token> tokens, String clientId, Organization organization) {
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
        .orElseThrow(VcloudOAuth::invalidGrant);
  }

  private Future<Granted> handOut(
      Realm now, VcloudCaller owner, String clientId, Organization organization) {
    return now.tokens()
        .list(owner.user(), VcloudApi.NAME)
        .map(tokens -> registered(tokens, clientId, organization))
        .compose(token -> handOut(now, token, owner, organization));
  }

  private Future<Granted> handOut(
      Realm now, Token token, VcloudCaller owner, Organization organization) {
    var secret = newSecret();
    var client = VcloudClient.of(token).orElseThrow();
    var handedOut = new VcloudClient(client.clientId(), client.organization(), true);
    return now.tokens()
        .end(token)
        .recover(VcloudOAuth::noGrant)
        .compose(ended -> issue(now, owner, secret, token.description(), handedOut))
        .compose(issued -> session(now, owner.user(), organization, secret, true));
  }

  private static <T> Future<T> noGrant(Throwable thrown) {
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
    return Future.failedFuture(refused ? invalidGrant() : thrown);
  }

  private static VendorErrorException invalidGrant() {
    return refused("invalid_grant", "the grant is invalid, expired or revoked");
  }

  /** RFC 6749, section 5.2. */
  private static VendorErrorException refused(String error, String description) {
    VendorError vendorError = (call, failure) -> Reply.of(400, new OAuthError(error, description));
    return vendorError.newException(Reason.INVALID_VALUE, error);
  }
}
