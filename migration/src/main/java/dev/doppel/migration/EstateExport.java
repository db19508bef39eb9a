package dev.doppel.migration;

import dev.doppel.migration.EstateJson.FooterLine;
import dev.doppel.migration.EstateJson.HeaderLine;
import dev.doppel.migration.EstateJson.OrganizationLine;
import dev.doppel.migration.EstateJson.RoleLine;
import dev.doppel.migration.EstateJson.TokenLine;
import dev.doppel.migration.EstateJson.UserLine;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Writes a whole store in Doppel's own format: importing it into an empty store gives the same
 * store. Reads users page by page, so a store that changes meanwhile isn't exported as it was at
 * one moment. Not thread-safe.
 */
public final class EstateExport {

  private static final int PAGE = 1_000;

  private final Storage storage;
  private final OutputStream out;
  private final MessageDigest digest;
  private long organizations;
  private long roles;
  private long users;
  private long tokens;

  private EstateExport(Storage storage, OutputStream out) {
    this.storage = storage;
    this.out = out;
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /**
   * Writes the store. Blocks.
   *
   * @param out buffered; not closed
   * @return the number of users
   * @throws MigrationException if the store isn't available, or the output can't be written
   */
  public static long write(Storage storage, OutputStream out) {
    return new EstateExport(storage, out).write();
  }

  private long write() {
    write(new HeaderLine("header", EstateJson.FORMAT));
    for (var one : StoreWaits.await(storage.organizations().list())) {
      write(OrganizationLine.of(one));
      organizations++;
    }
    for (var one : StoreWaits.await(storage.roles().list())) {
      write(RoleLine.of(one));
      roles++;
    }
    forEachPage(
        storage,
        page ->
            page.forEach(
                user -> {
                  write(UserLine.of(user));
                  users++;
                }));
    forEachPage(storage, this::writeTokens);
    write(
        new FooterLine(
            "footer",
            organizations,
            roles,
            users,
            tokens,
            HexFormat.of().formatHex(digest.digest())));
    try {
      out.flush();
    } catch (IOException e) {
      throw newWriteException(e);
    }
    return users;
  }

  /** Passes all users on, in pages, in ascending order of id. */
  static void forEachPage(Storage storage, Consumer<List<User>> action) {
    Optional<UserId> last = Optional.empty();
    while (true) {
      var query = UserQuery.first(PAGE).after(last);
      var page = StoreWaits.await(storage.users().list(query)).items();
      if (page.isEmpty()) {
        return;
      }
      action.accept(page);
      last = Optional.of(page.get(page.size() - 1).id());
    }
  }

  private void writeTokens(List<User> owners) {
    for (var owner : owners) {
      for (var token : StoreWaits.await(storage.tokens().list(owner.id()))) {
        if (isValidFor(token, owner)) {
          write(TokenLine.of(token));
          tokens++;
        }
      }
    }
  }

  /** Tokens of an earlier user with the same id, and ended sessions, are left behind. */
  private static boolean isValidFor(Token token, User owner) {
    return token.ownerCreated().equals(owner.created())
        && (token.kind() == Token.Kind.API || token.ownerEpoch() == owner.sessionEpoch());
  }

  private void write(Object line) {
    try {
      var bytes = EstateJson.MAPPER.writeValueAsBytes(line);
      if (bytes.length > LineReader.MAX_LINE) {
        throw new MigrationException(
            "a row would have more than %s bytes, which can't be imported"
                .formatted(LineReader.MAX_LINE));
      }
      digest.update(bytes);
      digest.update((byte) '\n');
      out.write(bytes);
      out.write('\n');
    } catch (IOException e) {
      throw newWriteException(e);
    }
  }

  private static MigrationException newWriteException(IOException e) {
    return new MigrationException("the output can't be written", e);
  }
}
