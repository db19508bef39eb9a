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
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 *
 *
 * <pre>
 *   tokens   hash → token
 *   kinds    kind + id (16 hex digits) → hash
 *   owners   owner (16 hex digits) + id (16 hex digits) → hash
 *   sessions owner (16 hex digits) + id (16 hex digits) → hash, of sessions
 *   expiries end in milliseconds (16 hex digits) + hash → hash, of tokens that end
 * </pre>
 */
final class MvTokenStore implements TokenStore {

  /** Behind every id in hex digits. */
  private static final String LAST = "g";

  private final MvStorage storage;
  private final MVMap<String, Token> tokens;
  private final MVMap<String, String> kinds;
  private final MVMap<String, String> owners;
  private final MVMap<String, String> sessions;
  private final MVMap<String, String> expiries;

  MvTokenStore(MvStorage storage) {
    this.storage = storage;
    tokens = storage.byName("tokens", StoredTypes.TOKEN);
    kinds = storage.byName("tokenKinds", StringDataType.INSTANCE);
    owners = storage.byName("tokenOwners", StringDataType.INSTANCE);
    sessions = storage.byName("tokenSessions", StringDataType.INSTANCE);
    expiries = storage.byName("expiries", StringDataType.INSTANCE);
  }

  @Override
  public Future<Token> insert(Token token) {
    return storage.write(
        () -> {
          remove(tokens.get(token.hash().hex()));
          return put(token);
        });
  }

  @Override
  public Future<Token> insertSession(Token session, int limit) {
    return storage.write(
        () -> {
          remove(tokens.get(session.hash().hex()));
          put(session);
          dropOldest(session.owner(), limit);
          return session;
        });
  }

  private void dropOldest(UserId owner, int limit) {
    var first = owner.toString();
    var excess = rank(first + LAST) - rank(first) - limit;
    for (var cursor = sessions.cursor(first); excess > 0; excess--) {
      cursor.next();
      remove(tokens.get(cursor.getValue()));
    }
  }

  /** How many keys come before one that there isn't. */
  private long rank(String key) {
    return -sessions.getKeyIndex(key) - 1;
  }

  /** For a store that was made before tokens told whose they are. Part of opening it. */
  void adopt(MvUserStore users) {
    var all = new ArrayList<>(tokens.values());
    for (var token : all) {
      var owner = users.get(token.owner());
      put(owner == null ? token : token.withOwner(owner));
    }
  }

  private static String ownerKey(Token token) {
    return token.owner() + hex(token.id());
  }

  private Token put(Token token) {
    var hash = token.hash().hex();
    tokens.put(hash, token);
    kinds.put(kindKey(token.kind(), token.id()), hash);
    owners.put(ownerKey(token), hash);
    if (token.kind() == Token.Kind.SESSION) {
      sessions.put(ownerKey(token), hash);
    }
    token.expires().ifPresent(end -> expiries.put(expiry(end) + hash, hash));
    return token;
  }

  private void remove(@Nullable Token token) {
    if (token != null) {
      tokens.remove(token.hash().hex());
      kinds.remove(kindKey(token.kind(), token.id()));
      owners.remove(ownerKey(token));
      sessions.remove(ownerKey(token));
      token.expires().ifPresent(end -> expiries.remove(expiry(end) + token.hash().hex()));
    }
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

  private Token known(TokenHash hash) {
    var token = tokens.get(hash.hex());
    if (token == null) {
      throw Failure.of(Reason.NO_SUCH_TOKEN);
    }
    return token;
  }

  @Override
  public Future<Token> find(TokenHash hash) {
    return storage.read(() -> known(hash));
  }

  @Override
  public Future<Token> find(long id) {
    return storage.read(
        () ->
            Arrays.stream(Token.Kind.values())
                .map(kind -> behind(kinds.get(kindKey(kind, id))))
                .filter(Objects::nonNull)
                .findFirst()
                .orElseThrow(() -> Failure.of(Reason.NO_SUCH_TOKEN)));
  }

  private @Nullable Token behind(@Nullable String hash) {
    return hash == null ? null : tokens.get(hash);
  }

  @Override
  public Future<List<Token>> list(Token.Kind kind) {
    return storage.read(() -> within(kinds, kind.name()));
  }

  @Override
  public Future<List<Token>> list(UserId owner) {
    return storage.read(() -> within(owners, owner.toString()));
  }

  private List<Token> within(MVMap<String, String> index, String prefix) {
    var found = new ArrayList<Token>();
    for (var cursor = index.cursor(prefix); cursor.hasNext(); ) {
      if (!cursor.next().startsWith(prefix)) {
        break;
      }
      var token = behind(cursor.getValue());
      if (token != null) {
        found.add(token);
      }
    }
    return found;
  }

  @Override
  public Future<Token> update(TokenHash hash, UnaryOperator<Token> change) {
    return storage.write(
        () -> {
          var before = known(hash);
          var after = change.apply(before);
          remove(before);
          return put(after);
        });
  }

  @Override
  public Future<Token> delete(TokenHash hash) {
    return storage.write(
        () -> {
          var token = known(hash);
          remove(token);
          return token;
        });
  }

  @Override
  public Future<Integer> purge(Instant before) {
    return storage.write(
        () -> {
          var ended = new ArrayList<String>();
          for (var cursor = expiries.cursor(null, expiry(before), false); cursor.hasNext(); ) {
            cursor.next();
            ended.add(cursor.getValue());
          }
          ended.forEach(hash -> remove(tokens.get(hash)));
          return ended.size();
        });
  }
}
