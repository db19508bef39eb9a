package dev.doppel.store.postgres;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.Stores;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.sqlclient.Tuple;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Keeps everything in a PostgreSQL database, which other gateways may use at the same time. Nothing
 * is remembered here, so that what one of them changes binds for all at the next call.
 *
 * <p>A call that gets no answer fails with UNAVAILABLE within 1.5 s; one that gets no turn, for too
 * much is under way, with OVERLOADED. A server that takes no changes, lacks a table or refuses the
 * right to one is UNAVAILABLE, too, and the log says why, once a minute. A list may take 10 s and
 * fails with TIMED_OUT then; one without a limit ends after 100,000 users.
 */
public final class PgStorage implements Storage {

  /**
   * How many connections a gateway makes at most for changes, and as many for lists, unless it is
   * told.
   */
  public static final int CONNECTIONS = 6;

  /** What is kept twice, from what it is of. */
  private static final List<String> RECOUNT =
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

  /** Whose calls are part of one transaction, or each one by itself. */
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
              kept ->
                  access.change(
                      "INSERT INTO notes (name, note) VALUES ($1, $2)"
                          + " ON CONFLICT (name) DO UPDATE SET note = excluded.note",
                      Tuple.of(name, kept)))
          .orElseGet(() -> access.change("DELETE FROM notes WHERE name = $1", Tuple.of(name)))
          .mapEmpty();
    }

    @Override
    public Future<Void> clear() {
      return access.transaction(
          on -> {
            var last = Future.<Void>succeededFuture();
            for (var statement : PgSnapshots.CLEAR) {
              last = last.compose(done -> on.query(statement).execute().mapEmpty());
            }
            return last;
          });
    }
  }

  private PgStorage(PgConnections connections) {
    this.connections = connections;
    stores = new PgStores(connections);
    snapshots = new PgSnapshots(connections);
  }

  /**
   * Creates the tables or brings them up to date, and connects. Fails with {@link StorageException}
   * if waiting would change nothing, such as for a wrong password or a schema of a newer Doppel, or
   * else with UNAVAILABLE, which {@link #outage} explains.
   *
   * @param size how many connections at most for changes, and as many for lists. Lookups have one
   *     more for each event loop that asks, or as many again through PgBouncer; a snapshot has one
   *     while it is kept.
   */
  public static Future<Storage> open(Vertx vertx, PgAddress address, int size) {
    return open(vertx, address, size, true);
  }

  /**
   * As {@link #open}, but creates no tables where there are none. Fails with {@link
   * StorageException} as well if the schema isn't one of Doppel.
   */
  public static Future<Storage> openExisting(Vertx vertx, PgAddress address, int size) {
    return open(vertx, address, size, false);
  }

  private static Future<Storage> open(Vertx vertx, PgAddress address, int size, boolean create) {
    var servers = new PgServers(vertx, address);
    return new PgSchema(vertx, servers, address)
        .migrate(create)
        .<Storage>map(done -> new PgStorage(new PgConnections(vertx, servers, address, size)))
        .recover(
            thrown ->
                Future.failedFuture(
                    PgFailures.outage(thrown).isPresent()
                        ? Failure.of(Reason.UNAVAILABLE, thrown)
                        : PgFailures.unopenable(thrown)));
  }

  /**
   * Returns why a call failed, in a few words of the server's or the network's, if the same call
   * may succeed soon; empty if waiting would change nothing.
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
                Future.<Stores>succeededFuture(new PgStores(new PgAccess.Within(on)))
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

  /** The server keeps indexes by itself. */
  @Override
  public Future<Void> reindex() {
    return connections.transaction(
        on -> {
          var last = Future.<Void>succeededFuture();
          for (var statement : RECOUNT) {
            last = last.compose(done -> on.query(statement).execute().mapEmpty());
          }
          return last;
        });
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
  public Future<Void> close() {
    return snapshots.close().transform(closed -> connections.close());
  }
}
