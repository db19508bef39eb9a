package dev.doppel.dialect;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The values of a vendor's options. Immutable.
 *
 * @param version one of {@link Vendor#versions}; empty for the newest
 * @param values of options that take one, by name
 * @param switches names of the options that are on
 */
public record OptionValues(
    Optional<String> version, Map<String, String> values, Set<String> switches) {

  /** No option is given. */
  public static final OptionValues NONE = new OptionValues(Optional.empty(), Map.of(), Set.of());

  public OptionValues {
    values = Map.copyOf(values);
    switches = Set.copyOf(switches);
  }

  /** Returns the value of an option; empty if it isn't given. */
  public Optional<String> value(String option) {
    return Optional.ofNullable(values.get(option));
  }

  /** Returns whether a switch is on. */
  public boolean isOn(String option) {
    return switches.contains(option);
  }

  /**
   * Returns the value of an option that is a whole number.
   *
   * @throws InvalidOptionException if it is none from {@code min} to {@code max}
   */
  public int number(String option, int standard, int min, int max) {
    var text = value(option);
    if (text.isEmpty()) {
      return standard;
    }
    try {
      var number = Integer.parseInt(text.get());
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException notNumber) {
      // reported below, as a number out of range is
    }
    throw InvalidOptionException.notAllowed(
        "--" + option, "'" + text.get() + "'", min + " to " + max);
  }

  /**
   * Returns the value of an option that is one of two words.
   *
   * @return whether it is {@code yes}
   * @throws InvalidOptionException if it is neither
   */
  public boolean choice(String option, boolean standard, String yes, String no) {
    var text = value(option);
    if (text.isEmpty()) {
      return standard;
    }
    if (!text.get().equals(yes) && !text.get().equals(no)) {
      throw InvalidOptionException.notAllowed(
          "--" + option,
          Suggestions.quote(text.get()),
          yes + " or " + no + Suggestions.didYouMean(text.get(), List.of(yes, no)));
    }
    return text.get().equals(yes);
  }

  @Override
  public String toString() {
    return "OptionValues[" + values.keySet() + switches + "]";
  }
}
