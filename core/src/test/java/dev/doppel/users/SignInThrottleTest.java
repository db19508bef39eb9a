package dev.doppel.users;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class SignInThrottleTest {

  private final SignInThrottle throttle =
      SignInThrottle.on(Clock.fixed(Instant.EPOCH, ZoneOffset.UTC));

  private static SignIn signIn(String name, String address) {
    return new SignIn(name, new Password("secret"), address);
  }

  private void guess(int times, String address) {
    for (int i = 0; i < times; i++) {
      throttle.wrong(signIn("user" + i, address));
    }
  }

  @Test
  void address_isAllowedAHundred_forWhateverNames() {
    guess(SignInThrottle.WRONG_AN_ADDRESS - 1, "192.0.2.1");
    assertThat(throttle.allows(signIn("alice", "192.0.2.1"))).isTrue();
    throttle.wrong(signIn("bob", "192.0.2.1"));
    assertThat(throttle.allows(signIn("alice", "192.0.2.1"))).isFalse();
    assertThat(throttle.allows(signIn("alice", "192.0.2.2"))).isTrue();
    assertThat(throttle.allows(signIn("alice", ""))).isTrue();
  }

  @Test
  void rightPassword_clearsTheName_notTheAddress() {
    guess(SignInThrottle.WRONG_AN_ADDRESS, "192.0.2.1");
    throttle.right(signIn("alice", "192.0.2.1"));
    assertThat(throttle.allows(signIn("alice", "192.0.2.1"))).isFalse();
    for (int i = 0; i < SignInThrottle.WRONG_A_NAME; i++) {
      throttle.wrong(signIn("Carol", ""));
    }
    assertThat(throttle.allows(signIn("carol", ""))).isFalse();
    throttle.right(signIn("CAROL", ""));
    assertThat(throttle.allows(signIn("carol", ""))).isTrue();
  }

  @Test
  void addressesOfOneNetwork_areOne() {
    guess(SignInThrottle.WRONG_AN_ADDRESS, "2001:db8::1");
    assertThat(throttle.allows(signIn("alice", "2001:db8:0:0:ffff::2"))).isFalse();
    assertThat(throttle.allows(signIn("alice", "2001:db8:0:1::1"))).isTrue();
  }

  @Test
  void addressesThatAreNotKnown_areNotOne() {
    guess(2 * SignInThrottle.WRONG_AN_ADDRESS, "");
    assertThat(throttle.allows(signIn("alice", ""))).isTrue();
  }
}
