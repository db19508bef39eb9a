package dev.doppel.dialect;

/**
 * An option of a vendor's settings: a flag of the command line, a variable of the environment and a
 * key of the configuration file.
 *
 * @param name without hyphens in front; begins with the vendor's name and a hyphen
 * @param isSwitch whether it is given without a value
 * @param description for the help, with the default value
 */
public record VendorOption(String name, boolean isSwitch, String description) {

  /** Returns an option that takes a value. */
  public static VendorOption value(String name, String description) {
    return new VendorOption(name, false, description);
  }

  /** Returns an option that takes no value. */
  public static VendorOption ofSwitch(String name, String description) {
    return new VendorOption(name, true, description);
  }
}
