package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.users.Organization;
import dev.doppel.users.User;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Pattern;

/** The URLs of resources of the older API, by which clients refer to them. */
final class VcloudHref {

  private static final Pattern LAST_UUID =
      Pattern.compile("(?:^|.*[/:])([0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12})/?");

  private VcloudHref() {}

  /** Returns a URL below the root of the older API. */
  static String of(Call call, String path) {
    return call.origin() + "/api/" + path;
  }

  static String organization(Call call, Organization organization) {
    return of(call, "org/" + VcloudUrn.of(organization).uuid());
  }

  static String adminOrganization(Call call, Organization organization) {
    return of(call, "admin/org/" + VcloudUrn.of(organization).uuid());
  }

  static String user(Call call, User user) {
    return of(call, "admin/user/" + VcloudUrn.parse(VcloudUrn.of(user)).orElseThrow().uuid());
  }

  /** Returns the URL of a role, which clients send back to refer to the role. */
  static String role(Call call, VcloudRole role, Organization organization) {
    return adminOrganization(call, organization) + "/role/" + role.urn().uuid();
  }

  static String right(Call call, VcloudRight right) {
    return of(call, "admin/right/" + right.urn().uuid());
  }

  /** Returns the URN of a type that a URL, a URN or a UUID ends with. */
  static Optional<VcloudUrn> parse(String href, String type) {
    var matcher = LAST_UUID.matcher(href.strip());
    return matcher.matches()
        ? Optional.of(new VcloudUrn(type, UUID.fromString(matcher.group(1))))
        : Optional.empty();
  }

  /**
   * Returns the URN of the resource whose UUID is a parameter of the path.
   *
   * @throws dev.doppel.users.Failure INVALID_ID if it is none
   */
  static VcloudUrn require(Call call, String parameter, String type) {
    return VcloudUrn.require("urn:vcloud:" + type + ":" + call.parameter(parameter), type);
  }
}
