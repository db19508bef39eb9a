package dev.doppel.vcloud;

import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A right, of which roles consist. There is one instance of each, so that rights are equal only if
 * they are the same. Names, types and the rights of the predefined roles are those that the vendor
 * documents (administration guide 10.5, "Rights Included in the Global Tenant Roles"; documentation
 * of the Terraform provider).
 */
final class VcloudRight {

  /** Whether a right allows changes. */
  enum Type {
    VIEW,
    MODIFY
  }

  private static final String SOURCE = "rights.tsv";
  private static final String NONE = "-";
  private static final Map<String, VcloudRight> BY_NAME = read();

  static final VcloudRight ADMINISTRATOR_VIEW = require("General: Administrator View");
  static final VcloudRight API_TOKENS_MANAGE = require("API Tokens: Manage");
  static final VcloudRight API_TOKENS_MANAGE_ALL = require("API Tokens: Manage All");
  static final VcloudRight GLOBAL_ROLE_EDIT = require("Global Role: Edit");
  static final VcloudRight GLOBAL_ROLE_VIEW = require("Global Role: View");
  static final VcloudRight GROUP_USER_MANAGE = require("Group / User: Manage");
  static final VcloudRight GROUP_USER_VIEW = require("Group / User: View");
  static final VcloudRight ORGANIZATION_CREATE = require("Organization: Create / Delete");
  static final VcloudRight ORGANIZATION_EDIT = require("Organization: Edit Properties");
  static final VcloudRight ORGANIZATION_EDIT_NAME = require("Organization: Edit Name");
  static final VcloudRight ADMINISTRATOR_QUERIES =
      require("Organization: Perform Administrator Queries");
  static final VcloudRight RIGHTS_BUNDLE_EDIT = require("Rights Bundle: Edit");
  static final VcloudRight RIGHTS_BUNDLE_VIEW = require("Rights Bundle: View");
  static final VcloudRight ROLE_MANAGE = require("Role: Create, Edit, Delete, or Copy");
  static final VcloudRight SERVICE_ACCOUNT_MANAGE = require("Service Account: Manage");
  static final VcloudRight SERVICE_ACCOUNT_VIEW = require("Service Account: View");

  /**
   * Rights that a session has not if it was created with an API token (vendor's guide 10.6,
   * "Generate an API Access Token"): of users, roles, global roles and rights bundles only those to
   * view, and none to tokens.
   */
  private static final Set<VcloudRight> WITHHELD_FROM_API_TOKENS =
      Set.of(
          API_TOKENS_MANAGE,
          API_TOKENS_MANAGE_ALL,
          GLOBAL_ROLE_EDIT,
          GROUP_USER_MANAGE,
          RIGHTS_BUNDLE_EDIT,
          ROLE_MANAGE,
          SERVICE_ACCOUNT_MANAGE,
          require("Token: Manage"),
          require("Token: Manage All"));

  private final String name;
  private final Type type;
  private final String roles;
  private final VcloudUrn urn;
  private final List<String> implied;

  private VcloudRight(String[] columns) {
    name = columns[0];
    type = Type.valueOf(columns[1]);
    roles = columns[2];
    urn =
        columns[3].equals(NONE)
            ? VcloudUrn.named("right", bundleKey())
            : new VcloudUrn("right", UUID.fromString(columns[3]));
    implied = columns[4].equals(NONE) ? List.of() : List.of(columns[4].split(";"));
  }

  private static Map<String, VcloudRight> read() {
    var resource = VcloudRight.class.getResourceAsStream(SOURCE);
    if (resource == null) {
      throw new IllegalStateException("missing resource " + SOURCE);
    }
    try (var reader = new BufferedReader(new InputStreamReader(resource, StandardCharsets.UTF_8))) {
      var all = new LinkedHashMap<String, VcloudRight>();
      reader
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(line -> new VcloudRight(line.split("\t", -1)))
          .forEach(right -> all.put(right.name, right));
      return all;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static VcloudRight require(String name) {
    return find(name).orElseThrow(() -> new IllegalStateException("no right " + name));
  }

  static Optional<VcloudRight> find(String name) {
    return Optional.ofNullable(BY_NAME.get(name));
  }

  static Optional<VcloudRight> find(VcloudUrn urn) {
    return BY_NAME.values().stream().filter(right -> right.urn.equals(urn)).findFirst();
  }

  /** Finds the right that a reference identifies: by id, or by name if there is no id. */
  static Optional<VcloudRight> find(@Nullable String name, @Nullable String id) {
    return id == null
        ? Optional.ofNullable(name).flatMap(VcloudRight::find)
        : VcloudUrn.parse(id).flatMap(VcloudRight::find);
  }

  /** Returns all rights, in ascending order of name. */
  static List<VcloudRight> all() {
    return List.copyOf(BY_NAME.values());
  }

  /** Returns the rights of tenants: those of the predefined rights bundle. */
  static Set<VcloudRight> ofTenants() {
    return select(right -> !right.roles.equals(NONE));
  }

  /**
   * Returns the rights of a predefined role of tenants.
   *
   * @param letter of the role in the source, such as {@code A} for Organization Administrator
   */
  static Set<VcloudRight> ofRole(char letter) {
    return select(right -> right.roles.indexOf(letter) >= 0);
  }

  private static Set<VcloudRight> select(Predicate<VcloudRight> condition) {
    return BY_NAME.values().stream().filter(condition).collect(Collectors.toUnmodifiableSet());
  }

  String name() {
    return name;
  }

  VcloudUrn urn() {
    return urn;
  }

  Type type() {
    return type;
  }

  /** Returns whether sessions that were created with an API token lack the right. */
  boolean isWithheldFromApiTokens() {
    return WITHHELD_FROM_API_TOKENS.contains(this);
  }

  /** Returns the key by which the product translates the name, such as RIGHT_CATALOG_PUBLISH. */
  String bundleKey() {
    return "RIGHT_" + key(name);
  }

  private static String key(String text) {
    return Arrays.stream(text.split("[^A-Za-z0-9]+"))
        .filter(word -> !word.isEmpty())
        .map(word -> word.toUpperCase(Locale.ROOT))
        .collect(Collectors.joining("_"));
  }

  /** Returns the name of the right's category: what precedes the colon, or the whole name. */
  String categoryName() {
    var colon = name.indexOf(':');
    return colon < 0 ? name : name.substring(0, colon);
  }

  static String categoryKey(String category) {
    return "RIGHTS_CATEGORY_" + key(category);
  }

  static VcloudUrn categoryUrn(String category) {
    return VcloudUrn.named("rightsCategory", categoryKey(category));
  }

  EntityReference reference() {
    return new EntityReference(name, urn.toString());
  }

  VcloudWire.Right view() {
    return new VcloudWire.Right(
        name,
        urn.toString(),
        name,
        bundleKey(),
        categoryUrn(categoryName()).toString(),
        null,
        type.name(),
        implied.stream().map(VcloudRight::require).map(VcloudRight::reference).toList());
  }

  @Override
  public String toString() {
    return name;
  }
}
