package dev.doppel.dialect;

import dev.doppel.users.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user as one dialect shows it, field by field, and what of it the dialect can't show.
 *
 * @param fields in the vendor's order, and then what is lost
 */
public record ShownUser(List<Field> fields) {

  /** Where a field's value comes from. */
  public enum Origin {
    /** It is what was said, here or through another dialect. */
    KEPT,
    /** It is made of something that was said. */
    DERIVED,
    /** Nobody said anything, so it is what the vendor has then. */
    DEFAULTED,
    /** It was said, and this dialect doesn't show it. */
    LOST
  }

  /**
   * One field.
   *
   * @param name the vendor's; of what is lost, our own
   * @param value what {@link Dialect#json} turns into JSON
   */
  public record Field(String name, Object value, Origin origin) {}

  public ShownUser {
    fields = List.copyOf(fields);
  }

  /** A user on the way to be shown. Fields without a value are left out. */
  public static final class Builder {

    private final List<Field> fields = new ArrayList<>();

    private Builder add(String name, @Nullable Object value, Origin origin) {
      if (value != null) {
        fields.add(new Field(name, value, origin));
      }
      return this;
    }

    public Builder kept(String name, @Nullable Object value) {
      return add(name, value, Origin.KEPT);
    }

    public Builder derived(String name, @Nullable Object value) {
      return add(name, value, Origin.DERIVED);
    }

    public Builder defaulted(String name, @Nullable Object value) {
      return add(name, value, Origin.DEFAULTED);
    }

    /** Kept if it was said, else defaulted. */
    public Builder keptIf(boolean said, String name, @Nullable Object value) {
      return add(name, value, said ? Origin.KEPT : Origin.DEFAULTED);
    }

    /** Kept if it was said, else derived. */
    public Builder keptOrDerived(boolean said, String name, @Nullable Object value) {
      return add(name, value, said ? Origin.KEPT : Origin.DERIVED);
    }

    /** An id as the vendor prints it: derived from our own, or the one that the user came with. */
    public Builder id(String name, String value, Optional<String> alias) {
      return add(name, value, alias.isPresent() ? Origin.KEPT : Origin.DERIVED);
    }

    public Builder lost(String name, Optional<?> value) {
      return add(name, value.orElse(null), Origin.LOST);
    }

    /**
     * With what other dialects alone know of the user, which is lost here.
     *
     * @param dialect whose view this is
     */
    public ShownUser build(User user, String dialect) {
      user.extras().entrySet().stream()
          .filter(extra -> !extra.getKey().equals(dialect))
          .sorted(java.util.Map.Entry.comparingByKey())
          .forEach(extra -> lost("extras of " + extra.getKey(), Optional.of(extra.getValue())));
      return new ShownUser(fields);
    }
  }
}
