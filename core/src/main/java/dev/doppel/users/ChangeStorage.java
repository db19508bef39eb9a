package dev.doppel.users;

import io.vertx.core.Future;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Function;

/** The stores of a change in progress, as a storage. Changes of it become part of that change. */
record ChangeStorage(Stores stores) implements Storage {

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
  public Future<Void> putNote(String name, Optional<String> text) {
    return stores.putNote(name, text);
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
    return unsupported();
  }

  @Override
  public Future<Void> ping() {
    return unsupported();
  }

  @Override
  public Future<Void> reindex() {
    return unsupported();
  }

  @Override
  public Future<Snapshot> snapshot() {
    return unsupported();
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return unsupported();
  }

  @Override
  public Future<Void> backup(Path target) {
    return unsupported();
  }

  @Override
  public Future<Void> close() {
    return unsupported();
  }

  private static <T> Future<T> unsupported() {
    return Future.failedFuture(new IllegalStateException("can't be part of a change"));
  }
}
