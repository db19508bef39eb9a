package dev.doppel.migration;

import dev.doppel.migration.EstateRow.Refusal;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What became of one row. Immutable; contains neither secrets nor hashes.
 *
 * @param row from 1 on
 * @param id of what is in the store now
 * @param algorithm family of the password's hash
 * @param lost what the source knows and Doppel has no place for
 */
public record RowReport(
    long row,
    String at,
    String kind,
    String name,
    Verdict verdict,
    Optional<String> id,
    Optional<PasswordVerdict> password,
    Optional<String> algorithm,
    List<String> lost,
    List<String> notes,
    Optional<Refusal> refusal) {

  /** What became of a row. */
  public enum Verdict {
    IMPORTED,
    /** It was in the store already. */
    UNCHANGED,
    /** It stands for something that every store has, such as the default organization. */
    MERGED,
    /** Something else is in the way, and the import must not touch it. */
    REFUSED,
    /** As REFUSED, but as wished. */
    SKIPPED;

    /** Returns the word for reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What became of a password. */
  public enum PasswordVerdict {
    KEPT,
    /** The source has none. */
    NONE,
    /** No password can be verified against the hash, so the user has none. */
    REFUSED_FORM;

    /** Returns the word for reports. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public RowReport {
    lost = List.copyOf(lost);
    notes = List.copyOf(notes);
  }

  static RowReport of(long row, EstateRow source, Verdict verdict) {
    return new RowReport(
        row,
        source.at(),
        source.kind(),
        source.name(),
        verdict,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        Optional.empty());
  }

  RowReport withId(String id) {
    return new RowReport(
        row, at, kind, name, verdict, Optional.of(id), password, algorithm, lost, notes, refusal);
  }

  RowReport withPassword(PasswordVerdict password, Optional<String> algorithm) {
    return new RowReport(
        row, at, kind, name, verdict, id, Optional.of(password), algorithm, lost, notes, refusal);
  }

  RowReport with(List<String> lost, List<String> notes) {
    return new RowReport(
        row, at, kind, name, verdict, id, password, algorithm, lost, notes, refusal);
  }

  RowReport with(Refusal refusal) {
    return new RowReport(
        row, at, kind, name, verdict, id, password, algorithm, lost, notes, Optional.of(refusal));
  }

  /** Returns whether the row, with its password, is in the store as wished. */
  public boolean isAsWished() {
    return verdict != Verdict.REFUSED
        && !password.equals(Optional.of(PasswordVerdict.REFUSED_FORM));
  }
}
