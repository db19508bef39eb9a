package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.doppel.users.Extras;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What Milvus alone knows about a user.
 *
 * @param description may be empty
 * @param admin whether the built-in account is shown with the role {@code admin}, because it was
 *     granted or revoked; null where neither happened. It says nothing about what the user may do
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MilvusExtras(@Nullable String description, @Nullable Boolean admin) {

  private static MilvusExtras of(User user) {
    return user.extras(MilvusDialect.NAME)
        .map(json -> Extras.decode(json, MilvusExtras.class))
        .orElseGet(() -> new MilvusExtras(null, null));
  }

  /** The description of a user; empty if it has none. */
  static String description(User user) {
    return Objects.requireNonNullElse(of(user).description, "");
  }

  /** Empty where it was neither granted nor revoked. */
  static Optional<Boolean> admin(User user) {
    return Optional.ofNullable(of(user).admin);
  }

  static User admin(User user, boolean granted) {
    return kept(user, new MilvusExtras(of(user).description, granted));
  }

  private static User kept(User user, MilvusExtras extras) {
    return user.withExtras(MilvusDialect.NAME, Extras.encode(extras));
  }

  /** The new user with a description, if it is to have one. */
  static NewUser describing(NewUser user, @Nullable String description) {
    return description == null
        ? user
        : user.withExtras(MilvusDialect.NAME, Extras.encode(new MilvusExtras(description, null)));
  }

  static User describing(User user, String description) {
    return kept(user, new MilvusExtras(description, of(user).admin));
  }
}
