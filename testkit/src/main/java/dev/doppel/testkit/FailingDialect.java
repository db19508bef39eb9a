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
 * A dialect with one operation for each reason to fail, and one that never responds.
 *
 * @param words the dialect whose errors it reports
 */
record FailingDialect(Dialect words) implements Dialect {

  String path(Reason reason) {
    return words.prefixes().get(0) + "/fails/" + reason.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public List<Operation> operations() {
    return Stream.concat(
            Stream.of(get(pathWithoutAnswer(), "NEVER", call -> Promise.<Reply>promise().future())),
            Arrays.stream(Reason.values())
                .map(
                    reason ->
                        get(
                            path(reason),
                            reason.name(),
                            call -> Future.failedFuture(Failure.of(reason, "subject")))))
        .map(Operation::forEveryone)
        .toList();
  }

  String pathWithoutAnswer() {
    return words.prefixes().get(0) + "/never";
  }

  @Override
  public String name() {
    return words.name();
  }

  @Override
  public String version() {
    return words.version();
  }

  @Override
  public Fidelity fidelity() {
    return words.fidelity();
  }

  @Override
  public List<String> prefixes() {
    return words.prefixes();
  }

  @Override
  public PathRules paths() {
    return words.paths();
  }

  @Override
  public Optional<Reply> intercept(Call call) {
    return words.intercept(call);
  }

  @Override
  public boolean authenticatesFirst() {
    return words.authenticatesFirst();
  }

  @Override
  public Future<Caller> authenticate(Call call) {
    return words.authenticate(call);
  }

  @Override
  public Future<ShownUser> show(User user) {
    return words.show(user);
  }

  @Override
  public <T> T decode(Call call, Class<T> type) {
    return words.decode(call, type);
  }

  @Override
  public VendorError error(Reason reason) {
    return words.error(reason);
  }

  @Override
  public ObjectMapper json() {
    return words.json();
  }

  @Override
  public CharSequence contentType(Call call) {
    return words.contentType(call);
  }

  @Override
  public void decorate(Call call, Reply reply, MultiMap headers) {
    words.decorate(call, reply, headers);
  }
}
