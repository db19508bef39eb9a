package dev.doppel.cli;

import dev.doppel.DoppelConfig.Limits;
import dev.doppel.StartupException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that limit sessions, sign-ins and registrations. */
final class LimitOptions {

  private static final int MAX_LIMIT = 1_000_000;

  @Option(
      names = "--sessions-per-user",
      description =
          "Maximum number of sessions of a user over all dialects; the oldest end when there would"
              + " be more. A sign-in to Workspace creates two. Default: 1000")
  private @Nullable String sessions;

  @Option(
      names = "--sign-ins-per-minute",
      description =
          "Maximum number of sign-ins per minute from one client address. Default: 6000; 1000000"
              + " in memory")
  private @Nullable String signIns;

  @Option(
      names = "--registrations-per-minute",
      description =
          "Maximum number of accounts per minute that clients without credentials can register"
              + " from one address. Default: 100; 10000 in memory")
  private @Nullable String registrations;

  @Option(
      names = "--wrong-passwords-per-minute",
      description =
          "Number of wrong passwords per minute for one account that are answered without a pause;"
              + " ten times as many are accepted from one address. Default: 10; no limit in memory")
  private @Nullable String wrongPasswords;

  /**
   * Returns the limits that are set.
   *
   * @throws StartupException if a value isn't allowed
   */
  Limits limits() {
    return new Limits(
        number("--sessions-per-user", sessions),
        number("--sign-ins-per-minute", signIns),
        number("--registrations-per-minute", registrations),
        number("--wrong-passwords-per-minute", wrongPasswords));
  }

  private static OptionalInt number(String flag, @Nullable String text) {
    return text == null
        ? OptionalInt.empty()
        : OptionalInt.of(StartupException.checkedNumber(flag, text, 1, MAX_LIMIT));
  }
}
