package dev.doppel.vcloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A type of the older API's schema (vmware/vcd-api-schemas, etc/1.5), of which it knows what
 * requests are checked for, the order and the kind of members, and how the type looks in JSON.
 * Immutable.
 *
 * @param members in the order of JSON; the elements among them in the order of XML
 * @param extensible whether JSON has the members that every extensible type has
 */
record VcloudSchema(List<Member> members, boolean extensible) {

  /** What a member holds. */
  private enum Kind {
    ATTRIBUTE,
    TEXT,
    BOOLEAN,
    NUMBER,
    /** An element of another type. */
    ELEMENT,
    /** Any number of elements of another type. */
    ELEMENTS,
    /** An element or elements whose content is not checked and is passed over. */
    ANY
  }

  /**
   * A member of a type.
   *
   * @param name in XML
   * @param jsonName in JSON
   */
  private record Member(String name, String jsonName, Kind kind, @Nullable VcloudSchema type) {

    Member(String name, Kind kind, @Nullable VcloudSchema type) {
      this(name, jsonName(name), kind, type);
    }

    boolean isElement() {
      return kind != Kind.ATTRIBUTE;
    }

    /** Returns whether the element can occur more than once. */
    boolean repeats() {
      return kind == Kind.ELEMENTS || kind == Kind.ANY;
    }

    /** Returns the name in JSON as JavaBeans have it: leading capitals become small letters. */
    private static String jsonName(String name) {
      int capitals = 0;
      while (capitals < name.length() && Character.isUpperCase(name.charAt(capitals))) {
        capitals++;
      }
      return name.substring(0, capitals).toLowerCase(Locale.ROOT) + name.substring(capitals);
    }
  }

  private static final VcloudSchema NOTHING = new VcloudSchema(List.of(), false);

  static final VcloudSchema REFERENCE = NOTHING.attributes("href", "id", "type", "name");

  private static final VcloudSchema LINK = REFERENCE.attributes("rel", "model");

  private static final VcloudSchema EXTENSIBLE =
      new VcloudSchema(List.of(), true).any("VCloudExtension");

  private static final VcloudSchema RESOURCE =
      EXTENSIBLE.elements("Link", LINK).attributes("href", "type");

  private static final VcloudSchema ENTITY =
      RESOURCE.attributes("id", "operationKey").text("Description").any("Tasks").attributes("name");

  private static VcloudSchema references(String element) {
    return EXTENSIBLE.elements(element, REFERENCE);
  }

  private static VcloudSchema referencesOfResource(String element) {
    return RESOURCE.elements(element, REFERENCE);
  }

  static final VcloudSchema USER =
      ENTITY
          .text("FullName")
          .text("EmailAddress")
          .text("Telephone")
          .flag("IsEnabled")
          .flag("IsLocked")
          .text("IM")
          .text("NameInSource")
          .flag("IsExternal")
          .text("ProviderType")
          .flag("IsGroupRole")
          .number("StoredVmQuota")
          .number("DeployedVmQuota")
          .element("Role", REFERENCE)
          .text("Password")
          .element("GroupReferences", references("GroupReference"));

  static final VcloudSchema ROLE = ENTITY.element("RightReferences", references("RightReference"));

  static final VcloudSchema RIGHT =
      ENTITY.text("Category").text("BundleKey").text("ServiceNamespace");

  static final VcloudSchema ORG_RIGHTS = referencesOfResource("RightReference");

  static final VcloudSchema ORG = ENTITY.text("FullName").flag("IsEnabled");

  static final VcloudSchema ORG_LIST = RESOURCE.elements("Org", REFERENCE);

  private static final VcloudSchema SETTINGS =
      RESOURCE
          .element(
              "OrgGeneralSettings",
              RESOURCE
                  .flag("CanPublishCatalogs")
                  .flag("CanPublishExternally")
                  .flag("CanSubscribe")
                  .number("DeployedVMQuota")
                  .number("StoredVmQuota")
                  .flag("UseServerBootSequence")
                  .number("DelayAfterPowerOnSeconds")
                  .number("VdcQuota")
                  .flag("VmDiscoveryEnabled"))
          .element(
              "VAppLeaseSettings",
              RESOURCE
                  .flag("DeleteOnStorageLeaseExpiration")
                  .number("DeploymentLeaseSeconds")
                  .number("StorageLeaseSeconds")
                  .flag("PowerOffOnRuntimeLeaseExpiration"))
          .element(
              "VAppTemplateLeaseSettings",
              RESOURCE.flag("DeleteOnStorageLeaseExpiration").number("StorageLeaseSeconds"))
          .element(
              "OrgLdapSettings",
              RESOURCE.text("OrgLdapMode").any("CustomUsersOu").any("CustomOrgLdapSettings"))
          .any("OrgEmailSettings")
          .element(
              "OrgPasswordPolicySettings",
              RESOURCE
                  .flag("AccountLockoutEnabled")
                  .number("InvalidLoginsBeforeLockout")
                  .number("AccountLockoutIntervalMinutes"))
          .any("OrgOperationLimitsSettings")
          .any("OrgFederationSettings")
          .any("OrgOAuthSettings");

  static final VcloudSchema ADMIN_ORG =
      ORG.element("Settings", SETTINGS)
          .element("Users", references("UserReference"))
          .element("Groups", references("GroupReference"))
          .element("Catalogs", references("CatalogReference"))
          .element("Vdcs", references("Vdc"))
          .any("VdcTemplates")
          .element("Networks", references("Network"))
          .any("OrgAssociations")
          .element("RightReferences", referencesOfResource("RightReference"))
          .element("RoleReferences", referencesOfResource("RoleReference"))
          .any("RoleTemplateReferences");

  static final VcloudSchema VCLOUD =
      ENTITY
          .element("OrganizationReferences", references("OrganizationReference"))
          .element("ProviderVdcReferences", references("ProviderVdcReference"))
          .element("RightReferences", references("RightReference"))
          .element("RoleReferences", references("RoleReference"))
          .element("Networks", references("Network"));

  static final VcloudSchema METADATA = RESOURCE.any("MetadataEntry");

  static final VcloudSchema TASK =
      ENTITY
          .element("Owner", REFERENCE)
          .any("Error")
          .element("User", REFERENCE)
          .element("Organization", REFERENCE)
          .number("Progress")
          .any("Params")
          .text("Details")
          .any("VcTaskList")
          .any("Result")
          .attributes(
              "status",
              "operation",
              "operationName",
              "serviceNamespace",
              "startTime",
              "endTime",
              "expiryTime",
              "cancelRequested");

  static final VcloudSchema TASKS_LIST = RESOURCE.attributes("name").elements("Task", TASK);

  static final VcloudSchema SESSION =
      RESOURCE
          .element(
              "AuthorizedLocations",
              EXTENSIBLE.elements(
                  "Location",
                  EXTENSIBLE
                      .text("LocationId")
                      .text("SiteName")
                      .text("OrgName")
                      .text("RestApiEndpoint")
                      .text("UIEndpoint")
                      .text("AuthContext")))
          .attributes("user", "org", "userId", "roles", "locationId");

  /** Lists of links, records and references: what they contain depends on the query. */
  static final VcloudSchema QUERY_LIST = RESOURCE.attributes("name", "page", "pageSize", "total");

  private VcloudSchema with(Member member) {
    var all = new ArrayList<>(members);
    all.add(member);
    return new VcloudSchema(List.copyOf(all), extensible);
  }

  private VcloudSchema attributes(String... names) {
    var type = this;
    for (var name : names) {
      type = type.with(new Member(name, Kind.ATTRIBUTE, null));
    }
    return type;
  }

  private VcloudSchema text(String name) {
    return with(new Member(name, Kind.TEXT, null));
  }

  private VcloudSchema flag(String name) {
    return with(new Member(name, Kind.BOOLEAN, null));
  }

  private VcloudSchema number(String name) {
    return with(new Member(name, Kind.NUMBER, null));
  }

  private VcloudSchema any(String name) {
    return with(new Member(name, Kind.ANY, null));
  }

  private VcloudSchema element(String name, VcloudSchema type) {
    return with(new Member(name, Kind.ELEMENT, type));
  }

  private VcloudSchema elements(String name, VcloudSchema type) {
    return with(new Member(name, Kind.ELEMENTS, type));
  }

  /** Returns a list of links as one of records or references. */
  VcloudSchema withRows(String name, String jsonName, VcloudSchema type) {
    return with(new Member(name, jsonName, Kind.ELEMENTS, type));
  }

  /** Returns a type that has the attributes of every element of a kind of record. */
  static VcloudSchema record(Stream<String> attributes) {
    return EXTENSIBLE
        .elements("Link", LINK)
        .attributes(
            Stream.concat(Stream.of("href", "id", "type"), attributes).toArray(String[]::new));
  }

  /**
   * Checks the order of an element's children and the values of booleans and numbers.
   *
   * @throws Failure INVALID_VALUE with the message of an XML schema validator, as the product's
   */
  void check(VcloudXml element) {
    var expected = members.stream().filter(Member::isElement).toList();
    int next = 0;
    for (var child : element.elements().toList()) {
      int found = next;
      while (found < expected.size() && !expected.get(found).name.equals(child.name())) {
        found++;
      }
      if (found == expected.size()) {
        throw newOrderException(child, expected.subList(next, expected.size()));
      }
      var member = expected.get(found);
      next = member.repeats() ? found : found + 1;
      check(child, member);
    }
  }

  private static void check(VcloudXml child, Member member) {
    var text = child.text().strip();
    switch (member.kind) {
      case ELEMENT, ELEMENTS -> typeOf(member).check(child);
      case BOOLEAN -> require(text.isEmpty() || toBoolean(text).isPresent(), text, "boolean");
      case NUMBER -> require(text.isEmpty() || isNumber(text), text, "integer");
      case TEXT, ATTRIBUTE, ANY -> {}
    }
  }

  /** Returns whether a text is an integer of 32 bits. */
  private static boolean isNumber(String text) {
    try {
      Integer.parseInt(text);
      return true;
    } catch (NumberFormatException notNumber) {
      return false;
    }
  }

  private static VcloudSchema typeOf(Member member) {
    return member.type == null ? NOTHING : member.type;
  }

  private static void require(boolean valid, String value, String type) {
    if (!valid) {
      throw newSchemaException(
          "cvc-datatype-valid.1.2.1: '%s' is not a valid value for '%s'.".formatted(value, type));
    }
  }

  private static Failure newOrderException(VcloudXml child, List<Member> expected) {
    var found =
        "Invalid content was found starting with element '%s'.".formatted(qualified(child.name()));
    return newSchemaException(
        expected.isEmpty()
            ? "cvc-complex-type.2.4.d: %s No child element is expected at this point."
                .formatted(found)
            : "cvc-complex-type.2.4.a: %s One of '{%s}' is expected."
                .formatted(
                    found,
                    expected.stream()
                        .map(member -> qualified(member.name).replaceAll("^\\{|\\}$", ""))
                        .collect(Collectors.joining(", "))));
  }

  private static String qualified(String name) {
    return "{\"" + VcloudXml.NAMESPACE + "\":" + name + "}";
  }

  static Failure newSchemaException(String message) {
    return Failure.of(Reason.INVALID_VALUE, "HTTP 400 Bad Request\n - " + message);
  }

  /** Returns the value of a boolean of XML: true, false, 1 or 0. */
  static Optional<Boolean> toBoolean(String text) {
    return switch (text.strip()) {
      case "true", "1" -> Optional.of(true);
      case "false", "0" -> Optional.of(false);
      default -> Optional.empty();
    };
  }

  /** Returns the value of a number that was checked. */
  static Optional<Integer> toNumber(String text) {
    return text.isBlank() ? Optional.empty() : Optional.of(Integer.valueOf(text.strip()));
  }

  /** Returns an element as JSON, where every member is present, and media types are of JSON. */
  Map<String, @Nullable Object> toJson(VcloudXml element) {
    var json = new LinkedHashMap<String, @Nullable Object>();
    if (extensible) {
      json.put("otherAttributes", Map.of());
    }
    for (var member : members) {
      if (!member.name.equals("VCloudExtension")) {
        json.put(member.jsonName(), value(element, member));
      }
    }
    if (extensible) {
      json.put("vCloudExtension", List.of());
    }
    return json;
  }

  private static @Nullable Object value(VcloudXml element, Member member) {
    if (member.kind == Kind.ELEMENTS) {
      return element.elements(member.name).map(typeOf(member)::toJson).toList();
    }
    if (member.kind == Kind.ATTRIBUTE) {
      return attribute(member, element.attributes().get(member.name));
    }
    return element.find(member.name).map(child -> value(member, child)).orElse(null);
  }

  private static @Nullable Object attribute(Member member, @Nullable String value) {
    if (value == null) {
      return null;
    }
    if (member.name.equals("type")) {
      return value.replaceAll("\\+xml$", "+json");
    }
    return isFlag(member.name)
        ? Boolean.valueOf(value)
        : isCount(member.name) ? (Object) Integer.valueOf(value) : value;
  }

  private static boolean isFlag(String attribute) {
    return attribute.matches("is[A-Z].*")
        || List.of("canPublishCatalogs", "cancelRequested").contains(attribute);
  }

  private static boolean isCount(String attribute) {
    return attribute.startsWith("numberOf")
        || attribute.endsWith("QuotaRank")
        || List.of("page", "pageSize", "total").contains(attribute);
  }

  private static @Nullable Object value(Member member, VcloudXml child) {
    var text = child.text();
    return switch (member.kind) {
      case BOOLEAN -> toBoolean(text).orElse(null);
      case NUMBER -> toNumber(text).orElse(null);
      case ELEMENT -> typeOf(member).toJson(child);
      case ATTRIBUTE, TEXT, ELEMENTS -> text;
      case ANY -> null;
    };
  }

  /**
   * Returns the element that a JSON object stands for. Members that the type doesn't have, and
   * members of the wrong kind, are passed over.
   */
  VcloudXml fromJson(String name, JsonNode json) {
    var attributes = new LinkedHashMap<String, String>();
    var children = new ArrayList<Object>();
    for (var member : members) {
      var value = json.path(member.jsonName());
      if (member.kind == Kind.ATTRIBUTE && value.isValueNode() && !value.isNull()) {
        attributes.put(member.name, value.asText());
      } else if (member.kind == Kind.ELEMENT && value.isObject()) {
        children.add(typeOf(member).fromJson(member.name, value));
      } else if (member.kind == Kind.ELEMENTS && value.isArray()) {
        value.forEach(item -> children.add(typeOf(member).fromJson(member.name, item)));
      } else if (value.isValueNode() && !value.isNull() && member.kind != Kind.ANY) {
        children.add(VcloudXml.element(member.name, value.asText()));
      }
    }
    return new VcloudXml(name, attributes, children);
  }
}
