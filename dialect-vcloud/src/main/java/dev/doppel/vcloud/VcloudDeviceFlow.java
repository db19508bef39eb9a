package dev.doppel.vcloud;

import com.fasterxml.jackson.annotation.JsonProperty;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudOAuth.Grant;
import dev.doppel.vcloud.VcloudServiceAccount.DeviceCode;
import dev.doppel.vcloud.VcloudServiceAccount.Outcome;
import dev.doppel.vcloud.VcloudServiceAccount.Poll;
import dev.doppel.vcloud.VcloudServiceAccount.Status;
import dev.doppel.vcloud.VcloudServiceAccounts.Found;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;

/**
 * The client's part of the device flow (RFC 8628), by which service accounts get their first token,
 * and the use of their tokens. A refresh token is good for one session and comes with the next one.
 */
final class VcloudDeviceFlow {

  static final String GRANT_TYPE = "urn:ietf:params:oauth:grant-type:device_code";

  private static final Duration LIFETIME = Duration.ofMinutes(30);
  private static final int INTERVAL_SECONDS = 5;
  private static final int DEVICE_CODE_BYTES = 32;
  private static final int SECRET_BYTES = 32;
  private static final int ID_BYTES = 16;

  /** Sixteen consonants, so that a code is no word and each byte gives one without bias. */
  private static final String LETTERS = "BCDFGHJKLMNPQRST";

  private static final int USER_CODE_LENGTH = 8;

  private record Authorization(
      @JsonProperty("device_code") String deviceCode,
      @JsonProperty("user_code") String userCode,
      @JsonProperty("verification_uri") String verificationUri,
      @JsonProperty("expires_in") long expiresIn,
      @JsonProperty("interval") int interval) {}

  private final Realm realm;
  private final VcloudServiceAccounts accounts;
  private final VcloudSessions sessions;

  VcloudDeviceFlow(Realm realm, VcloudServiceAccounts accounts, VcloudSessions sessions) {
    this.realm = realm;
    this.accounts = accounts;
    this.sessions = sessions;
  }

  /** Starts the authorization of an account that has none, in an enabled organization. */
  Future<Reply> authorize(Call call, String clientId, Organization organization) {
    var deviceCode = realm.secrets().base64Url(DEVICE_CODE_BYTES);
    var userCode = newUserCode();
    return find(accounts, clientId, organization) // before the store is locked
        .compose(
            found ->
                realm.change(
                    now -> {
                      var changing = accounts.in(now);
                      return find(changing, clientId, organization)
                          .compose(
                              current ->
                                  now.organizations()
                                      .find(organization.id())
                                      .compose(
                                          there ->
                                              authorize(
                                                  changing, current, there, deviceCode, userCode)));
                    }))
        .map(
            stored ->
                Reply.ok(
                    new Authorization(
                        deviceCode,
                        userCode,
                        call.origin() + VcloudApi.VERSIONED + "/deviceLookup",
                        LIFETIME.toSeconds(),
                        INTERVAL_SECONDS)));
  }

  private Future<Void> authorize(
      VcloudServiceAccounts changing,
      Found found,
      Organization organization,
      String deviceCode,
      String userCode) {
    if (!VcloudOrganizationExtras.isEnabled(organization)) {
      throw VcloudOAuth.newException("unauthorized_client", "the organization is disabled");
    }
    var now = realm.clock().millis();
    var status = found.account().status(now);
    if (status == Status.ACTIVE || status == Status.GRANTED) {
      throw VcloudOAuth.newException(
          "unauthorized_client", "the service account is authorized already");
    }
    var code = DeviceCode.of(deviceCode, userCode, now + LIFETIME.toMillis(), INTERVAL_SECONDS);
    return changing.store(found, found.account().withCode(code, now));
  }

  private String newUserCode() {
    var code = new StringBuilder();
    for (var random : realm.secrets().bytes(USER_CODE_LENGTH)) {
      code.append(code.length() == USER_CODE_LENGTH / 2 ? "-" : "");
      code.append(LETTERS.charAt(random & 0xF));
    }
    return code.toString();
  }

  /** Finds an account by the id of its client. Fails with the error {@code invalid_client}. */
  private static Future<Found> find(
      VcloudServiceAccounts in, String clientId, Organization organization) {
    return VcloudUrn.parse("urn:vcloud:" + VcloudServiceAccounts.TYPE + ":" + clientId)
        .map(urn -> Failure.emptyIf(Reason.BAD_CREDENTIALS, in.find(urn.uuid())))
        .orElse(Future.succeededFuture(Optional.empty()))
        .map(
            found ->
                found
                    .filter(one -> one.client().isOf(organization))
                    .orElseThrow(
                        () ->
                            VcloudOAuth.newException(
                                "invalid_client", "the client is no service account")));
  }

  /** A poll, and the first session if it was granted. */
  private record Answer(Outcome outcome, Optional<Grant> grant) {}

  /** Returns the first token of an account, once a user granted it. */
  Future<Grant> poll(String clientId, String deviceCode, Organization organization) {
    return find(accounts, clientId, organization)
        .compose(
            found ->
                realm.change(
                    now -> {
                      var changing = accounts.in(now);
                      return find(changing, clientId, organization)
                          .compose(
                              current -> poll(now, changing, current, deviceCode, organization));
                    }))
        .map(answer -> answer.grant.orElseThrow(() -> newException(answer.outcome)));
  }

  private Future<Answer> poll(
      Realm now,
      VcloudServiceAccounts changing,
      Found found,
      String deviceCode,
      Organization organization) {
    var secret = newRefreshToken(found.client().clientId());
    Poll poll = found.account().poll(deviceCode, secret, realm.clock().millis());
    return changing
        .store(found, poll.account())
        .compose(
            stored ->
                poll.outcome() == Outcome.GRANTED
                    ? open(now, found, poll.account(), organization, secret).map(Optional::of)
                    : Future.succeededFuture(Optional.<Grant>empty()))
        .map(grant -> new Answer(poll.outcome(), grant));
  }

  private static RuntimeException newException(Outcome outcome) {
    return switch (outcome) {
      case AUTHORIZATION_PENDING ->
          VcloudOAuth.newException("authorization_pending", "the request is not decided yet");
      case SLOW_DOWN ->
          VcloudOAuth.newException(
              "slow_down", "the interval between polls is five seconds longer");
      case ACCESS_DENIED -> VcloudOAuth.newException("access_denied", "the request was denied");
      case EXPIRED_TOKEN -> VcloudOAuth.newException("expired_token", "the codes have expired");
      case INVALID_GRANT, GRANTED -> VcloudOAuth.newInvalidGrantException();
    };
  }

  /** Returns a secret that starts with the client's id, by which the account is found. */
  private String newRefreshToken(UUID clientId) {
    var bytes =
        ByteBuffer.allocate(ID_BYTES + SECRET_BYTES)
            .putLong(clientId.getMostSignificantBits())
            .putLong(clientId.getLeastSignificantBits())
            .put(realm.secrets().bytes(SECRET_BYTES));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /** Returns the client's id in a refresh token; empty if a token has another form. */
  private static Optional<UUID> clientId(String refreshToken) {
    try {
      var bytes = Base64.getUrlDecoder().decode(refreshToken);
      if (bytes.length != ID_BYTES + SECRET_BYTES) {
        return Optional.empty();
      }
      var buffer = ByteBuffer.wrap(bytes);
      return Optional.of(new UUID(buffer.getLong(), buffer.getLong()));
    } catch (IllegalArgumentException notBase64) {
      return Optional.empty();
    }
  }

  /**
   * Opens a session with a refresh token and replaces the token; empty if it isn't the token of a
   * service account. Fails with BAD_CREDENTIALS or INACTIVE_USER.
   */
  Future<Optional<Grant>> refresh(String refreshToken, Organization organization) {
    return clientId(refreshToken)
        .map(
            clientId ->
                Failure.emptyIf(Reason.BAD_CREDENTIALS, accounts.find(clientId))
                    .compose(
                        found ->
                            found.isEmpty()
                                ? Future.succeededFuture(Optional.<Grant>empty())
                                : realm
                                    .change(
                                        now -> refresh(now, clientId, refreshToken, organization))
                                    .map(Optional::of)))
        .orElse(Future.succeededFuture(Optional.empty()));
  }

  private Future<Grant> refresh(
      Realm now, UUID clientId, String refreshToken, Organization organization) {
    var changing = accounts.in(now);
    var secret = newRefreshToken(clientId);
    return changing
        .find(clientId)
        .compose(
            found -> {
              if (!found.client().isOf(organization) || !found.account().accepts(refreshToken)) {
                throw Failure.of(Reason.BAD_CREDENTIALS);
              }
              var after = found.account().rotated(secret);
              return changing
                  .store(found, after)
                  .compose(stored -> open(now, found, after, organization, secret));
            });
  }

  /**
   * Opens a session of an account. Fails with BAD_CREDENTIALS if its organization is disabled, and
   * with INACTIVE_USER if the user who registered it or the user who granted its token is
   * deactivated.
   *
   * @param before the organization as it was before the change
   */
  private Future<Grant> open(
      Realm now, Found found, VcloudServiceAccount account, Organization before, String secret) {
    return now.organizations()
        .find(before.id())
        .recover(Failure.replacing(Reason.NO_SUCH_ORGANIZATION, Reason.BAD_CREDENTIALS))
        .compose(
            organization ->
                requireUsers(now, found, account, organization)
                    .compose(
                        owner ->
                            sessions
                                .in(now)
                                .openForServiceAccount(
                                    owner,
                                    organization,
                                    found.client().clientId(),
                                    found.token().description(),
                                    account.generation())))
        .map(opened -> Grant.of(opened.accessToken(), secret));
  }

  /** Returns the owner of an account, if the owner and the granter may have a session. */
  private static Future<User> requireUsers(
      Realm now, Found found, VcloudServiceAccount account, Organization organization) {
    return now.users()
        .authenticate(found.token(), Reason.BAD_CREDENTIALS)
        .compose(
            owner -> {
              if (!VcloudAuth.mayUse(organization, owner, true, now)) {
                throw Failure.of(Reason.BAD_CREDENTIALS);
              }
              return VcloudServiceAccounts.requireGranter(now, owner, account, organization)
                  .map(granter -> owner);
            });
  }
}
