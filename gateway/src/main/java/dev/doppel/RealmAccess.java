package dev.doppel;

import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.JournalFilter;
import dev.doppel.gateway.mail.MailFilter;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * The operations on a realm that {@link Doppel} and its parts consist of, in this process or over
 * HTTP. Methods block until their work is done, and throw {@link IllegalStateException} if that
 * takes longer than {@link #TIMEOUT_SECONDS}. Thread-safe.
 */
interface RealmAccess {

  long TIMEOUT_SECONDS = 20;

  URI uri();

  URI uri(Vendor<?> vendor);

  URI controlUri();

  Doppel.Administrator administrator();

  void seed(Seed seed);

  void reset();

  MovableClock clock();

  /** Returns whether the journal is on. */
  boolean recordsCalls();

  List<JournalEntry> calls(JournalFilter filter);

  long countCalls(JournalFilter filter);

  List<MailEntry> mails(MailFilter filter);

  void clearMails();

  /**
   * Returns the code with which a user completes a sign-in now.
   *
   * @throws IllegalArgumentException if there is no such user, or it needs no code
   */
  String twoFactorCode(String userName);

  static IllegalArgumentException newNoCodeException(String userName) {
    return new IllegalArgumentException(
        "'" + userName + "' is no user with two-factor authentication");
  }

  /**
   * Plans a fault and returns its status.
   *
   * @throws BadRequestException if the fault's dialect isn't served or has no such operation
   * @throws IllegalStateException if too many faults are planned
   */
  Faults.Status planFault(PlannedFault fault);

  List<Faults.Status> faults();

  /** Returns a fault; empty if it is removed. */
  Optional<Faults.Status> findFault(long id);

  /** Removes a fault and returns its last status; empty if it is removed already. */
  Optional<Faults.Status> removeFault(long id);

  void clearFaults();

  /**
   * Opens another realm of the same gateway.
   *
   * @throws BadRequestException if an option isn't allowed or the seed can't be loaded
   * @throws IllegalStateException if the name is taken or a dialect's, or too many realms are open
   */
  RealmAccess openRealm(RealmOptions options);

  /** Closes what was started or opened for this value. Closing it again has no effect. */
  void close();
}
