package dev.doppel.dialect;

import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/** Who asks. A dialect that wants to know more about a caller has a record of its own. */
public interface Caller {

  User user();

  /** What was shown instead of a password, if anything was. */
  Optional<Token> token();

  static Caller of(User user, Optional<Token> token) {
    return new Plain(user, token);
  }

  /** A caller about whom there is no more to know. */
  record Plain(User user, Optional<Token> token) implements Caller {}
}
