package dev.doppel.dialect;

import dev.doppel.users.Authority;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/** The user who calls. A dialect that needs to know more has a record of its own. */
public interface Caller {

  User user();

  /** The token that was sent instead of a password; empty if none was. */
  Optional<Token> token();

  /** What the credentials permit the user to do to users, in every dialect. */
  Authority authority();

  static Caller of(User user, Optional<Token> token, Authority authority) {
    return new Plain(user, token, authority);
  }

  /** A caller with no properties of a dialect. */
  record Plain(User user, Optional<Token> token, Authority authority) implements Caller {}
}
