package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.influx.InfluxWire.AuthorizationLinks;
import dev.doppel.influx.InfluxWire.Onboarding;
import dev.doppel.influx.InfluxWire.OrgView;
import dev.doppel.influx.InfluxWire.PermissionView;
import dev.doppel.influx.InfluxWire.SetupAuthorization;
import dev.doppel.influx.InfluxWire.SetupDone;
import dev.doppel.influx.InfluxWire.SetupState;
import dev.doppel.influx.InfluxWire.UserView;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserQuery;
import dev.doppel.wire.go.GoTime;
import io.vertx.core.Future;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Setup of a server without users: creates the first one with its organization, bucket and token
 * (2.9.1: tenant/service_onboarding.go).
 */
final class InfluxOnboarding {

  private static final int TOKEN_BYTES = 64;

  private final Realm realm;
  private final InfluxPasswords passwords;
  private final InfluxOrganizations organizations;
  private final InfluxBuckets buckets;
  private final InfluxAuthorizations authorizations;
  private final boolean hashesTokens;

  /**
   * @param hashesTokens whether the server keeps the hash of a token, and so answers with it
   */
  InfluxOnboarding(
      Realm realm,
      InfluxPasswords passwords,
      InfluxOrganizations organizations,
      InfluxBuckets buckets,
      InfluxAuthorizations authorizations,
      boolean hashesTokens) {
    this.realm = realm;
    this.passwords = passwords;
    this.organizations = organizations;
    this.buckets = buckets;
    this.authorizations = authorizations;
    this.hashesTokens = hashesTokens;
  }

  Future<Reply> state(Call call) {
    return allowed().map(allowed -> Reply.ok(new SetupState(allowed)));
  }

  /** Returns whether setup is allowed: not if there are users, of other dialects either. */
  private Future<Boolean> allowed() {
    return realm.users().list(UserQuery.first(1)).map(page -> page.items().isEmpty());
  }

  private Future<Void> requireAllowed() {
    return allowed()
        .compose(
            allowed ->
                allowed ? Future.succeededFuture() : Future.failedFuture(newCompletedException()));
  }

  Future<Reply> setUp(Call call) {
    var body = call.body(Onboarding.class);
    return requireAllowed()
        .map(allowed -> firstUser(body))
        .compose(realm.users()::hashPassword)
        .compose(user -> realm.change(now -> in(now).setUp(call, user, body)))
        .compose(outcome -> outcome);
  }

  /** Returns the same operations within a change. */
  private InfluxOnboarding in(Realm now) {
    var organizations = this.organizations.in(now);
    return new InfluxOnboarding(
        now, passwords, organizations, buckets.in(now), authorizations.in(now), hashesTokens);
  }

  /**
   * Sets up a store without users, all or nothing, with one exception that the server makes, too:
   * if the bucket is refused, the user and its organization stay.
   *
   * @return the answer, a failed future if the bucket is refused
   */
  private Future<Future<Reply>> setUp(Call call, NewUser user, Onboarding body) {
    return requireAllowed()
        .compose(allowed -> realm.createBuiltIn(user))
        .compose(
            created ->
                organization(String.valueOf(body.org()))
                    .compose(
                        org ->
                            addOwner(created, org)
                                .compose(owner -> createBucketAndToken(call, owner, org, body))));
  }

  private static RuntimeException newCompletedException() {
    return InfluxErrors.ONBOARDING_COMPLETED.newException(Reason.FORBIDDEN);
  }

  private static void checkFields(Onboarding body) {
    var missing =
        Stream.of(
                missing("username", body.username()),
                missing("org", body.org()),
                missing("bucket", body.bucket()))
            .flatMap(Optional::stream)
            .collect(Collectors.joining(","));
    if (!missing.isEmpty()) {
      throw InfluxErrors.ONBOARDING_FIELDS.newException(Reason.INVALID_VALUE, missing);
    }
  }

  private static Optional<String> missing(String name, @Nullable String value) {
    return value == null || value.isEmpty() ? Optional.of(name) : Optional.empty();
  }

  private NewUser firstUser(Onboarding body) {
    checkFields(body);
    var user = NewUser.named(String.valueOf(body.username()));
    var password = Optional.ofNullable(body.password()).filter(given -> given.length() > 0);
    return password.map(passwords::checked).map(user::withPassword).orElse(user);
  }

  private Future<User> addOwner(User user, Organization org) {
    return realm
        .users()
        .by(Authority.SERVER)
        .update(user.id(), one -> one.withMembership(org.id(), Membership.OWNER));
  }

  /**
   * Returns the organization of this name, or creates it. The default organization of a realm
   * serves, since it has no members yet.
   */
  private Future<Organization> organization(String name) {
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, realm.organizations().find(name))
        .compose(
            known ->
                known
                    .filter(org -> org.kind() != Organization.Kind.SYSTEM)
                    .map(Future::succeededFuture)
                    .orElseGet(() -> organizations.create(name, "")));
  }

  private Future<Future<Reply>> createBucketAndToken(
      Call call, User user, Organization org, Onboarding body) {
    var secret =
        Optional.ofNullable(body.token())
            .map(Password::clearText)
            .filter(given -> !given.isEmpty())
            .orElseGet(() -> realm.secrets().base64Url(TOKEN_BYTES));
    return createBucket(org, body)
        .compose(
            bucket ->
                authorizations
                    .issue(
                        Authority.SERVER,
                        secret,
                        org,
                        user,
                        Status.ACTIVE,
                        user.name() + "'s Token",
                        InfluxPermission.OPERATOR)
                    .map(token -> done(user, bucket, view(call, token, secret, user, org))),
            InfluxOnboarding::refused);
  }

  private Future<InfluxBuckets.Found> createBucket(Organization org, Onboarding body) {
    var retention = retention(body);
    return Future.succeededFuture(String.valueOf(body.bucket()))
        .map(name -> buckets.bucket(name, "", "", retention))
        .compose(bucket -> buckets.insert(org, bucket, retention));
  }

  /** Returns the server's refusal of a bucket as the answer; other failures stay. */
  private static Future<Future<Reply>> refused(Throwable thrown) {
    return thrown instanceof VendorErrorException
        ? Future.succeededFuture(Future.failedFuture(thrown))
        : Future.failedFuture(thrown);
  }

  private static Future<Reply> done(
      User user, InfluxBuckets.Found bucket, SetupAuthorization authorization) {
    return Future.succeededFuture(
        Reply.created(
            new SetupDone(
                UserView.of(user), bucket.view(), OrgView.of(bucket.org()), authorization)));
  }

  /** Returns the retention. The older member is in nanoseconds, despite its name. */
  private static InfluxRetention retention(Onboarding body) {
    if (body.retentionPeriodSeconds() != null && body.retentionPeriodSeconds() > 0) {
      return InfluxRetention.ofSeconds(body.retentionPeriodSeconds(), 0);
    }
    return new InfluxRetention(
        body.retentionPeriodHrs() == null ? 0 : body.retentionPeriodHrs(), 0);
  }

  private SetupAuthorization view(
      Call call, Token token, String secret, User user, Organization org) {
    var id = InfluxId.text(token.id());
    var owner = InfluxId.of(user);
    return new SetupAuthorization(
        id,
        secret,
        showsHash(call) ? hash(secret) : null,
        InfluxStatus.ACTIVE,
        token.description(),
        org.id().toString(),
        owner,
        InfluxPermission.OPERATOR.stream().map(PermissionView::of).toList(),
        GoTime.format(token.created()),
        GoTime.format(token.updated()),
        AuthorizationLinks.of(id, owner));
  }

  private boolean showsHash(Call call) {
    return hashesTokens && !call.asDocumented(InfluxDifference.HASH_OF_THE_FIRST_TOKEN);
  }

  private static String hash(String secret) {
    return "$influxdb2-sha256$"
        + Base64.getUrlEncoder()
            .encodeToString(HexFormat.of().parseHex(TokenHash.of(secret).hex()));
  }
}
