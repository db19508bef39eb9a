package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Tokens and their indexes, which {@link Tables} lists. */
final class MvTokenStore implements TokenStore {

  private final Tables tables;
  private final Access access;

  MvTokenStore(Tables tables, Access access) {
    this.tables = tables;
    this.access = access;
  }

  @Override
  public Future<Token> insert(Token token) {
    return access.write(
        change -> {
          remove(change, change.get(tables.tokens, token.hash().hex()));
          return put(change, token);
        });
  }

  @Override
  public Future<List<TokenHash>> insertAll(List<Token> tokens) {
    return access.write(
        change -> {
          var taken = new ArrayList<TokenHash>();
          for (var token : tokens) {
            if (change.has(tables.tokens, token.hash().hex())) {
              taken.add(token.hash());
            } else {
              put(change, token);
            }
          }
          return taken;
        });
  }

  @Override
  public Future<Void> insertSessions(List<Token> sessions, int limit) {
    return access.write(
        change -> {
          for (var session : sessions) {
            put(change, session);
          }
          removeOldest(change, sessions.get(0).owner(), limit);
          return null;
        });
  }

  private void removeOldest(Change change, UserId owner, int limit) {
    var prefix = owner.toString();
    var excess = indexOf(prefix + Tables.AFTER_HEX) - indexOf(prefix) - limit;
    for (var oldest = change.between(tables.sessions, prefix, null, false); excess > 0; excess--) {
      oldest.next();
      remove(change, change.get(tables.tokens, oldest.getValue()));
    }
  }

  /** Returns the number of sessions before a key, which must not exist. */
  private long indexOf(String key) {
    return -tables.sessions.map().getKeyIndex(key) - 1;
  }

  /**
   * Upgrades a store of the time when tokens had no creation instant of their owner. Part of
   * opening it.
   */
  void addOwners(MvUserStore users) {
    access.write(
        change -> {
          for (var all = change.all(tables.tokens); all.hasNext(); ) {
            all.next();
            var token = all.getValue();
            var owner = users.findById(change, token.owner());
            put(change, owner == null ? token : token.withOwner(owner));
          }
          return null;
        });
  }

  /** Rebuilds the indexes. Part of a larger change. */
  void reindex() {
    access.write(
        change -> {
          for (var index :
              List.of(tables.tokenKinds, tables.tokenOwners, tables.sessions, tables.expiries)) {
            change.clear(index);
          }
          for (var all = change.all(tables.tokens); all.hasNext(); ) {
            all.next();
            put(change, all.getValue());
          }
          return null;
        });
  }

  private static String ownerKey(Token token) {
    return token.owner() + hex(token.id());
  }

  private Token put(Change change, Token token) {
    var hash = token.hash().hex();
    change.put(tables.tokens, hash, token);
    indexEntries(token).forEach(entry -> change.put(entry.index, entry.key, hash));
    return token;
  }

  private void remove(Change change, @Nullable Token token) {
    if (token != null) {
      change.remove(tables.tokens, token.hash().hex());
      indexEntries(token).forEach(entry -> change.remove(entry.index, entry.key));
    }
  }

  /** A key of a token in an index. */
  private record Entry(Table<String, String> index, String key) {}

  private Stream<Entry> indexEntries(Token token) {
    var entries = Stream.<Entry>builder();
    entries.add(new Entry(tables.tokenKinds, kindKey(token.kind(), token.id())));
    entries.add(new Entry(tables.tokenOwners, ownerKey(token)));
    if (token.kind() == Token.Kind.SESSION) {
      entries.add(new Entry(tables.sessions, ownerKey(token)));
    }
    token
        .expires()
        .ifPresent(
            expires ->
                entries.add(new Entry(tables.expiries, expiryKey(expires) + token.hash().hex())));
    return entries.build();
  }

  private static String expiryKey(Instant expires) {
    return hex(expires.toEpochMilli());
  }

  private static String kindKey(Token.Kind kind, long id) {
    return kind + hex(id);
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }

  private Token requireFound(State state, TokenHash hash) {
    var token = state.get(tables.tokens, hash.hex());
    if (token == null) {
      throw Failure.of(Reason.NO_SUCH_TOKEN);
    }
    return token;
  }

  @Override
  public Future<Token> find(TokenHash hash) {
    return access.read(state -> requireFound(state, hash));
  }

  @Override
  public Future<Token> find(long id) {
    return access.read(
        state ->
            Arrays.stream(Token.Kind.values())
                .map(kind -> state.get(tables.tokenKinds, kindKey(kind, id)))
                .flatMap(hash -> Stream.ofNullable(findByHash(state, hash)))
                .findFirst()
                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  private @Nullable Token findByHash(State state, @Nullable String hash) {
    return hash == null ? null : state.get(tables.tokens, hash);
  }

  @Override
  public Future<List<Token>> list(Token.Kind kind) {
    return access.search(state -> findByPrefix(state, tables.tokenKinds, kind.name()));
  }

  @Override
  public Future<List<Token>> list(UserId owner) {
    return access.read(state -> findByPrefix(state, tables.tokenOwners, owner.toString()));
  }

  private List<Token> findByPrefix(State state, Table<String, String> index, String prefix) {
    return hashes(state, index, prefix).stream()
        .flatMap(
            hash -> {
              state.checkTime();
              return Stream.ofNullable(findByHash(state, hash));
            })
        .toList();
  }

  /** Returns the hashes that an index has under keys with a prefix, in the order of the keys. */
  private static List<String> hashes(State state, Table<String, String> index, String prefix) {
    var hashes = new ArrayList<String>();
    for (var cursor = state.between(index, prefix, null, false); cursor.hasNext(); ) {
      if (!cursor.next().startsWith(prefix)) {
        break;
      }
      state.checkTime();
      hashes.add(cursor.getValue());
    }
    return hashes;
  }

  @Override
  public Future<Token> update(TokenHash hash, UnaryOperator<Token> update) {
    return access.write(
        change -> {
          var before = requireFound(change, hash);
          var after = update.apply(before);
          if (after.expires().equals(before.expires())) {
            change.put(tables.tokens, hash.hex(), after);
            return after;
          }
          remove(change, before);
          return put(change, after);
        });
  }

  @Override
  public Future<Token> delete(TokenHash hash) {
    return access.write(
        change -> {
          var token = requireFound(change, hash);
          remove(change, token);
          return token;
        });
  }

  @Override
  public Future<Integer> deleteExpired(Instant before) {
    return access.write(
        change -> {
          var deleted = 0;
          for (var all = change.between(tables.expiries, null, expiryKey(before), false);
              all.hasNext();
              deleted++) {
            all.next();
            remove(change, change.get(tables.tokens, all.getValue()));
          }
          return deleted;
        });
  }
}
