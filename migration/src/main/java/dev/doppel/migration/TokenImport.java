package dev.doppel.migration;

import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.TokenRow;
import dev.doppel.migration.ImportTarget.Numbered;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Imports tokens. Not thread-safe. */
final class TokenImport {

  private final ImportTarget target;
  private final OrganizationImport organizations;

  TokenImport(ImportTarget target, OrganizationImport organizations) {
    this.target = target;
    this.organizations = organizations;
  }

  /** Imports tokens in one change, and returns the verdict of each. */
  List<RowReport> write(List<Numbered<TokenRow>> batch) {
    var twice = new HashMap<Long, Long>();
    for (var one : batch) {
      target
          .index()
          .add("token", one.row().hash().hex(), one.number())
          .ifPresent(first -> twice.put(one.number(), first));
    }
    return target.change(
        now -> {
          var each = new ArrayList<RowReport>();
          var last = Future.<Void>succeededFuture();
          for (var one : batch) { // one after the other, since each may take another's id
            last = last.compose(done -> token(now, one, twice)).map(each::add).mapEmpty();
          }
          return last.map(done -> each);
        });
  }

  private Future<RowReport> token(Realm now, Numbered<TokenRow> source, Map<Long, Long> twice) {
    var first = twice.get(source.number());
    if (first != null) {
      return Future.succeededFuture(
          RowReport.of(source.number(), source.row(), Verdict.REFUSED)
              .with(
                  Refusal.by(
                      "twice_in_source",
                      "row " + first,
                      "An earlier row of the source has the same token.",
                      "remove one of them from the source")));
    }
    var unknown = target.dialects().checkExtras(source.row().extras());
    if (unknown.isPresent()) {
      return Future.succeededFuture(
          ImportTarget.refused(source.number(), source.row(), unknown.get()));
    }
    return ImportTarget.findPerson(now, source.row().owner())
        .compose(
            owner ->
                owner.isPresent()
                    ? token(now, source, owner.get())
                    : Future.succeededFuture(withoutOwner(source)));
  }

  /** In a dry run the owner may be one that would have been imported. */
  private RowReport withoutOwner(Numbered<TokenRow> source) {
    return target.dryRun()
            && target.index().find("owner", ImportTarget.key(source.row().owner())).isPresent()
        ? checkedWithoutOwner(source)
        : RowReport.of(source.number(), source.row(), Verdict.REFUSED)
            .with(
                Refusal.of(
                    "owner_missing",
                    "The owner of the token was not imported.",
                    "import the owner first"));
  }

  private RowReport checkedWithoutOwner(Numbered<TokenRow> source) {
    return missingOrganization(source)
        .map(refusal -> RowReport.of(source.number(), source.row(), Verdict.REFUSED).with(refusal))
        .orElseGet(() -> RowReport.of(source.number(), source.row(), Verdict.IMPORTED));
  }

  private Optional<Refusal> missingOrganization(Numbered<TokenRow> source) {
    return source
            .row()
            .organization()
            .filter(id -> !organizations.placed().containsKey(id))
            .isPresent()
        ? Optional.of(
            Refusal.of(
                "organization_missing",
                "The organization of the token was not imported.",
                "import the organization first"))
        : Optional.empty();
  }

  private Future<RowReport> token(Realm now, Numbered<TokenRow> source, User owner) {
    var missing = missingOrganization(source);
    if (missing.isPresent()) {
      return Future.succeededFuture(
          RowReport.of(source.number(), source.row(), Verdict.REFUSED).with(missing.get()));
    }
    Token token;
    try {
      token = source.row().content().create(owner, organizations.placed());
    } catch (IllegalArgumentException wrong) {
      return Future.succeededFuture(
          RowReport.of(source.number(), source.row(), Verdict.REFUSED)
              .with(
                  Refusal.of(
                      "token_form",
                      String.valueOf(wrong.getMessage()),
                      "issue a new token after the import")));
    }
    return Failure.emptyIf(Reason.NO_SUCH_TOKEN, now.storage().tokens().find(token.hash()))
        .compose(
            known ->
                known.isPresent()
                    ? Future.succeededFuture(
                        known.get().owner().equals(owner.id())
                            ? RowReport.of(source.number(), source.row(), Verdict.UNCHANGED)
                            : target.conflict(
                                source.number(),
                                source.row(),
                                Refusal.of(
                                    "token_taken",
                                    "Another user has the same token.",
                                    "end one of them")))
                    : insert(now, token)
                        .map(RowReport.of(source.number(), source.row(), Verdict.IMPORTED)));
  }

  /** Another token may have the id, which only lists show; then this one gets a new id. */
  private static Future<Token> insert(Realm now, Token token) {
    var store = now.storage().tokens();
    return Failure.emptyIf(Reason.NO_SUCH_TOKEN, store.find(token.id()))
        .compose(taken -> store.insert(taken.isEmpty() ? token : withId(token, now.ids().next())));
  }

  private static Token withId(Token token, long id) {
    return new Token(
        token.hash(),
        id,
        token.owner(),
        token.ownerCreated(),
        token.ownerEpoch(),
        token.kind(),
        token.dialect(),
        token.status(),
        token.created(),
        token.updated(),
        token.expires(),
        token.description(),
        token.extras());
  }
}
