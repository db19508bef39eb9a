package dev.doppel.migration;

import dev.doppel.migration.EstateRow.InvalidRow;
import dev.doppel.migration.EstateRow.OrganizationRow;
import dev.doppel.migration.EstateRow.RoleRow;
import dev.doppel.migration.EstateRow.TokenRow;
import dev.doppel.migration.EstateRow.UserRow;
import dev.doppel.migration.ImportTarget.Numbered;
import dev.doppel.users.Realm;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Writes the rows of a source to a store and gives each a verdict. A user that the store has
 * already, by its id or alias, stays as it is, so that a run that was interrupted goes on when it
 * is repeated. Users and tokens are written in batches, each of them one change. Not thread-safe.
 *
 * <p>A dry run does the same, but takes every change back.
 */
public final class ImportRun {

  private static final int BATCH = 1_000;

  /** What happens to a row that something else in the store stands in the way of. */
  public enum ConflictRule {
    /** The row is refused. */
    REFUSE,
    /** The row is skipped; that is as wished. */
    KEEP
  }

  private final Consumer<RowReport> report;
  private final OrganizationImport organizations;
  private final UserImport users;
  private final TokenImport tokens;
  private long row;

  private ImportRun(ImportTarget target, Consumer<RowReport> report) {
    this.report = report;
    this.organizations = new OrganizationImport(target);
    this.users = new UserImport(target, organizations);
    this.tokens = new TokenImport(target, organizations);
  }

  /**
   * Imports all rows. Blocks.
   *
   * @param realm over a store that may be empty; what every realm has is created at the end
   * @param dialects that aliases and extras can belong to
   * @param report receives the verdict of each row, in their order
   * @throws MigrationException if the source can't be read or the store isn't available; rows of
   *     which a verdict was reported are in, unless it is a dry run
   */
  public static ImportSummary run(
      Realm realm,
      Dialects dialects,
      Source source,
      boolean dryRun,
      ConflictRule conflicts,
      Consumer<RowReport> report) {
    var summary = new ImportSummary(source.description(), dryRun);
    try (var index = new SourceIndex()) {
      var run =
          new ImportRun(
              new ImportTarget(realm, dialects, dryRun, conflicts, index),
              one -> {
                summary.add(one);
                report.accept(one);
              });
      run.run(source.rows());
    }
    if (!dryRun) {
      StoreWaits.awaitRetrying(realm::createDefaults);
    }
    return summary;
  }

  private void run(Iterator<EstateRow> rows) {
    var waitingUsers = new ArrayList<Numbered<UserRow>>();
    var waitingTokens = new ArrayList<Numbered<TokenRow>>();
    while (rows.hasNext()) {
      var next = rows.next();
      row++;
      if (!(next instanceof UserRow) || waitingUsers.size() == BATCH) {
        flush(waitingUsers, users::write);
      }
      if (!(next instanceof TokenRow) || waitingTokens.size() == BATCH) {
        flush(waitingTokens, tokens::write);
      }
      if (next instanceof UserRow user) {
        waitingUsers.add(new Numbered<>(row, user));
      } else if (next instanceof TokenRow token) {
        waitingTokens.add(new Numbered<>(row, token));
      } else if (next instanceof OrganizationRow organization) {
        report.accept(organizations.add(row, organization));
      } else if (next instanceof RoleRow role) {
        report.accept(organizations.add(row, role));
      } else if (next instanceof InvalidRow invalid) {
        report.accept(ImportTarget.refused(row, invalid, invalid.refusal()));
      }
    }
    flush(waitingUsers, users::write);
    flush(waitingTokens, tokens::write);
  }

  /** Writes the rows that wait, and reports their verdicts. */
  private <T extends EstateRow> void flush(
      List<Numbered<T>> waiting, Function<List<Numbered<T>>, List<RowReport>> write) {
    if (!waiting.isEmpty()) {
      write.apply(waiting).forEach(report);
      waiting.clear();
    }
  }
}
