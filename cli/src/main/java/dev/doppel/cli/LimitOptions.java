package dev.doppel.cli;

import dev.doppel.DoppelConfig.Limits;
import dev.doppel.StartupException;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags that bound sessions, sign-ins and registrations. */
final class LimitOptions {

  private static final int MAX_LIMIT = 1_000_000;

  @Option(
      names = "--sessions-per-user",
      description =
          "How many sessions a user has at most, over all dialects; the oldest end when there would"
              + " be more. A sign-in to Workspace makes two. Default: 1000")
  private @Nullable String sessions;

  @Option(
      names = "--sign-ins-per-minute",
      description =
          "How many sign-ins a minute are taken from one client address. Default: 6000, but"
              + " 1000000 in memory")
  private @Nullable String signIns;

  @Option(
      names = "--registrations-per-minute",
      description =
          "How many accounts a minute clients without credentials register from one address."
              + " Default: 100, but 10000 in memory")
  private @Nullable String registrations;

  @Option(
      names = "--wrong-passwords-per-minute",
      description =
          "How many wrong passwords a minute for one account are answered without a pause; ten"
              + " times as many are taken from one address. Default: 10, but no limit in memory")
  private @Nullable String wrongPasswords;

  /**
   * What the flags say.
   *
   * @throws StartupException if one of them says what isn't allowed
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
