package dev.doppel.dialect;

import dev.doppel.users.Extras;
import dev.doppel.users.User;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A user as one dialect shows it, field by field, with the values that it can't show. Immutable.
 *
 * @param fields in the vendor's order, then the lost values
 */
public record ShownUser(List<Field> fields) {

  /** Where a field's value comes from. */
  public enum Origin {
    /** It was set, through this dialect or another. */
    KEPT,
    /** It is derived from a value that was set. */
    DERIVED,
    /** Nothing was set, so it is the vendor's default. */
    DEFAULTED,
    /** It was set, and this dialect doesn't show it. */
    LOST
  }

  /**
   * One field.
   *
   * @param name the vendor's; our own for lost values
   * @param value that {@link Dialect#json} encodes
   */
  public record Field(String name, Object value, Origin origin) {}

  public ShownUser {
    fields = List.copyOf(fields);
  }

  /** Builds a shown user. Fields without a value are left out. */
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

    /** Adds a field: kept if it was set, else defaulted. */
    public Builder keptIf(boolean set, String name, @Nullable Object value) {
      return add(name, value, set ? Origin.KEPT : Origin.DEFAULTED);
    }

    /** Adds a field: kept if it was set, else derived. */
    public Builder keptOrDerived(boolean set, String name, @Nullable Object value) {
      return add(name, value, set ? Origin.KEPT : Origin.DERIVED);
    }

    /** Adds an ID as the vendor prints it: derived from ours, or kept from an imported user. */
    public Builder id(String name, String value, Optional<String> alias) {
      return add(name, value, alias.isPresent() ? Origin.KEPT : Origin.DERIVED);
    }

    public Builder lost(String name, Optional<?> value) {
      return add(name, value.orElse(null), Origin.LOST);
    }

    /**
     * Builds the user and adds the extras of other dialects, without secrets, as lost.
     *
     * @param dialect name of the dialect that shows the user
     */
    public ShownUser build(User user, String dialect) {
      user.extras().entrySet().stream()
          .filter(extra -> !extra.getKey().equals(dialect))
          .sorted(java.util.Map.Entry.comparingByKey())
          .forEach(
              extra ->
                  lost(
                      "extras of " + extra.getKey(), Optional.of(Extras.masked(extra.getValue()))));
      return new ShownUser(fields);
    }
  }
}
