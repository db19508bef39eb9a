package dev.doppel.vcloud;

import com.fasterxml.jackson.databind.JsonNode;
import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import java.io.IOException;
import java.util.Locale;

/**
 * A kind of document of the older API, which clients send and get as XML or as JSON.
 *
 * @param root name of the root element
 * @param media the media type without {@code +xml} or {@code +json}
 */
record VcloudDocument(String root, String media, VcloudSchema schema) {

  private static final String VENDOR = "application/vnd.vmware.";
  private static final String XML = "+xml";
  private static final String JSON = "+json";

  static final VcloudDocument SESSION = of("Session", "vcloud.session", VcloudSchema.SESSION);
  static final VcloudDocument ORG_LIST = of("OrgList", "vcloud.orgList", VcloudSchema.ORG_LIST);
  static final VcloudDocument ORG = of("Org", "vcloud.org", VcloudSchema.ORG);
  static final VcloudDocument VCLOUD = of("VCloud", "admin.vcloud", VcloudSchema.VCLOUD);
  static final VcloudDocument ADMIN_ORG =
      of("AdminOrg", "admin.organization", VcloudSchema.ADMIN_ORG);
  static final VcloudDocument USER = of("User", "admin.user", VcloudSchema.USER);
  static final VcloudDocument GROUP = of("Group", "admin.group", VcloudSchema.USER);
  static final VcloudDocument ROLE = of("Role", "admin.role", VcloudSchema.ROLE);
  static final VcloudDocument RIGHT = of("Right", "admin.right", VcloudSchema.RIGHT);
  static final VcloudDocument ORG_RIGHTS =
      of("OrgRights", "admin.org.rights", VcloudSchema.ORG_RIGHTS);
  static final VcloudDocument METADATA = of("Metadata", "vcloud.metadata", VcloudSchema.METADATA);
  static final VcloudDocument TASK = of("Task", "vcloud.task", VcloudSchema.TASK);
  static final VcloudDocument TASKS_LIST =
      of("TasksList", "vcloud.tasksList", VcloudSchema.TASKS_LIST);
  static final VcloudDocument QUERY_LIST =
      of("QueryList", "vcloud.query.queryList", VcloudSchema.QUERY_LIST);

  static VcloudDocument of(String root, String name, VcloudSchema schema) {
    return new VcloudDocument(root, VENDOR + name, schema);
  }

  /** Returns the media type as XML, which documents state in themselves. */
  String type() {
    return media + XML;
  }

  /** Returns the root element with its namespace and its own URL. */
  VcloudXml at(String href) {
    return VcloudXml.root(root).with("href", href).with("type", type());
  }

  /** Returns an element that refers to such a document. */
  VcloudXml reference(String element, String href) {
    return VcloudXml.element(element).with("href", href).with("type", type());
  }

  /** Returns a link to such a document. */
  VcloudXml link(String relation, String href) {
    return VcloudXml.element("Link").with("rel", relation).with("href", href).with("type", type());
  }

  Reply ok(Call call, VcloudXml document) {
    return reply(call, 200, document);
  }

  /** Returns a reply, as JSON if the client accepts that. */
  Reply reply(Call call, int status, VcloudXml document) {
    var version = ";version=" + VcloudVersion.responseVersion(call);
    return VcloudWire.acceptsJson(call)
        ? Reply.of(status, schema.toJson(document)).with("Content-Type", media + JSON + version)
        : Reply.text(status, media + XML + version, document.document());
  }

  /**
   * Reads the body of a request.
   *
   * @throws Failure UNSUPPORTED_MEDIA_TYPE if it is neither XML nor JSON; MALFORMED_BODY or
   *     INVALID_VALUE if it is no such document
   */
  VcloudXml read(Call call) {
    var type = call.header("Content-Type").orElse("").split(";", 2)[0].strip();
    var lower = type.toLowerCase(Locale.ROOT);
    if (lower.endsWith(JSON) || lower.equals("application/json")) {
      var document = schema.fromJson(root, json(call));
      schema.check(document);
      return document;
    }
    if (!lower.endsWith(XML) && !lower.endsWith("/xml")) {
      throw Failure.of(Reason.UNSUPPORTED_MEDIA_TYPE);
    }
    var document = VcloudXmlReader.read(call.body().getBytes());
    if (!document.name().equals(root)) {
      throw VcloudSchema.newSchemaException(
          "cvc-elt.1: Cannot find the declaration of element '%s'.".formatted(document.name()));
    }
    schema.check(document);
    return document;
  }

  private static JsonNode json(Call call) {
    try {
      var json = VcloudWire.JSON.readTree(call.body().getBytes());
      if (json.isObject()) {
        return json;
      }
    } catch (IOException notJson) {
      // Refused below, like JSON that is no object.
    }
    throw Failure.of(Reason.MALFORMED_BODY, "The request body is not a JSON object.");
  }
}
