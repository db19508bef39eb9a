package dev.doppel.store;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.TokenStore;
import io.vertx.core.Future;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.function.UnaryOperator;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.type.StringDataType;
import org.jspecify.annotations.Nullable;

/**
 *
 *
 * <pre>
 *   tokens   hash → token
 *   expiries end in milliseconds (16 hex digits) + hash → hash, of tokens that end
 * </pre>
 */
final class MvTokenStore implements TokenStore {

  private final MvStorage storage;
  private final MVMap<String, Token> tokens;
  private final MVMap<String, String> expiries;

  MvTokenStore(MvStorage storage) {
    this.storage = storage;
    tokens = storage.byName("tokens", StoredTypes.TOKEN);
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

  private Token put(Token token) {
    tokens.put(token.hash().hex(), token);
    token
        .expires()
        .ifPresent(end -> expiries.put(expiry(end) + token.hash().hex(), token.hash().hex()));
    return token;
  }

  private void remove(@Nullable Token token) {
    if (token != null) {
      tokens.remove(token.hash().hex());
      token.expires().ifPresent(end -> expiries.remove(expiry(end) + token.hash().hex()));
    }
  }

  private static String expiry(Instant end) {
    return HexFormat.of().toHexDigits(end.toEpochMilli());
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
