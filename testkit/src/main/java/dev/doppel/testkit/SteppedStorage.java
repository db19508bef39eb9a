package dev.doppel.testkit;

import dev.doppel.users.OrganizationStore;
import dev.doppel.users.RoleStore;
import dev.doppel.users.Storage;
import dev.doppel.users.Stores;
import dev.doppel.users.TokenStore;
import dev.doppel.users.UserStore;
import io.vertx.core.Future;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * A storage that runs an action before each step: before a call of one of its stores, and before a
 * change of several calls.
 */
public final class SteppedStorage implements Storage {

  /** Prefixes of the names of methods that write, such as {@code insertAll}. */
  private static final List<String> WRITE_PREFIXES = List.of("insert", "update", "delete", "clear");

  /**
   * A step that is about to run.
   *
   * @param changes whether it is a call that writes
   * @param withinChange whether it is a call within a {@link Storage#change}
   */
  public record Step(boolean changes, boolean withinChange) {}

  private final Storage storage;
  private final Stores stores;
  private volatile Function<Step, Future<Void>> before = step -> Future.succeededFuture();

  public SteppedStorage(Storage storage) {
    this.storage = storage;
    stores = new SteppedStores(storage, false);
  }

  /**
   * Sets the action before each step. The step waits for its result and fails if it fails. Within a
   * change the result must be complete when it is returned.
   */
  public void beforeEach(Function<Step, Future<Void>> before) {
    this.before = before;
  }

  private final class SteppedStores implements Stores {

    private final Stores stores;
    private final boolean withinChange;
    private final UserStore users;
    private final TokenStore tokens;
    private final RoleStore roles;
    private final OrganizationStore organizations;

    SteppedStores(Stores stores, boolean withinChange) {
      this.stores = stores;
      this.withinChange = withinChange;
      users = withAction(UserStore.class, stores.users());
      tokens = withAction(TokenStore.class, stores.tokens());
      roles = withAction(RoleStore.class, stores.roles());
      organizations = withAction(OrganizationStore.class, stores.organizations());
    }

    private <S> S withAction(Class<S> type, S store) {
      return type.cast(
          Proxy.newProxyInstance(
              type.getClassLoader(),
              new Class<?>[] {type},
              (proxy, method, values) ->
                  before
                      .apply(new Step(writes(method), withinChange))
                      .compose(ready -> call(store, method, values))));
    }

    @Override
    public UserStore users() {
      return users;
    }

    @Override
    public TokenStore tokens() {
      return tokens;
    }

    @Override
    public RoleStore roles() {
      return roles;
    }

    @Override
    public OrganizationStore organizations() {
      return organizations;
    }

    @Override
    public Future<Optional<String>> note(String name) {
      return before.apply(new Step(false, withinChange)).compose(ready -> stores.note(name));
    }

    @Override
    public Future<Void> putNote(String name, Optional<String> text) {
      return before
          .apply(new Step(true, withinChange))
          .compose(ready -> stores.putNote(name, text));
    }

    @Override
    public Future<Void> clear() {
      return before.apply(new Step(true, withinChange)).compose(ready -> stores.clear());
    }
  }

  private static boolean writes(Method method) {
    return WRITE_PREFIXES.stream().anyMatch(method.getName()::startsWith);
  }

  private static Future<?> call(Object store, Method method, Object[] values) {
    try {
      return (Future<?>) method.invoke(store, values);
    } catch (InvocationTargetException thrown) {
      return Future.failedFuture(thrown.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("stores are public", e);
    }
  }

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
    return before
        .apply(new Step(false, false))
        .compose(ready -> storage.change(parts -> work.apply(new SteppedStores(parts, true))));
  }

  @Override
  public Future<Integer> node() {
    return storage.node();
  }

  @Override
  public Future<Void> ping() {
    return storage.ping();
  }

  @Override
  public Future<Void> reindex() {
    return storage.reindex();
  }

  @Override
  public Future<Snapshot> snapshot() {
    return storage.snapshot();
  }

  @Override
  public Future<Void> restore(Snapshot snapshot) {
    return storage.restore(snapshot);
  }

  @Override
  public Future<Void> backup(Path target) {
    return storage.backup(target);
  }

  @Override
  public Future<Void> close() {
    return storage.close();
  }
}
