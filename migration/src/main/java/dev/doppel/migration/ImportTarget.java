package dev.doppel.migration;

import dev.doppel.migration.EstateRow.Person;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.ImportRun.ConflictRule;
import dev.doppel.migration.RowReport.Verdict;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import io.vertx.core.Future;
import java.util.Optional;
import java.util.function.Function;

/**
 * The store that an import writes to, and how: what the parts of an {@link ImportRun} share.
 *
 * @param dialects that aliases and extras can belong to
 * @param index what the source has had so far
 */
record ImportTarget(
    Realm realm, Dialects dialects, boolean dryRun, ConflictRule conflicts, SourceIndex index) {

  /** A row with its number. */
  record Numbered<T extends EstateRow>(long number, T row) {}

  /** Makes a change, and takes it back in a dry run. */
  <T> T change(Function<Realm, Future<T>> work) {
    return StoreWaits.awaitRetrying(
        () ->
            realm
                .<T>change(
                    now ->
                        work.apply(now)
                            .compose(
                                result ->
                                    dryRun
                                        ? Future.failedFuture(new DryRunException(result))
                                        : Future.succeededFuture(result)))
                .recover(ImportTarget::resultOfDryRun));
  }

  /** Takes a change back and carries its result. */
  private static final class DryRunException extends RuntimeException {
    private final transient Object result;

    DryRunException(Object result) {
      super("dry run", null, false, false);
      this.result = result;
    }
  }

  @SuppressWarnings("unchecked") // the result of the same change
  private static <T> Future<T> resultOfDryRun(Throwable thrown) {
    return thrown instanceof DryRunException done
        ? Future.succeededFuture((T) done.result)
        : Future.failedFuture(thrown);
  }

  /** Returns the verdict on a row that can't be imported. */
  static RowReport refused(long number, EstateRow source, Refusal refusal) {
    return RowReport.of(number, source, Verdict.REFUSED).with(refusal);
  }

  /** Returns the verdict on a row that something else in the store stands in the way of. */
  RowReport conflict(long number, EstateRow source, Refusal refusal) {
    var verdict = conflicts == ConflictRule.KEEP ? Verdict.SKIPPED : Verdict.REFUSED;
    return RowReport.of(number, source, verdict).with(refusal);
  }

  /** Finds the user of the store that a source identifies. */
  static Future<Optional<User>> findPerson(Realm now, Person person) {
    return Failure.emptyIf(
        Reason.NO_SUCH_USER,
        person.alias().isPresent()
            ? now.users().find(person.alias().get())
            : now.users().find(person.id().orElseThrow()));
  }

  /** Returns the text that identifies a person in a source. */
  static String key(Person person) {
    return person
        .alias()
        .map(ImportTarget::text)
        .orElseGet(() -> person.id().map(UserId::toString).orElse(""));
  }

  private static String text(Alias alias) {
    return alias.dialect() + "/" + alias.id();
  }
}
