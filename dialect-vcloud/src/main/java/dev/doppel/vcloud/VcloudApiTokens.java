package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Management of API tokens (CloudAPI "Tokens"). Their secrets are never returned here. The
 * operations are older than these tokens: in versions before {@link VcloudVersion#WITH_API_TOKENS}
 * there are none.
 */
final class VcloudApiTokens {

  private static final VcloudListing LISTING =
      new VcloudListing(
          "Tokens",
          List.of(
              "id",
              "name",
              "expirationTimeUtc",
              "owner.id",
              "owner.name",
              "org.id",
              "org.name",
              "type"));

  private final Realm realm;
  private final VcloudTenancy tenancy;

  VcloudApiTokens(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
  }

  /**
   * Lists the caller's own tokens, or those of the organization if the caller manages its users.
   */
  Future<Reply> query(Call call) {
    return tenancy
        .context(call)
        .compose(
            context ->
                visible(call, context)
                    .map(all -> all.stream().map(owned -> view(owned, context)).toList()))
        .map(views -> LISTING.page(call, views));
  }

  private record Owned(Token token, VcloudClient client, User owner) {}

  private Future<List<Owned>> visible(Call call, Context context) {
    if (!VcloudVersion.of(call).since(VcloudVersion.WITH_API_TOKENS)) {
      return Future.succeededFuture(List.of());
    }
    var tokens = realm.tokens();
    var all =
        context.has(VcloudRight.API_TOKENS_MANAGE_ALL)
            ? tokens.list(VcloudApi.NAME)
            : tokens.list(context.caller().user(), VcloudApi.NAME);
    return all.compose(
            list ->
                Future.all(
                    list.stream()
                        .flatMap(
                            token ->
                                VcloudClient.of(token, context.organization())
                                    .filter(client -> !client.hasServiceAccount())
                                    .map(client -> owned(token, client))
                                    .stream())
                        .toList()))
        .map(owned -> owned.<Optional<Owned>>list().stream().flatMap(Optional::stream).toList());
  }

  private Future<Optional<Owned>> owned(Token token, VcloudClient client) {
    return Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().owner(token))
        .map(owner -> owner.map(user -> new Owned(token, client, user)));
  }

  private static VcloudWire.Token view(Owned owned, Context context) {
    var name = VcloudNames.displayName(owned.owner, context.organization());
    return new VcloudWire.Token(
        new VcloudUrn("token", owned.client.clientId()).toString(),
        owned.token.description(),
        null,
        null,
        new EntityReference(name, VcloudUrn.of(owned.owner)),
        VcloudUserView.reference(context.organization()),
        "REFRESH");
  }

  Future<Reply> get(Call call) {
    return tenancy
        .context(call)
        .compose(context -> find(call, context).map(owned -> Reply.ok(view(owned, context))));
  }

  Future<Reply> delete(Call call) {
    return tenancy
        .context(call)
        .compose(
            context ->
                find(call, context)
                    .map(owned -> requireRevocable(owned, context))
                    .compose(owned -> realm.change(now -> end(now, owned, context))))
        .map(ended -> Reply.noContent());
  }

  /** Revokes a token. Fails as {@link #find} does if the token or its owner was deleted. */
  private static Future<Token> end(Realm now, Owned found, Context context) {
    return now.users()
        .owner(found.token)
        .map(owner -> requireRevocable(new Owned(found.token, found.client, owner), context))
        .compose(owned -> now.tokens().end(owned.token))
        .recover(
            thrown ->
                Future.failedFuture(
                    switch (Failure.from(thrown).reason()) {
                      case NO_SUCH_USER, NO_SUCH_TOKEN -> newException(found.client.clientId());
                      default -> thrown;
                    }));
  }

  /**
   * Returns a token that the caller may revoke: its own, or that of a user it may change, or by the
   * right to manage all tokens that of an ordinary member whose home is the organization.
   */
  private static Owned requireRevocable(Owned owned, Context context) {
    var authority = context.caller().authority().managing(context.organization().id());
    var managesTokens =
        context.has(VcloudRight.API_TOKENS_MANAGE_ALL) && authority.mayChange(owned.owner);
    if (!context.isSelf(owned.owner) && !context.edits(owned.owner) && !managesTokens) {
      throw newException(owned.client.clientId());
    }
    return owned;
  }

  private static VendorErrorException newException(UUID clientId) {
    return VcloudErrors.NO_TOKEN.newException(Reason.FORBIDDEN, clientId.toString());
  }

  private Future<Owned> find(Call call, Context context) {
    var urn = VcloudUrn.require(call.parameter("tokenUrn"), "token");
    return visible(call, context)
        .map(
            all ->
                all.stream()
                    .filter(owned -> owned.client.clientId().equals(urn.uuid()))
                    .findFirst()
                    .orElseThrow(() -> newException(urn.uuid())));
  }
}
