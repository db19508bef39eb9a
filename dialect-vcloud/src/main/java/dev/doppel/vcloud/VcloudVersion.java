package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A version of the API, such as 39.1, which every request has in its {@code Accept} header. */
record VcloudVersion(int major, int minor) implements Comparable<VcloudVersion> {

  static final VcloudVersion WITH_SESSION_CALLS = new VcloudVersion(36, 0);
  static final VcloudVersion WITH_ORGANIZATION_WRITES = new VcloudVersion(36, 0);
  static final VcloudVersion WITH_API_TOKENS = new VcloudVersion(36, 1);
  static final VcloudVersion WITH_COUNTERS = new VcloudVersion(36, 0);
  static final VcloudVersion WITH_DISK_COUNT = new VcloudVersion(36, 1);
  static final VcloudVersion WITH_CHANGE_PASSWORD = new VcloudVersion(36, 3);
  static final VcloudVersion WITH_SERVICE_ACCOUNTS = new VcloudVersion(37, 0);
  static final VcloudVersion WITHOUT_QUOTAS = new VcloudVersion(37, 0);
  static final VcloudVersion WITH_TAKE_OWNERSHIP = new VcloudVersion(37, 1);
  static final VcloudVersion WITH_SITE = new VcloudVersion(37, 1);
  static final VcloudVersion WITH_RENAMING = new VcloudVersion(37, 2);
  static final VcloudVersion WITH_LOCKED = new VcloudVersion(37, 2);
  static final VcloudVersion WITH_PHONE = new VcloudVersion(39, 0);
  static final VcloudVersion WITH_MANAGED_ORGANIZATIONS = new VcloudVersion(39, 0);
  static final VcloudVersion ROLES_OPTIONAL = new VcloudVersion(39, 0);

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

  /** Returns the supported versions, the newest first. */
  static List<VcloudVersion> all() {
    return SUPPORTED;
  }

  /** Returns whether the version is deprecated in the product. */
  boolean deprecated() {
    return compareTo(FIRST_CURRENT) < 0;
  }

  /**
   * Returns the list of the supported versions for an error message, where deprecated ones are
   * marked.
   */
  static String supported() {
    return SUPPORTED.stream()
        .map(version -> version + (version.deprecated() ? " [D]" : ""))
        .collect(Collectors.joining(", "));
  }

  static VcloudVersion newest() {
    return SUPPORTED.get(0);
  }

  /**
   * Returns the version of the first media range in {@code Accept} that has one; the type itself
   * doesn't matter. Empty if it is missing or isn't supported.
   */
  private static Optional<VcloudVersion> find(Call call) {
    return call.header("Accept")
        .map(PARAMETER::matcher)
        .filter(Matcher::find)
        .map(matcher -> NUMBER.matcher(matcher.group(1)))
        .filter(Matcher::matches)
        .map(
            matcher ->
                new VcloudVersion(
                    Integer.parseInt(matcher.group(1)),
                    matcher.group(2) == null ? 0 : Integer.parseInt(matcher.group(2))))
        .filter(SUPPORTED::contains);
  }

  /**
   * Returns the version in the response's media type: the request's, or the newest if unsupported.
   */
  static String responseVersion(Call call) {
    return find(call).orElse(newest()).toString();
  }

  /**
   * Returns the version of a request.
   *
   * @throws Failure UNSUPPORTED_VERSION if it isn't supported, or is missing and required
   */
  static VcloudVersion of(Call call) {
    return find(call)
        .or(() -> defaultVersion(call))
        .orElseThrow(() -> Failure.of(Reason.UNSUPPORTED_VERSION, supported()));
  }

  private static Optional<VcloudVersion> defaultVersion(Call call) {
    return !isPresent(call) && call.asDocumented(VcloudDifference.MISSING_VERSION)
        ? Optional.of(newest())
        : Optional.empty();
  }

  private static boolean isPresent(Call call) {
    return call.header("Accept").filter(accept -> PARAMETER.matcher(accept).find()).isPresent();
  }

  /** Returns whether this version is the given one or a later one. */
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
