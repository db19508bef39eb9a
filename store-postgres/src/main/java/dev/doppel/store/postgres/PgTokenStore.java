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
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tokens, in {@code tokens}. */
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

  /**
   * Arrays with an element for each session; $3 the owner, $13 how many other sessions it keeps.
   */
  private static final String INSERT_SESSIONS =
      """
      WITH kept AS (
        INSERT INTO tokens (hash, id, owner, kind, dialect, active, created, updated, expires,
                            description, extras, owner_created, owner_epoch, version)
        SELECT hash, id, $3::bigint, 'SESSION', dialect, active, created, updated, expires,
               description, extras::json, owner_created, owner_epoch, 1
        FROM unnest($1::text[], $2::bigint[], $4::text[], $5::boolean[], $6::timestamptz[],
                    $7::timestamptz[], $8::timestamptz[], $9::text[], $10::text[],
                    $11::timestamptz[], $12::bigint[])
             AS s (hash, id, dialect, active, created, updated, expires, description, extras,
                   owner_created, owner_epoch)
      ), dropped AS (
        DELETE FROM tokens WHERE hash IN (
          SELECT hash FROM tokens WHERE owner = $3 AND kind = 'SESSION' AND hash <> ALL ($1)
          ORDER BY id DESC OFFSET $13::bigint)
      )
      SELECT 1
      """;

  /** Arrays with an element for each token. */
  private static final String INSERT_ALL =
      """
      INSERT INTO tokens (hash, id, owner, kind, dialect, active, created, updated, expires,
                          description, extras, owner_created, owner_epoch, version)
      SELECT hash, id, owner, kind, dialect, active, created, updated, expires,
             description, extras::json, owner_created, owner_epoch, 1
      FROM unnest($1::text[], $2::bigint[], $3::text[], $4::boolean[], $5::timestamptz[],
                  $6::timestamptz[], $7::timestamptz[], $8::text[], $9::text[],
                  $10::timestamptz[], $11::bigint[], $12::bigint[], $13::text[])
           AS t (hash, id, dialect, active, created, updated, expires, description, extras,
                 owner_created, owner_epoch, owner, kind)
      ON CONFLICT (hash) DO NOTHING
      RETURNING hash
      """;

  private static final String SELECT = "SELECT " + PgRows.TOKEN_COLUMNS + " FROM tokens WHERE ";
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
      "DELETE FROM tokens WHERE hash = $1 RETURNING " + PgRows.TOKEN_COLUMNS;
  private static final String DELETE_EXPIRED = "DELETE FROM tokens WHERE expires < $1";

  private final PgAccess access;
  private final PgLookup<String, Versioned<Token>> byHash;

  PgTokenStore(PgAccess access) {
    this.access = access;
    byHash =
        new PgLookup<>(
            access,
            FIND,
            hashes -> hashes.toArray(String[]::new),
            PgRows::token,
            token -> token.value().hash().hex());
  }

  @Override
  public Future<Token> insert(Token token) {
    return access.change(INSERT, allValues(token)).map(token);
  }

  @Override
  public Future<List<TokenHash>> insertAll(List<Token> tokens) {
    var values =
        Tuple.tuple()
            .addArrayOfString(column(tokens, String[]::new, token -> token.hash().hex()))
            .addArrayOfLong(column(tokens, Long[]::new, token -> key(token.id())));
    addColumns(tokens, values);
    values
        .addArrayOfLong(column(tokens, Long[]::new, token -> key(token.owner().value())))
        .addArrayOfString(column(tokens, String[]::new, token -> token.kind().name()));
    return access.change(INSERT_ALL, values).map(rows -> taken(tokens, rows));
  }

  /** Returns the hashes of the tokens that were not inserted. */
  private static List<TokenHash> taken(List<Token> tokens, RowSet<Row> insertedRows) {
    var inserted = new HashSet<String>();
    insertedRows.forEach(row -> inserted.add(row.getString(0)));
    return tokens.stream()
        .map(Token::hash)
        .filter(hash -> !inserted.remove(hash.hex())) // once: of two equal hashes one is inserted
        .toList();
  }

  @Override
  public Future<Void> insertSessions(List<Token> sessions, int limit) {
    var values =
        Tuple.of(
            column(sessions, String[]::new, session -> session.hash().hex()),
            column(sessions, Long[]::new, session -> key(session.id())),
            key(sessions.get(0).owner().value()));
    addColumns(sessions, values);
    values.addLong(Math.max(0L, limit - sessions.size()));
    return access.change(INSERT_SESSIONS, values).mapEmpty();
  }

  private static void addColumns(List<Token> tokens, Tuple values) {
    values
        .addArrayOfString(column(tokens, String[]::new, token -> token.dialect().orElse(null)))
        .addArrayOfBoolean(column(tokens, Boolean[]::new, token -> token.status() == Status.ACTIVE))
        .addArrayOfOffsetDateTime(times(tokens, Token::created))
        .addArrayOfOffsetDateTime(times(tokens, Token::updated))
        .addArrayOfOffsetDateTime(times(tokens, token -> token.expires().orElse(null)))
        .addArrayOfString(
            column(tokens, String[]::new, token -> PgText.encode(token.description())))
        .addArrayOfString(column(tokens, String[]::new, token -> PgExtras.encode(token.extras())))
        .addArrayOfOffsetDateTime(times(tokens, Token::ownerCreated))
        .addArrayOfLong(column(tokens, Long[]::new, Token::ownerEpoch));
  }

  private static OffsetDateTime[] times(
      List<Token> tokens, Function<Token, @Nullable Instant> time) {
    return column(
        tokens,
        OffsetDateTime[]::new,
        token -> Optional.ofNullable(time.apply(token)).map(PgRows::time).orElse(null));
  }

  private static <T> T[] column(
      List<Token> tokens, IntFunction<T[]> newArray, Function<Token, @Nullable T> value) {
    var values = newArray.apply(tokens.size());
    for (int i = 0; i < values.length; i++) {
      values[i] = value.apply(tokens.get(i));
    }
    return values;
  }

  private static Tuple allValues(Token token) {
    var values =
        Tuple.of(
            token.hash().hex(), key(token.id()), key(token.owner().value()), token.kind().name());
    addValues(token, values);
    return values.addOffsetDateTime(PgRows.time(token.ownerCreated())).addLong(token.ownerEpoch());
  }

  private static void addValues(Token token, Tuple values) {
    values
        .addString(token.dialect().orElse(null))
        .addBoolean(token.status() == Status.ACTIVE)
        .addOffsetDateTime(PgRows.time(token.created()))
        .addOffsetDateTime(PgRows.time(token.updated()))
        .addOffsetDateTime(token.expires().map(PgRows::time).orElse(null))
        .addString(PgText.encode(token.description()))
        .addString(PgExtras.encode(token.extras()));
  }

  @Override
  public Future<Token> find(TokenHash hash) {
    return findVersioned(hash).map(Versioned::value);
  }

  private Future<Versioned<Token>> findVersioned(TokenHash hash) {
    return byHash
        .find(hash.hex())
        .map(found -> found.orElseThrow(() -> Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  private static Future<Row> requireRow(RowSet<Row> rows) {
    return PgRows.requireRow(rows, () -> Failure.of(Reason.NO_SUCH_TOKEN));
  }

  @Override
  public Future<Token> find(long id) {
    return access
        .lookup(FIND_ID, Tuple.of(key(id)))
        .compose(PgTokenStore::requireRow)
        .map(row -> PgRows.token(row).value());
  }

  @Override
  public Future<List<Token>> list(Token.Kind kind) {
    return access
        .search(new PgStatement(LIST_KIND, Tuple.of(kind.name())))
        .map(PgTokenStore::tokens);
  }

  @Override
  public Future<List<Token>> list(UserId owner) {
    return access.lookup(LIST_OWNER, Tuple.of(key(owner.value()))).map(PgTokenStore::tokens);
  }

  private static List<Token> tokens(RowSet<Row> rows) {
    var tokens = new ArrayList<Token>(rows.size());
    rows.forEach(row -> tokens.add(PgRows.token(row).value()));
    return tokens;
  }

  @Override
  public Future<Token> update(TokenHash hash, UnaryOperator<Token> change) {
    return access.retryUntilUpdated(
        () ->
            findVersioned(hash)
                .compose(before -> replace(before.version(), change.apply(before.value()))));
  }

  /** Returns empty if the token was changed since it had the version. */
  private Future<Optional<Token>> replace(long version, Token after) {
    var values = Tuple.of(after.hash().hex(), version);
    addValues(after, values);
    return access
        .change(UPDATE, values)
        .map(rows -> rows.rowCount() == 0 ? Optional.empty() : Optional.of(after));
  }

  @Override
  public Future<Token> delete(TokenHash hash) {
    return access
        .change(DELETE, Tuple.of(hash.hex()))
        .compose(PgTokenStore::requireRow)
        .map(row -> PgRows.token(row).value());
  }

  @Override
  public Future<Integer> deleteExpired(Instant before) {
    return access.change(DELETE_EXPIRED, Tuple.of(PgRows.time(before))).map(RowSet::rowCount);
  }
}
