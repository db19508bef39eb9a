package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.StoreCalls;
import dev.doppel.users.Stores;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.SqlConnection;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A storage in a PostgreSQL database, which other gateways may use at the same time. Nothing is
 * cached, so that a change by one of them takes effect for all at the next call. Thread-safe.
 *
 * <p>A call without an answer fails with UNAVAILABLE within 1.5 s; a call for which no connection
 * is free fails with OVERLOADED. A call also fails with UNAVAILABLE if the server takes no changes,
 * lacks a table or denies access to one; the reason is logged at most once a minute. A list fails
 * with TIMED_OUT after 10 s, and with OVERLOADED if it has more than 100,000 users.
 */
public final class PgStorage implements Storage {

  /** Default maximum number of connections for changes, and as many again for lists. */
  public static final int DEFAULT_CONNECTIONS = 6;

  /** Computes the columns and counts that are derived from other rows. */
  private static final List<String> RECOMPUTE =
      List.of(
          "UPDATE memberships m SET name = u.name FROM users u"
              + " WHERE u.id = m.user_id AND u.name <> m.name",
          "INSERT INTO memberships (user_id, organization, owner, name)"
              + " SELECT id, home, false, name FROM users"
              + " ON CONFLICT (user_id, organization) DO NOTHING",
          "DELETE FROM memberships m USING users u"
              + " WHERE u.id = m.user_id AND m.organization = 0 AND u.home <> 0",
          "DELETE FROM member_counts",
          "INSERT INTO member_counts (organization, slot, count)"
              + " SELECT organization, 0, count(*) FROM memberships GROUP BY organization");

  private final PgConnections connections;
  private final PgStores stores;
  private final PgSnapshots snapshots;

  /** Stores whose calls are each a change of their own, or all part of one transaction. */
  private record PgStores(
      PgAccess access,
      UserStore users,
      TokenStore tokens,
      RoleStore roles,
      OrganizationStore organizations)
      implements Stores {

    PgStores(PgAccess access) {
      this(
          access,
          new PgUserStore(access),
          new PgTokenStore(access),
          new PgRoleStore(access),
          new PgOrganizationStore(access));
    }

    @Override
    public Future<Optional<String>> note(String name) {
      return access
          .lookup("SELECT note FROM notes WHERE name = $1", Tuple.of(name))
          .map(
              rows ->
                  rows.size() == 0
                      ? Optional.empty()
                      : Optional.of(rows.iterator().next().getString(0)));
    }

    @Override
    public Future<Void> putNote(String name, Optional<String> text) {
      return text.map(
              value ->
                  access.change(
                      "INSERT INTO notes (name, note) VALUES ($1, $2)"
                          + " ON CONFLICT (name) DO UPDATE SET note = excluded.note",
                      Tuple.of(name, value)))
          .orElseGet(() -> access.change("DELETE FROM notes WHERE name = $1", Tuple.of(name)))
          .mapEmpty();
    }

    @Override
    public Future<Void> clear() {
      return access.transaction(on -> executeAll(PgSnapshots.CLEAR_ALL, on));
    }
  }

  private PgStorage(PgConnections connections) {
    this.connections = connections;
    stores = new PgStores(connections);
    snapshots = new PgSnapshots(connections);
  }

  /**
   * Creates the tables or upgrades them, and connects. Fails with {@link
   * dev.doppel.users.StorageException} if waiting would change nothing, such as for a wrong
   * password or a schema of a newer Doppel; else with UNAVAILABLE, which {@link #outage} explains.
   *
   * @param connections maximum number of connections for changes, and as many again for lists.
   *     Lookups use one more for each event loop, or as many again through PgBouncer; snapshots use
   *     one.
   */
  public static Future<Storage> open(Vertx vertx, PgAddress address, int connections) {
    return open(vertx, address, connections, true);
  }

  /**
   * Opens a storage as {@link #open} does, but creates no tables. Fails with {@link
   * dev.doppel.users.StorageException} if there are none.
   */
  public static Future<Storage> openExisting(Vertx vertx, PgAddress address, int connections) {
    return open(vertx, address, connections, false);
  }

  private static Future<Storage> open(
      Vertx vertx, PgAddress address, int connections, boolean create) {
    var servers = new PgServers(vertx, address);
    return new PgSchema(vertx, servers, address)
        .migrate(create)
        .<Storage>map(
            done -> new PgStorage(new PgConnections(vertx, servers, address, connections)))
        .recover(
            thrown ->
                Future.failedFuture(
                    PgFailures.outage(thrown).isPresent()
                        ? Failure.of(Reason.UNAVAILABLE, thrown)
                        : PgFailures.newStorageException(thrown)));
  }

  /**
   * Returns why a call failed, in one line of the server or the network, if the same call may
   * succeed soon; empty if waiting would change nothing.
   */
  public static Optional<String> outage(Throwable thrown) {
    return PgFailures.outage(thrown);
  }

  @Override
  public UserStore users() {
    return stores.users;
  }

  @Override
  public TokenStore tokens() {
    return stores.tokens;
  }

  @Override
  public RoleStore roles() {
    return stores.roles;
  }

  @Override
  public OrganizationStore organizations() {
    return stores.organizations;
  }

  @Override
  public <T> Future<T> change(Function<Stores, Future<T>> work) {
    return connections
        .transaction(
            on ->
                Future.<Stores>succeededFuture(new PgStores(new PgAccess.InTransaction(on)))
                    .compose(work)
                    .recover(PgFailures::wrap))
        .recover(PgFailures::unwrap);
  }

  @Override
  public Future<Integer> node() {
    return connections
        .change("SELECT nextval('nodes')::integer", Tuple.tuple())
        .map(rows -> rows.iterator().next().getInteger(0));
  }

  @Override
  public Future<Void> ping() {
    return connections.checkWritable();
  }

  @Override
  public Future<Optional<String>> note(String name) {
    return stores.note(name);
  }

  @Override
  public Future<Void> putNote(String name, Optional<String> text) {
    return stores.putNote(name, text);
  }

  @Override
  public Future<Void> clear() {
    return stores.clear();
  }

  /** Computes derived columns and counts; the server maintains its indexes itself. */
  @Override
  public Future<Void> reindex() {
    return connections.transaction(on -> executeAll(RECOMPUTE, on));
  }

  private static Future<Void> executeAll(List<String> statements, SqlConnection on) {
    var last = Future.<Void>succeededFuture();
    for (var statement : statements) {
      last = last.compose(done -> on.query(statement).execute().mapEmpty());
    }
    return last;
  }

  @Override
  public Future<Snapshot> snapshot() {
    return snapshots.take();
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return snapshots.restore(snapshot);
  }

  @Override
  public Future<Void> backup(Path target) {
    return Future.failedFuture(
        new UnsupportedOperationException("this store is in PostgreSQL; back it up with pg_dump"));
  }

  @Override
  public List<StoreCalls> calls() {
    return connections.calls();
  }

  @Override
  public Future<Void> close() {
    return snapshots.close().transform(closed -> connections.close());
  }
}
