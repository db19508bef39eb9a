package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.doppel.users.Extras;
import dev.doppel.users.NewUser;
import dev.doppel.users.User;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The properties of a user that only Milvus has.
 *
 * @param description null for none; may be empty
 * @param admin whether the built-in account is shown with the role {@code admin}, because the role
 *     was granted or revoked; null if neither happened. It has no effect on the user's rights
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record MilvusExtras(@Nullable String description, @Nullable Boolean admin) {

  /** The name of the dialect, under which extras are stored. */
  static final String DIALECT = "milvus";

  private static MilvusExtras of(User user) {
    return user.extras(DIALECT)
        .map(json -> Extras.decode(json, MilvusExtras.class))
        .orElseGet(() -> new MilvusExtras(null, null));
  }

  /** Returns the description of a user; empty for none. */
  static String description(User user) {
    return Objects.requireNonNullElse(of(user).description, "");
  }

  /** Returns {@link #admin} of a user. */
  static Optional<Boolean> admin(User user) {
    return Optional.ofNullable(of(user).admin);
  }

  static User withAdmin(User user, boolean granted) {
    return with(user, new MilvusExtras(of(user).description, granted));
  }

  private static User with(User user, MilvusExtras extras) {
    return user.withExtras(DIALECT, Extras.encode(extras));
  }

  /** Returns the new user with a description, unless that is null. */
  static NewUser withDescription(NewUser user, @Nullable String description) {
    return description == null
        ? user
        : user.withExtras(DIALECT, Extras.encode(new MilvusExtras(description, null)));
  }

  static User withDescription(User user, String description) {
    return with(user, new MilvusExtras(description, of(user).admin));
  }
}
