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

/** Tokens and their indexes; {@link Tables} tells what they are. */
final class MvTokenStore implements TokenStore {

  /** Behind every id in hex digits. */
  private static final String LAST = "g";

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
    var first = owner.toString();
    var excess = rank(first + LAST) - rank(first) - limit;
    for (var oldest = change.between(tables.sessions, first, null, false); excess > 0; excess--) {
      oldest.next();
      remove(change, change.get(tables.tokens, oldest.getValue()));
    }
  }

  /** How many keys come before one that there isn't. */
  private long rank(String key) {
    return -tables.sessions.map().getKeyIndex(key) - 1;
  }

  /** For a store that was made before tokens told whose they are. Part of opening it. */
  void addOwners(MvUserStore users) {
    access.write(
        change -> {
          for (var all = change.all(tables.tokens); all.hasNext(); ) {
            all.next();
            var token = all.getValue();
            var owner = users.get(change, token.owner());
            put(change, owner == null ? token : token.withOwner(owner));
          }
          return null;
        });
  }

  /** Makes the indexes anew. Part of another change. */
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
    entries(token).forEach(entry -> change.put(entry.index, entry.key, hash));
    return token;
  }

  private void remove(Change change, @Nullable Token token) {
    if (token != null) {
      change.remove(tables.tokens, token.hash().hex());
      entries(token).forEach(entry -> change.remove(entry.index, entry.key));
    }
  }

  /** A key of an index under which a token is found. */
  private record Entry(Table<String, String> index, String key) {}

  private Stream<Entry> entries(Token token) {
    var entries = Stream.<Entry>builder();
    entries.add(new Entry(tables.tokenKinds, kindKey(token.kind(), token.id())));
    entries.add(new Entry(tables.tokenOwners, ownerKey(token)));
    if (token.kind() == Token.Kind.SESSION) {
      entries.add(new Entry(tables.sessions, ownerKey(token)));
    }
    token
        .expires()
        .ifPresent(
            end -> entries.add(new Entry(tables.expiries, expiry(end) + token.hash().hex())));
    return entries.build();
  }

  private static String expiry(Instant end) {
    return hex(end.toEpochMilli());
  }

  private static String kindKey(Token.Kind kind, long id) {
    return kind + hex(id);
  }

  private static String hex(long number) {
    return HexFormat.of().toHexDigits(number);
  }

  private Token known(State state, TokenHash hash) {
    var token = state.get(tables.tokens, hash.hex());
    if (token == null) {
      throw Failure.of(Reason.NO_SUCH_TOKEN);
    }
    return token;
  }

  @Override
  public Future<Token> find(TokenHash hash) {
    return access.read(state -> known(state, hash));
  }

  @Override
  public Future<Token> find(long id) {
    return access.read(
        state ->
            Arrays.stream(Token.Kind.values())
                .map(kind -> state.get(tables.tokenKinds, kindKey(kind, id)))
                .flatMap(hash -> Stream.ofNullable(behind(state, hash)))
                .findFirst()
                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  private @Nullable Token behind(State state, @Nullable String hash) {
    return hash == null ? null : state.get(tables.tokens, hash);
  }

  @Override
  public Future<List<Token>> list(Token.Kind kind) {
    return access.search(state -> within(state, tables.tokenKinds, kind.name()));
  }

  @Override
  public Future<List<Token>> list(UserId owner) {
    return access.read(state -> within(state, tables.tokenOwners, owner.toString()));
  }

  private List<Token> within(State state, Table<String, String> index, String prefix) {
    return entries(state, index, prefix).stream()
        .flatMap(
            hash -> {
              state.checkTime();
              return Stream.ofNullable(behind(state, hash));
            })
        .toList();
  }

  /** The hashes that an index has behind a prefix, in the order of its keys. */
  private static List<String> entries(State state, Table<String, String> index, String prefix) {
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
  public Future<Token> update(TokenHash hash, UnaryOperator<Token> step) {
    return access.write(
        change -> {
          var before = known(change, hash);
          var after = step.apply(before);
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
          var token = known(change, hash);
          remove(change, token);
          return token;
        });
  }

  @Override
  public Future<Integer> deleteExpired(Instant before) {
    return access.write(
        change -> {
          var ended = 0;
          for (var all = change.between(tables.expiries, null, expiry(before), false);
              all.hasNext();
              ended++) {
            all.next();
            remove(change, change.get(tables.tokens, all.getValue()));
          }
          return ended;
        });
  }
}
