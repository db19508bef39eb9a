package dev.doppel.users;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The stores of a change that is under way, which further changes are part of. */
record StorageWithin(Stores stores) implements Storage {

  @Override
  public UserStore users() {
    return stores.users();
  }

  @Override
  public TokenStore tokens() {
    return stores.tokens();
  }

  @Override
  public RoleStore roles() {
    return stores.roles();
  }

  @Override
  public OrganizationStore organizations() {
    return stores.organizations();
  }

  @Override
  public Future<Optional<String>> note(String name) {
    return stores.note(name);
  }

  @Override
  public Future<Void> keepNote(String name, Optional<String> text) {
    return stores.keepNote(name, text);
  }

  @Override
  public Future<Void> clear() {
    return stores.clear();
  }

  @Override
  public <T> Future<T> change(Function<Stores, Future<T>> work) {
    return work.apply(stores);
  }

  @Override
  public Future<Integer> node() {
    return noPart();
  }

  @Override
  public Future<Void> ping() {
    return noPart();
  }

  @Override
  public Future<Void> reindex() {
    return noPart();
  }

  @Override
  public Future<Snapshot> snapshot() {
    return noPart();
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return noPart();
  }

  @Override
  public Future<Void> backup(Path target) {
    return noPart();
  }

  @Override
  public Future<Void> close() {
    return noPart();
  }

  private static <T> Future<T> noPart() {
    return Future.failedFuture(new IllegalStateException("can't be part of a change"));
  }
}
