package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.store.MvStorage;
import dev.doppel.users.Tokens.NewSession;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokensTest {

  private static final Instant NOW = Instant.parse("2026-11-27T00:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);

  private final MvStorage storage = MvStorage.inMemory();

  /** Returns the tokens of a process with the given clock. */
  private Tokens tokens(Instant time) {
    var clock = Clock.fixed(time, ZoneOffset.UTC);
    return new Tokens(storage.tokens(), new Ids(clock, 1), clock, 10);
  }

  private final User alice =
      new User(
          new UserId(1),
          "alice",
          Status.ACTIVE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          false,
          false,
          Optional.empty(),
          Set.of(),
          Map.of(),
          NOW,
          NOW,
          1,
          0,
          List.of(),
          Map.of());

  private int deletedExpired(Instant clock, Instant machine) {
    return tokens(clock).deleteExpired(machine).result();
  }

  @Test
  void deleteExpired_keepsTokensThatAreValidByTheMachineClock() {
    tokens(NOW).startSession("secret", alice, "dialect", HOUR);
    assertThat(deletedExpired(NOW.plus(Duration.ofDays(9)), NOW)).isZero();
    assertThat(deletedExpired(NOW.plus(Duration.ofDays(9)), NOW.plus(HOUR).plusSeconds(1)))
        .isEqualTo(1);
  }

  @Test
  void deleteExpired_keepsTokensThatAreValidByTheRealmClock() {
    var back = NOW.minus(Duration.ofDays(9));
    tokens(back).startSession("secret", alice, "dialect", HOUR);
    assertThat(deletedExpired(back, NOW)).isZero();
    assertThat(deletedExpired(back.plus(HOUR).plusSeconds(1), NOW)).isEqualTo(1);
  }

  @Test
  void startSessions_endsOlderSessionsOnly() {
    var clock = Clock.fixed(NOW, ZoneOffset.UTC);
    var tokens = new Tokens(storage.tokens(), new Ids(clock, 1), clock, 1);
    tokens.startSession("before", alice, "dialect", HOUR);
    var pair = List.of(NewSession.of("first", HOUR), NewSession.of("second", HOUR.plusHours(1)));
    var started = tokens.startSessions(alice, "dialect", pair).result();
    assertThat(started)
        .extracting(Token::hash)
        .containsExactly(TokenHash.of("first"), TokenHash.of("second"));
    assertThat(tokens.sessions(alice, "dialect").result()).containsExactlyElementsOf(started);
  }
}
