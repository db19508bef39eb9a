package dev.doppel.store.postgres;

import static dev.doppel.store.postgres.PgRows.key;

import dev.doppel.store.postgres.PgRows.Versioned;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import io.vertx.sqlclient.Tuple;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

final class PgTokenStore implements TokenStore {

  private static final String INSERT =
      """
      INSERT INTO tokens (hash, id, owner, kind, dialect, active, created, updated, expires,
                          description, extras, owner_created, owner_epoch, version)
      VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11::text::json, $12, $13, 1)
      ON CONFLICT (hash) DO UPDATE
      SET id = excluded.id, owner = excluded.owner, kind = excluded.kind,
          dialect = excluded.dialect, active = excluded.active, created = excluded.created,
          updated = excluded.updated, expires = excluded.expires,
          description = excluded.description, extras = excluded.extras,
          owner_created = excluded.owner_created, owner_epoch = excluded.owner_epoch,
          version = tokens.version + 1
      """;

  /** $14 how many of the owner's other sessions stay, the newest ones. */
  private static final String INSERT_SESSION =
      """
      WITH kept AS (
        %s
        RETURNING hash
      ), dropped AS (
        DELETE FROM tokens WHERE hash IN (
          SELECT hash FROM tokens WHERE owner = $3 AND kind = 'SESSION' AND hash <> $1
          ORDER BY id DESC OFFSET $14)
      )
      SELECT hash FROM kept
      """
          .formatted(INSERT);

  private static final String SELECT = "SELECT " + PgRows.TOKEN + " FROM tokens WHERE ";
  private static final String FIND = SELECT + "hash = ANY ($1::text[])";
  private static final String FIND_ID = SELECT + "kind IN ('API', 'SESSION') AND id = $1 LIMIT 1";
  private static final String LIST_KIND = SELECT + "kind = $1 ORDER BY id";
  private static final String LIST_OWNER = SELECT + "owner = $1 ORDER BY id";
  private static final String UPDATE =
      """
      UPDATE tokens
      SET dialect = $3, active = $4, created = $5, updated = $6, expires = $7, description = $8,
          extras = $9::text::json, version = version + 1
      WHERE hash = $1 AND version = $2
      """;
  private static final String DELETE =
      "DELETE FROM tokens WHERE hash = $1 RETURNING " + PgRows.TOKEN;
  private static final String PURGE = "DELETE FROM tokens WHERE expires < $1";

  private final PgConnections connections;
  private final PgLookup<String, Versioned<Token>> byHash;

  PgTokenStore(PgConnections connections) {
    this.connections = connections;
    byHash =
        new PgLookup<>(
            connections,
            FIND,
            hashes -> hashes.toArray(String[]::new),
            PgRows::token,
            token -> token.value().hash().hex());
  }

  @Override
  public Future<Token> insert(Token token) {
    return connections.change(INSERT, all(token)).map(token);
  }

  @Override
  public Future<Token> insertSession(Token session, int limit) {
    return connections.change(INSERT_SESSION, all(session).addLong(limit - 1L)).map(session);
  }

  private static Tuple all(Token token) {
    var values =
        Tuple.of(
            token.hash().hex(), key(token.id()), key(token.owner().value()), token.kind().name());
    addRest(token, values);
    return values.addOffsetDateTime(PgRows.time(token.ownerCreated())).addLong(token.ownerEpoch());
  }

  private static void addRest(Token token, Tuple values) {
    values
        .addString(token.dialect().orElse(null))
        .addBoolean(token.status() == Status.ACTIVE)
        .addOffsetDateTime(PgRows.time(token.created()))
        .addOffsetDateTime(PgRows.time(token.updated()))
        .addOffsetDateTime(token.expires().map(PgRows::time).orElse(null))
        .addString(PgText.kept(token.description()))
        .addString(PgExtras.kept(token.extras()));
  }

  @Override
  public Future<Token> find(TokenHash hash) {
    return versioned(hash).map(Versioned::value);
  }

  private Future<Versioned<Token>> versioned(TokenHash hash) {
    return byHash
        .find(hash.hex())
        .map(found -> found.orElseThrow(() -> Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  private static Future<Row> only(RowSet<Row> rows) {
    return rows.size() == 0
        ? Future.failedFuture(Failure.of(Reason.NO_SUCH_TOKEN))
        : Future.succeededFuture(rows.iterator().next());
  }

  @Override
  public Future<Token> find(long id) {
    return connections
        .lookup(FIND_ID, Tuple.of(key(id)))
        .compose(PgTokenStore::only)
        .map(row -> PgRows.token(row).value());
  }

  @Override
  public Future<List<Token>> list(Token.Kind kind) {
    return connections.search(LIST_KIND, Tuple.of(kind.name())).map(PgTokenStore::tokens);
  }

  @Override
  public Future<List<Token>> list(UserId owner) {
    return connections.lookup(LIST_OWNER, Tuple.of(key(owner.value()))).map(PgTokenStore::tokens);
  }

  private static List<Token> tokens(RowSet<Row> rows) {
    var tokens = new ArrayList<Token>(rows.size());
    rows.forEach(row -> tokens.add(PgRows.token(row).value()));
    return tokens;
  }

  @Override
  public Future<Token> update(TokenHash hash, UnaryOperator<Token> change) {
    return connections.untilKept(
        () ->
            versioned(hash)
                .compose(before -> replace(before.version(), change.apply(before.value()))));
  }

  private Future<Optional<Token>> replace(long version, Token after) {
    var values = Tuple.of(after.hash().hex(), version);
    addRest(after, values);
    return connections
        .change(UPDATE, values)
        .map(rows -> rows.rowCount() == 0 ? Optional.empty() : Optional.of(after));
  }

  @Override
  public Future<Token> delete(TokenHash hash) {
    return connections
        .change(DELETE, Tuple.of(hash.hex()))
        .compose(PgTokenStore::only)
        .map(row -> PgRows.token(row).value());
  }

  @Override
  public Future<Integer> purge(Instant before) {
    return connections.change(PURGE, Tuple.of(PgRows.time(before))).map(RowSet::rowCount);
  }
}
