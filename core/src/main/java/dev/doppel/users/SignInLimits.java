package dev.doppel.users;

/**
 * The limits on sign-ins of a realm. Limits per minute count over one minute of elapsed time, which
 * starts with the first count. Immutable.
 *
 * @param sessions the maximum number of sessions of a user over all dialects; the oldest end when
 *     there would be more
 * @param wrongPerAccount the number of wrong passwords per minute and account after which further
 *     attempts are slowed down, whatever the spelling of the name
 * @param wrongPerAddress the number of wrong passwords per minute and address (in IPv6: network of
 *     64 bits), for any accounts, after which the address is rejected for the rest of the minute
 * @param attemptsPerAddress the same for all sign-ins, successful or not
 * @param registrationsPerAddress the same for accounts that clients without credentials register,
 *     and for mails that clients ask for
 */
public record SignInLimits(
    int sessions,
    int wrongPerAccount,
    int wrongPerAddress,
    int attemptsPerAddress,
    int registrationsPerAddress) {

  /** For persistent stores: guessing is slow and hashing is expensive. */
  public static final SignInLimits PERSISTENT =
      new SignInLimits(Tokens.DEFAULT_MAX_SESSIONS, 10, 100, 6_000, 100);

  /** For stores in memory: tests send wrong passwords and register users by the thousand. */
  public static final SignInLimits FOR_TESTS =
      new SignInLimits(
          Tokens.DEFAULT_MAX_SESSIONS, Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000, 10_000);

  /**
   * @throws IllegalArgumentException if a limit is less than 1
   */
  public SignInLimits {
    if (sessions < 1
        || wrongPerAccount < 1
        || wrongPerAddress < 1
        || attemptsPerAddress < 1
        || registrationsPerAddress < 1) {
      throw new IllegalArgumentException("every limit is at least 1");
    }
  }

  public SignInLimits withSessions(int sessions) {
    return new SignInLimits(
        sessions, wrongPerAccount, wrongPerAddress, attemptsPerAddress, registrationsPerAddress);
  }

  /** Returns these limits with another one per account, and ten times that per address. */
  public SignInLimits withWrongPerAccount(int wrongPerAccount) {
    return new SignInLimits(
        sessions,
        wrongPerAccount,
        (int) Math.min(10L * wrongPerAccount, Integer.MAX_VALUE),
        attemptsPerAddress,
        registrationsPerAddress);
  }

  public SignInLimits withAttemptsPerAddress(int attemptsPerAddress) {
    return new SignInLimits(
        sessions, wrongPerAccount, wrongPerAddress, attemptsPerAddress, registrationsPerAddress);
  }

  public SignInLimits withRegistrationsPerAddress(int registrationsPerAddress) {
    return new SignInLimits(
        sessions, wrongPerAccount, wrongPerAddress, attemptsPerAddress, registrationsPerAddress);
  }
}
