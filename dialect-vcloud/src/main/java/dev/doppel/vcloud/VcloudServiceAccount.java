package dev.doppel.vcloud;

import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.vcloud.VcloudServiceAccount.DeviceCode.Decision;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A service account: a client that gets its first token by the device flow (RFC 8628) instead of
 * with a user's session. Immutable. Codes and tokens are kept as hashes, and compared in constant
 * time.
 *
 * @param softwareId UUID of the client's software
 * @param uri page with information about the client
 * @param role URN of the role whose rights the account has
 * @param codes the codes of unfinished authorizations, at most {@value #MAX_CODES}
 * @param refreshHash hash of the current refresh token; null unless the account is active
 * @param generation number of times that all earlier sessions were ended
 * @param granter the user who granted the current token, or the next one; null if there is none
 */
record VcloudServiceAccount(
    String softwareId,
    @Nullable String softwareVersion,
    @Nullable String uri,
    String role,
    List<DeviceCode> codes,
    @Nullable String refreshHash,
    int generation,
    @Nullable Granter granter) {

  /** The maximum number of unfinished authorizations; another one replaces the oldest. */
  static final int MAX_CODES = 5;

  private static final int SLOWDOWN_SECONDS = 5;

  /**
   * The user who granted an authorization. A later user with the same id is another one.
   *
   * @param created {@link User#created()} in ISO 8601
   */
  record Granter(long id, String created) {

    static Granter of(User user) {
      return new Granter(user.id().value(), user.created().toString());
    }

    UserId userId() {
      return new UserId(id);
    }

    boolean is(User user) {
      return equals(of(user));
    }
  }

  /**
   * An unfinished authorization.
   *
   * @param expires time in milliseconds since 1970
   * @param interval minimum number of seconds between two polls
   * @param polled time of the last poll, in milliseconds since 1970; 0 if there was none
   */
  record DeviceCode(
      String deviceHash,
      String userHash,
      long expires,
      Decision decision,
      int interval,
      long polled) {

    /** What a user decided. */
    enum Decision {
      PENDING,
      GRANTED,
      DENIED
    }

    static DeviceCode of(String deviceCode, String userCode, long expires, int interval) {
      return new DeviceCode(
          hash(deviceCode), hash(normalize(userCode)), expires, Decision.PENDING, interval, 0);
    }

    private boolean expiredAt(long now) {
      return expires <= now;
    }

    private boolean isOpenTo(String userCode, long now) {
      return decision == Decision.PENDING
          && !expiredAt(now)
          && isEqual(userHash, hash(normalize(userCode)));
    }

    private DeviceCode with(Decision decided) {
      return new DeviceCode(deviceHash, userHash, expires, decided, interval, polled);
    }

    private DeviceCode polledAt(long now, int seconds) {
      return new DeviceCode(deviceHash, userHash, expires, decision, seconds, now);
    }
  }

  /** The vendor's states, which follow from codes and token. */
  enum Status {
    CREATED,
    REQUESTED,
    GRANTED,
    ACTIVE
  }

  /** The result of a device's request for a token. */
  enum Outcome {
    GRANTED,
    AUTHORIZATION_PENDING,
    SLOW_DOWN,
    ACCESS_DENIED,
    EXPIRED_TOKEN,
    INVALID_GRANT
  }

  /** The result of a device's request for a token, and the account after it. */
  record Poll(Outcome outcome, VcloudServiceAccount account) {}

  VcloudServiceAccount {
    codes = List.copyOf(codes);
  }

  static VcloudServiceAccount create(
      String softwareId, @Nullable String softwareVersion, @Nullable String uri, String role) {
    return new VcloudServiceAccount(
        softwareId, softwareVersion, uri, role, List.of(), null, 0, null);
  }

  private static String hash(String secret) {
    return TokenHash.of(secret).hex();
  }

  /** Returns a code as it is compared: users may type lower case, blanks and no hyphen. */
  private static String normalize(String userCode) {
    return userCode.replaceAll("[\\s-]", "").toUpperCase(Locale.ROOT);
  }

  private static boolean isEqual(String one, String other) {
    return MessageDigest.isEqual(
        one.getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
  }

  Status status(long now) {
    if (refreshHash != null) {
      return Status.ACTIVE;
    }
    var decisions = codes.stream().filter(code -> !code.expiredAt(now)).map(DeviceCode::decision);
    return decisions
        .map(
            decision ->
                switch (decision) {
                  case GRANTED -> Status.GRANTED;
                  case PENDING -> Status.REQUESTED;
                  case DENIED -> Status.CREATED;
                })
        .max(Status::compareTo)
        .orElse(Status.CREATED);
  }

  /** Returns whether a refresh token is the current one. */
  boolean accepts(String refreshToken) {
    return refreshHash != null && isEqual(refreshHash, hash(refreshToken));
  }

  /** Returns whether the account is waiting for a user to decide about a code. */
  boolean isOpenTo(String userCode, long now) {
    return codes.stream().anyMatch(code -> code.isOpenTo(userCode, now));
  }

  /** Adds a code, and removes those that have expired and those that are too many. */
  VcloudServiceAccount withCode(DeviceCode added, long now) {
    var all =
        Stream.concat(
                codes.stream()
                    .filter(code -> code.decision == Decision.PENDING && !code.expiredAt(now)),
                Stream.of(added))
            .toList();
    return withCodes(all.subList(Math.max(0, all.size() - MAX_CODES), all.size()));
  }

  /** Grants the authorization with this code, and ends all others. */
  VcloudServiceAccount granted(String userCode, User by, long now) {
    return new VcloudServiceAccount(
        softwareId,
        softwareVersion,
        uri,
        role,
        codes.stream()
            .filter(code -> code.isOpenTo(userCode, now))
            .map(code -> code.with(Decision.GRANTED))
            .limit(1)
            .toList(),
        refreshHash,
        generation,
        Granter.of(by));
  }

  VcloudServiceAccount denied(String userCode, long now) {
    return withCodes(
        codes.stream()
            .map(code -> code.isOpenTo(userCode, now) ? code.with(Decision.DENIED) : code)
            .toList());
  }

  /**
   * Answers a device's request for a token.
   *
   * @param refreshToken the token to activate the account with, if it was granted
   */
  Poll poll(String deviceCode, String refreshToken, long now) {
    var hash = hash(deviceCode);
    Optional<DeviceCode> found = Optional.empty();
    for (var code : codes) {
      if (isEqual(code.deviceHash, hash)) {
        found = Optional.of(code);
      }
    }
    if (found.isEmpty()) {
      return new Poll(Outcome.INVALID_GRANT, this);
    }
    var code = found.get();
    if (code.expiredAt(now)) {
      return new Poll(Outcome.EXPIRED_TOKEN, this);
    }
    return switch (code.decision) {
      case GRANTED -> new Poll(Outcome.GRANTED, activated(refreshToken));
      case DENIED ->
          new Poll(
              Outcome.ACCESS_DENIED,
              withCodes(codes.stream().filter(other -> !other.equals(code)).toList()));
      case PENDING ->
          now - code.polled < code.interval * 1000L
              ? new Poll(
                  Outcome.SLOW_DOWN,
                  replace(code, one -> one.polledAt(now, code.interval + SLOWDOWN_SECONDS)))
              : new Poll(
                  Outcome.AUTHORIZATION_PENDING,
                  replace(code, one -> one.polledAt(now, code.interval)));
    };
  }

  private VcloudServiceAccount replace(DeviceCode code, UnaryOperator<DeviceCode> change) {
    return withCodes(
        codes.stream().map(one -> one.equals(code) ? change.apply(one) : one).toList());
  }

  private VcloudServiceAccount withCodes(List<DeviceCode> other) {
    return new VcloudServiceAccount(
        softwareId, softwareVersion, uri, role, other, refreshHash, generation, granter);
  }

  private VcloudServiceAccount activated(String refreshToken) {
    return new VcloudServiceAccount(
        softwareId,
        softwareVersion,
        uri,
        role,
        List.of(),
        hash(refreshToken),
        generation + 1,
        granter);
  }

  /** Replaces the refresh token. */
  VcloudServiceAccount rotated(String refreshToken) {
    return new VcloudServiceAccount(
        softwareId, softwareVersion, uri, role, codes, hash(refreshToken), generation, granter);
  }

  /** Ends the refresh token, the codes and all sessions. */
  VcloudServiceAccount revoked() {
    return new VcloudServiceAccount(
        softwareId, softwareVersion, uri, role, List.of(), null, generation + 1, null);
  }

  VcloudServiceAccount with(
      String newSoftwareId,
      @Nullable String newSoftwareVersion,
      @Nullable String newUri,
      String newRole) {
    return new VcloudServiceAccount(
        newSoftwareId,
        newSoftwareVersion,
        newUri,
        newRole,
        codes,
        refreshHash,
        generation,
        granter);
  }

  /** Omits the hashes. */
  @Override
  public String toString() {
    return "VcloudServiceAccount[" + softwareId + ", " + role + "]";
  }
}
