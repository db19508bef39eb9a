package dev.doppel.dialect;

import dev.doppel.users.Authority;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/** Who asks. A dialect that wants to know more about a caller has a record of its own. */
public interface Caller {

  User user();

  /** What was shown instead of a password, if anything was. */
  Optional<Token> token();

  /** What the credentials let the user do to users, in every dialect. */
  Authority authority();

  static Caller of(User user, Optional<Token> token, Authority authority) {
    return new Plain(user, token, authority);
  }

  /** A caller about whom there is no more to know. */
  record Plain(User user, Optional<Token> token, Authority authority) implements Caller {}
}
