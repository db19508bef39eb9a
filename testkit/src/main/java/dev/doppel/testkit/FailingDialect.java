package dev.doppel.testkit;

import static dev.doppel.dialect.Operation.get;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Caller;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.ShownUser;
import dev.doppel.dialect.VendorError;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.User;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A dialect with one operation that fails for each reason, and one that never answers. It reports
 * both as another dialect does.
 */
record FailingDialect(Dialect delegate) implements Dialect {

  private record Failing(String operation) implements VendorOperation {
    @Override
    public String dialect() {
      return "failing";
    }
  }

  String path(Reason reason) {
    return delegate.prefixes().get(0) + "/fails/" + reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Operation> operations() {
    return Stream.concat(
            Stream.of(
                get(
                    pathThatNeverAnswers(),
                    new Failing("NEVER"),
                    call -> Promise.<Reply>promise().future())),
            Arrays.stream(Reason.values())
                .map(
                    reason ->
                        get(
                            path(reason),
                            new Failing(reason.name()),
                            call -> Future.failedFuture(Failure.of(reason, "subject")))))
        .map(Operation::forEveryone)
        .toList();
  }

  String pathThatNeverAnswers() {
    return delegate.prefixes().get(0) + "/never";
  }

  @Override
  public String name() {
    return delegate.name();
  }

  @Override
  public String version() {
    return delegate.version();
  }

  @Override
  public Fidelity fidelity() {
    return delegate.fidelity();
  }

  @Override
  public List<String> prefixes() {
    return delegate.prefixes();
  }

  @Override
  public PathRules paths() {
    return delegate.paths();
  }

  @Override
  public Optional<Reply> intercept(Call call) {
    return delegate.intercept(call);
  }

  @Override
  public boolean authenticatesFirst() {
    return delegate.authenticatesFirst();
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return delegate.authenticate(call);
  }

  @Override
  public Future<ShownUser> show(User user) {
    return delegate.show(user);
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    return delegate.decode(call, type);
  }

  @Override
  public VendorError error(Reason reason) {
    return delegate.error(reason);
  }

  @Override
  public ObjectMapper json() {
    return delegate.json();
  }

  @Override
  public CharSequence contentType(Call call) {
    return delegate.contentType(call);
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    delegate.decorate(call, reply, headers);
  }
}
