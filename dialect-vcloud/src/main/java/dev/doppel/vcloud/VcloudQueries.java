package dev.doppel.vcloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorErrorException;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudTenancy.Context;
import io.vertx.core.Future;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The query service of the older API. It finds users, roles, rights and organizations; of
 * everything else that the product can be asked for there is nothing.
 */
final class VcloudQueries {

  private static final String CONTAINER = "vcloud.query.";

  /**
   * The types of what a product without virtual data centers has none of (API programming guide,
   * "Query Types").
   */
  private static final Set<String> EMPTY =
      Set.of(
          "aclRule",
          "adminAllocatedExternalAddress",
          "adminCatalog",
          "adminCatalogItem",
          "adminDisk",
          "adminEvent",
          "adminFileDescriptor",
          "adminGroup",
          "adminMedia",
          "adminOrgNetwork",
          "adminOrgVdc",
          "adminOrgVdcStorageProfile",
          "adminService",
          "adminShadowVM",
          "adminTask",
          "adminVApp",
          "adminVAppNetwork",
          "adminVAppTemplate",
          "adminVM",
          "allocatedExternalAddress",
          "apiDefinition",
          "catalog",
          "catalogItem",
          "datastore",
          "disk",
          "edgeGateway",
          "event",
          "externalNetwork",
          "fileDescriptor",
          "group",
          "host",
          "media",
          "networkPool",
          "orgNetwork",
          "orgVdc",
          "orgVdcNetwork",
          "orgVdcStorageProfile",
          "portgroup",
          "providerVdc",
          "resourcePool",
          "service",
          "strandedUser",
          "task",
          "vApp",
          "vAppNetwork",
          "vAppTemplate",
          "virtualCenter",
          "vm");

  private static final String ADMIN = "admin";

  /** The types in the list of queries, in the vendor's order. */
  private static final List<String> LISTED =
      List.of(
          "user",
          "adminUser",
          "role",
          "adminRole",
          "group",
          "adminGroup",
          "right",
          "organization",
          "orgVdc",
          "adminOrgVdc");

  /** How a page of results is written. */
  enum Format {
    RECORDS("records"),
    IDRECORDS("idrecords"),
    REFERENCES("references");

    private final String name;

    Format(String name) {
      this.name = name;
    }

    static Format of(Call call) {
      var wanted = VcloudPaging.find(call, "format").orElse(RECORDS.name);
      return Arrays.stream(values())
          .filter(format -> format.name.equals(wanted))
          .findFirst()
          .orElseThrow(
              () ->
                  VcloudErrors.newInvalidValueException(
                      "The parameter format must be one of records, idrecords, references."));
    }

    String media() {
      return "application/vnd.vmware." + CONTAINER + name + "+xml";
    }
  }

  /**
   * A page of results.
   *
   * @param rows attributes of records by name, among them {@code href}, {@code id} and {@code name}
   */
  record Results(long total, List<Map<String, String>> rows) {}

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudUserQuery users;

  VcloudQueries(Realm realm, VcloudTenancy tenancy) {
    this.realm = realm;
    this.tenancy = tenancy;
    users = new VcloudUserQuery(realm, tenancy);
  }

  Future<Reply> query(Call call) {
    var type = VcloudPaging.find(call, "type");
    if (type.isEmpty()) {
      return Future.succeededFuture(VcloudDocument.QUERY_LIST.ok(call, list(call)));
    }
    var format = Format.of(call);
    var paging = VcloudPaging.of(call);
    return results(call, type.get(), paging)
        .map(results -> reply(call, type.get(), format, paging, results));
  }

  private static VcloudXml list(Call call) {
    var list = VcloudDocument.QUERY_LIST.at(VcloudHref.of(call, "query"));
    var visible = LISTED.stream().filter(type -> mayQuery(call, type));
    return list.withAll(
        visible
            .flatMap(
                type ->
                    Stream.of(Format.REFERENCES, Format.RECORDS, Format.IDRECORDS)
                        .map(
                            format ->
                                VcloudXml.element("Link")
                                    .with("rel", "down")
                                    .with(
                                        "href",
                                        VcloudHref.of(
                                            call, "query?type=" + type + "&format=" + format.name))
                                    .with("name", type)
                                    .with("type", format.media())))
            .toList());
  }

  /** Only providers may query over all organizations. */
  private static boolean mayQuery(Call call, String type) {
    var caller = VcloudCaller.of(call);
    return !type.startsWith(ADMIN)
        || (caller.provider() && caller.has(VcloudRight.ADMINISTRATOR_QUERIES));
  }

  private Future<Results> results(Call call, String type, VcloudPaging paging) {
    if (!mayQuery(call, type)) {
      throw newForbiddenException(call);
    }
    var caller = VcloudCaller.of(call);
    var context = new Context(caller.organization(), caller);
    return switch (type) {
      case "user" -> users.ofOrganization(call, paging, context);
      case "adminUser" -> users.ofAll(call, paging, context);
      case "role" ->
          roles(call, List.of(caller.organization()))
              .map(rows -> select(call, paging, List.of("name", "isReadOnly"), rows));
      case "adminRole" ->
          realm
              .organizations()
              .list()
              .compose(all -> roles(call, all))
              .map(
                  rows ->
                      select(call, paging, List.of("name", "isReadOnly", "org", "orgName"), rows));
      case "right" ->
          tenancy
              .availableRights(caller.organization())
              .map(rights -> rights.stream().map(right -> row(call, right)).toList())
              .map(rows -> select(call, paging, List.of("name", "category"), rows));
      case "organization" ->
          organizations(caller)
              .map(all -> all.stream().map(one -> row(call, one)).toList())
              .map(rows -> select(call, paging, organizationAttributes(rows), rows));
      default -> Future.succeededFuture(requireKnown(type));
    };
  }

  private static VendorErrorException newForbiddenException(Call call) {
    return VcloudErrors.NO_ADMINISTRATOR_VIEW.newException(
        Reason.FORBIDDEN, VcloudUrn.of(VcloudCaller.of(call).organization()).uuid().toString());
  }

  private static Results requireKnown(String type) {
    if (!EMPTY.contains(type)) {
      throw Failure.of(Reason.INVALID_VALUE, "The query type " + type + " is not supported.");
    }
    return new Results(0, List.of());
  }

  private Future<List<Map<String, String>>> roles(Call call, List<Organization> organizations) {
    return Future.all(organizations.stream().map(tenancy::roles).toList())
        .map(
            sets ->
                sets.<VcloudRoleSet>list().stream()
                    .flatMap(
                        set -> set.all().stream().map(role -> row(call, role, set.organization())))
                    .toList());
  }

  private static Map<String, String> row(Call call, VcloudRole role, Organization organization) {
    var row = row(VcloudHref.role(call, role, organization), role.urn(), role.name());
    row.put("isReadOnly", Boolean.toString(role.readOnly()));
    row.put("org", VcloudHref.organization(call, organization));
    row.put("orgName", organization.name());
    return row;
  }

  private static Map<String, String> row(String href, VcloudUrn urn, String name) {
    var row = new LinkedHashMap<String, String>();
    row.put("href", href);
    row.put("id", urn.toString());
    row.put("name", name);
    return row;
  }

  private static Map<String, String> row(Call call, VcloudRight right) {
    var row = row(VcloudHref.right(call, right), right.urn(), right.name());
    row.put("category", right.categoryName());
    return row;
  }

  private Future<List<Organization>> organizations(VcloudCaller caller) {
    return caller.provider()
        ? realm.organizations().list()
        : Future.succeededFuture(List.of(caller.organization()));
  }

  private static Map<String, String> row(Call call, Organization organization) {
    var extras = VcloudOrganizationExtras.of(organization);
    var settings = extras.settingsOf();
    var row =
        row(
            VcloudHref.organization(call, organization),
            VcloudUrn.of(organization),
            organization.name());
    row.put("displayName", Optional.ofNullable(extras.fullName()).orElse(organization.name()));
    row.put("isEnabled", Boolean.toString(extras.isEnabled()));
    row.put("isReadOnly", "false");
    row.put(
        "canPublishCatalogs", Boolean.toString(Boolean.TRUE.equals(settings.canPublishCatalogs())));
    row.put(
        "deployedVMQuota",
        Integer.toString(Optional.ofNullable(settings.deployedVmQuota()).orElse(0)));
    row.put(
        "storedVMQuota", Integer.toString(Optional.ofNullable(settings.storedVmQuota()).orElse(0)));
    for (var count : List.of("Catalogs", "Vdcs", "VApps", "Groups", "Disks")) {
      row.put("numberOf" + count, "0");
    }
    return row;
  }

  private static List<String> organizationAttributes(List<Map<String, String>> rows) {
    return rows.stream().findFirst().map(row -> List.copyOf(row.keySet())).orElse(List.of());
  }

  /**
   * Selects a page of complete rows.
   *
   * @param attributes to show, and to search and sort by, in addition to {@code href} and {@code
   *     id}
   */
  private static Results select(
      Call call, VcloudPaging paging, List<String> attributes, List<Map<String, String>> rows) {
    var names = Stream.concat(Stream.of("href", "id"), attributes.stream()).distinct().toList();
    var all = new VcloudListing("records", names).select(call, paging, rows);
    return new Results(
        all.size(), paging.pageOf(all).stream().map(row -> attributes(row, names)).toList());
  }

  private static Map<String, String> attributes(JsonNode row, List<String> names) {
    var attributes = new LinkedHashMap<String, String>();
    names.forEach(name -> attributes.put(name, row.path(name).asText()));
    return attributes;
  }

  private static Reply reply(
      Call call, String type, Format format, VcloudPaging paging, Results results) {
    var isReferences = format == Format.REFERENCES;
    var element = element(type, isReferences ? "Reference" : "Record");
    var rows = results.rows.stream().map(row -> row(call, type, format, element, row)).toList();
    var attributes =
        results.rows.stream().findFirst().stream().flatMap(row -> row.keySet().stream());
    var document =
        VcloudDocument.of(
            isReferences ? element(type, "References") : "QueryResultRecords",
            CONTAINER + format.name,
            VcloudSchema.QUERY_LIST.withRows(
                element,
                isReferences ? "reference" : "record",
                isReferences ? VcloudSchema.REFERENCE : VcloudSchema.record(attributes)));
    return document.ok(
        call,
        document
            .at(url(call, format, paging.page(), paging))
            .with("name", type)
            .with("page", Integer.toString(paging.page()))
            .with("pageSize", Integer.toString(paging.pageSize()))
            .with("total", Long.toString(results.total))
            .withAll(links(call, format, paging, results.total))
            .withAll(rows));
  }

  /** Returns a name such as AdminUserRecord; organizations are an exception. */
  private static String element(String type, String suffix) {
    var isOrganizationRecord = type.equals("organization") && suffix.equals("Record");
    return isOrganizationRecord
        ? "OrgRecord"
        : Character.toUpperCase(type.charAt(0)) + type.substring(1) + suffix;
  }

  private static VcloudXml row(
      Call call, String type, Format format, String name, Map<String, String> row) {
    var fields =
        VcloudPaging.find(call, "fields").map(text -> Set.of(text.split(","))).orElse(Set.of());
    var element = VcloudXml.element(name);
    for (var attribute : row.entrySet()) {
      if (shows(format, attribute.getKey(), fields)) {
        element = element.with(attribute.getKey(), attribute.getValue());
      }
    }
    return format == Format.REFERENCES ? element.with("type", VcloudQueries.media(type)) : element;
  }

  private static boolean shows(Format format, String attribute, Set<String> fields) {
    return switch (attribute) {
      case "href" -> format != Format.IDRECORDS;
      case "id" -> format != Format.RECORDS;
      case "name" -> format == Format.REFERENCES || fields.isEmpty() || fields.contains("name");
      default -> format != Format.REFERENCES && (fields.isEmpty() || fields.contains(attribute));
    };
  }

  /** Returns the media type of the resources that a query finds. */
  private static String media(String type) {
    return switch (type) {
      case "user", "adminUser" -> VcloudDocument.USER.type();
      case "role", "adminRole" -> VcloudDocument.ROLE.type();
      case "right" -> VcloudDocument.RIGHT.type();
      default -> VcloudDocument.ORG.type();
    };
  }

  private static List<VcloudXml> links(Call call, Format format, VcloudPaging paging, long total) {
    var links = new ArrayList<VcloudXml>();
    var page = paging.page();
    var last = paging.pages(total);
    for (var other : List.of(Format.REFERENCES, Format.RECORDS, Format.IDRECORDS)) {
      if (other != format) {
        links.add(link("alternate", url(call, other, page, paging), other));
      }
    }
    if (page > 1 && last > 0) {
      links.add(link("firstPage", url(call, format, 1, paging), format));
      links.add(link("previousPage", url(call, format, Math.min(page - 1L, last), paging), format));
    }
    if (page < last) {
      links.add(link("nextPage", url(call, format, page + 1L, paging), format));
      links.add(link("lastPage", url(call, format, last, paging), format));
    }
    return links;
  }

  private static VcloudXml link(String relation, String href, Format format) {
    return VcloudXml.element("Link")
        .with("rel", relation)
        .with("href", href)
        .with("type", format.media());
  }

  private static String url(Call call, Format format, long page, VcloudPaging paging) {
    var url =
        new StringBuilder(VcloudHref.of(call, "query?type="))
            .append(encode(call.query("type").orElse("")))
            .append("&page=")
            .append(page)
            .append("&pageSize=")
            .append(paging.pageSize())
            .append("&format=")
            .append(format.name);
    for (var parameter : List.of("filter", "sortAsc", "sortDesc", "fields")) {
      VcloudPaging.find(call, parameter)
          .ifPresent(value -> url.append('&').append(parameter).append('=').append(encode(value)));
    }
    return url.toString();
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
