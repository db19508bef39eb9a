package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure.Reason;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A version of the API, such as 39.1. Every request names the one it wants. */
record VcloudVersion(int major, int minor) implements Comparable<VcloudVersion> {

  static final VcloudVersion WITH_CHANGE_PASSWORD = new VcloudVersion(36, 3);
  static final VcloudVersion WITHOUT_QUOTAS = new VcloudVersion(37, 0);
  static final VcloudVersion WITH_SITE = new VcloudVersion(37, 1);
  static final VcloudVersion WITH_LOCKED = new VcloudVersion(37, 2);
  static final VcloudVersion WITH_PHONE = new VcloudVersion(39, 0);

  private static final VcloudVersion FIRST_CURRENT = new VcloudVersion(37, 0);

  /** Newest first. */
  private static final List<VcloudVersion> SUPPORTED =
      List.of(
          new VcloudVersion(39, 1),
          new VcloudVersion(39, 0),
          new VcloudVersion(38, 1),
          new VcloudVersion(38, 0),
          new VcloudVersion(37, 3),
          new VcloudVersion(37, 2),
          new VcloudVersion(37, 1),
          FIRST_CURRENT,
          new VcloudVersion(36, 3),
          new VcloudVersion(36, 2),
          new VcloudVersion(36, 1),
          new VcloudVersion(36, 0),
          new VcloudVersion(35, 2),
          new VcloudVersion(35, 0));

  private static final Pattern PARAMETER = Pattern.compile(";\\s*version=\\s*\"?([^;,\"\\s]*)");
  private static final Pattern NUMBER = Pattern.compile("(\\d{1,4})(?:\\.(\\d{1,4}))?");

  /** What a refusal lists: deprecated ones are marked. */
  static String supported() {
    return SUPPORTED.stream()
        .map(version -> version + (version.compareTo(FIRST_CURRENT) < 0 ? " [D]" : ""))
        .collect(Collectors.joining(", "));
  }

  static VcloudVersion newest() {
    return SUPPORTED.get(0);
  }

  /**
   * The version of the first media range in {@code Accept} that has one; the type itself does not
   * matter. Empty if it isn't supported, or there is none and the rules ask for one.
   */
  static Optional<VcloudVersion> wanted(Call call, VcloudRules rules) {
    var given = call.header("Accept").map(PARAMETER::matcher).filter(Matcher::find);
    if (given.isEmpty() && rules.versionMayBeMissing()) {
      return Optional.of(newest());
    }
    return given
        .map(matcher -> NUMBER.matcher(matcher.group(1)))
        .filter(Matcher::matches)
        .map(
            matcher ->
                new VcloudVersion(
                    Integer.parseInt(matcher.group(1)),
                    matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))))
        .filter(SUPPORTED::contains);
  }

  /** As {@link #wanted}, or the vendor's refusal. */
  static VcloudVersion of(Call call, VcloudRules rules) {
    return wanted(call, rules)
        .orElseThrow(
            () -> VcloudFaults.NOT_ACCEPTABLE.refuse(Reason.UNSUPPORTED_VERSION, supported()));
  }

  boolean since(VcloudVersion first) {
    return compareTo(first) >= 0;
  }

  @Override
  public int compareTo(VcloudVersion other) {
    return major == other.major
        ? Integer.compare(minor, other.minor)
        : Integer.compare(major, other.major);
  }

  @Override
  public String toString() {
    return major + "." + minor;
  }
}
