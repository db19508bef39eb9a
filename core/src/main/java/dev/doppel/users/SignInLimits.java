package dev.doppel.users;

/**
 * How much signing in a realm takes. What is said per minute is counted over one minute of elapsed
 * time from the first count on. Immutable.
 *
 * @param sessions how many sessions a user has at most, over all dialects; the oldest end when
 *     there would be more
 * @param wrongPerAccount how many wrong passwords for one account a minute are answered at once;
 *     further attempts are slowed down, whatever the spelling of the name
 * @param wrongPerAddress how many wrong passwords a minute from one address (in IPv6 one network of
 *     64 bits), for whatever accounts, until it is refused for the rest of the minute
 * @param attemptsPerAddress the same for sign-ins of any outcome
 * @param registrationsPerAddress the same for accounts that clients without credentials register
 */
public record SignInLimits(
    int sessions,
    int wrongPerAccount,
    int wrongPerAddress,
    int attemptsPerAddress,
    int registrationsPerAddress) {

  /** For stores that last: guessing is slow and hashing is dear. */
  public static final SignInLimits PERSISTENT =
      new SignInLimits(Tokens.DEFAULT_MAX_SESSIONS, 10, 100, 6_000, 100);

  /** For stores in memory: tests provoke wrong passwords and register users by the thousand. */
  public static final SignInLimits FOR_TESTS =
      new SignInLimits(
          Tokens.DEFAULT_MAX_SESSIONS, Integer.MAX_VALUE, Integer.MAX_VALUE, 1_000_000, 10_000);

  /**
   * @throws IllegalArgumentException if one of them is less than 1
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

  /** Also allows ten times as many from one address. */
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
