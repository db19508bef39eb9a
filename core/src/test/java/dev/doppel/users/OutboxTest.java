package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class OutboxTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private static final class SetClock extends Clock {
    private Instant now = Instant.parse("2026-03-04T05:06:07Z");

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      throw new UnsupportedOperationException();
    }
  }

  private final SetClock clock = new SetClock();
  private final Outbox outbox = new Outbox(clock);

  private static Mail mail(String to, String text) {
    return new Mail(
        "workspace", "verify", to, Optional.of("ann"), "Verify", text, Optional.of("secret"));
  }

  @Test
  void send_keepsLatestMails() {
    for (int i = 1; i <= Outbox.MAX_MAILS + 5; i++) {
      outbox.send(mail(i + "@example.com", "text"));
    }
    var mails = outbox.list();
    assertThat(mails).hasSize(Outbox.MAX_MAILS);
    assertThat(mails.get(0).id()).isEqualTo(6);
    assertThat(mails.get(0).mail().to()).isEqualTo("6@example.com");
    assertThat(mails.get(0).time()).isEqualTo(clock.now);
    assertThat(outbox.clear()).isEqualTo(Outbox.MAX_MAILS);
    assertThat(outbox.list()).isEmpty();
    outbox.send(mail("a@example.com", "text"));
    assertThat(outbox.list().get(0).id()).as("no number twice").isEqualTo(Outbox.MAX_MAILS + 6);
  }

  @Test
  void mail_limitsText_andHidesSecrets() {
    var mail = mail("ann@example.com", "x".repeat(Mail.MAX_TEXT + 1));
    assertThat(mail.text()).hasSize(Mail.MAX_TEXT);
    assertThat(mail.toString()).isEqualTo("Mail[workspace verify to ann@example.com]");
  }

  @Test
  void admit_waitsForInterval_byClock() {
    assertThat(outbox.admit("a", MINUTE)).isTrue();
    assertThat(outbox.admit("b", MINUTE)).isTrue();
    assertThat(outbox.admit("a", MINUTE)).isFalse();
    clock.now = clock.now.plusMillis(59_999);
    assertThat(outbox.admit("a", MINUTE)).isFalse();
    clock.now = clock.now.plusMillis(1);
    assertThat(outbox.admit("a", MINUTE)).as("a refused one doesn't count").isTrue();
    clock.now = clock.now.minusSeconds(3600);
    assertThat(outbox.admit("a", MINUTE)).as("the clock was set back").isTrue();
    outbox.forgetActions();
    assertThat(outbox.admit("a", MINUTE)).isTrue();
  }
}
