package dev.doppel.dialect;

import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.Optional;

/**
 * Who asks.
 *
 * @param token what was shown instead of a password, if anything was
 */
public record Caller(User user, Optional<Token> token) {}
