package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import io.vertx.core.Future;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Tasks, by which clients ask for the result of an operation. All are completed: the operation is
 * done before it responds. An organization keeps the newest tasks of the users who signed in to it.
 */
final class VcloudTasks {

  private static final String TYPE = "application/vnd.vmware.vcloud.task+";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

  /**
   * The deletion of a user.
   *
   * @param owner the deleted user
   * @param user the user who deleted it
   * @param millis time of the deletion, in milliseconds since 1970
   */
  record Task(UUID id, EntityReference owner, EntityReference user, long millis) {}

  /** Records a deletion in the change that deletes the user, and returns the task's id. */
  Future<UUID> addUserDeletion(Realm now, User user, Context context) {
    var home = context.caller().organization();
    var task =
        new Task(
            VcloudUrn.newUuid(now.secrets()),
            reference(user, context.organization()),
            reference(context.caller().user(), home),
            now.clock().millis());
    return now.organizations()
        .updateExtras(
            home.id(),
            VcloudApi.NAME,
            before -> VcloudOrganizationExtras.decode(before).withTask(task).toJson())
        .map(updated -> task.id());
  }

  private static EntityReference reference(User user, Organization organization) {
    return new EntityReference(VcloudNames.displayName(user, organization), VcloudUrn.of(user));
  }

  /**
   * Returns a task as XML or, if accepted, as JSON: one of the caller's own, or any task of the
   * organization if the caller manages its users.
   */
  Future<Reply> get(Call call) {
    var id = call.parameter("taskId");
    var caller = VcloudCaller.of(call);
    var home = caller.organization();
    var manages = caller.has(VcloudRight.GROUP_USER_MANAGE);
    var own = VcloudUrn.of(caller.user());
    var task =
        VcloudOrganizationExtras.of(home).tasksOf().stream()
            .filter(one -> one.id().toString().equals(id))
            .filter(one -> manages || own.equals(one.user().id()))
            .findFirst()
            .orElseThrow(() -> VcloudErrors.NO_TASK.newException(Reason.FORBIDDEN, id));
    return Future.succeededFuture(
        VcloudWire.acceptsJson(call)
            ? Reply.ok(json(call, task, home))
                .with("Content-Type", TYPE + "json;version=" + VcloudVersion.responseVersion(call))
            : VcloudWire.xml(call, 200, TYPE + "xml", xml(call, task, home)));
  }

  private static String url(Call call, String path) {
    return call.origin() + "/api/" + path;
  }

  private static String uuid(EntityReference reference) {
    return VcloudUrn.parse(String.valueOf(reference.id())).orElseThrow().uuid().toString();
  }

  private static VcloudXml xml(Call call, Task task, Organization home) {
    var time = TIME.format(Instant.ofEpochMilli(task.millis()));
    var organization = VcloudUserView.reference(home);
    return VcloudXml.element("Task")
        .with("xmlns", VcloudXml.NAMESPACE)
        .with("cancelRequested", "false")
        .with("endTime", time)
        .with("operation", operation(task))
        .with("operationName", "userDelete")
        .with("serviceNamespace", "com.vmware.vcloud")
        .with("startTime", time)
        .with("status", "success")
        .with("name", "task")
        .with("id", "urn:vcloud:task:" + task.id())
        .with("href", url(call, "task/" + task.id()))
        .with("type", TYPE + "xml")
        .with(
            reference("Owner", url(call, "admin/user/" + uuid(task.owner())), task.owner())
                .with("type", "application/vnd.vmware.admin.user+xml"))
        .with(
            reference("User", url(call, "admin/user/" + uuid(task.user())), task.user())
                .with("type", "application/vnd.vmware.admin.user+xml"))
        .with(
            reference("Organization", url(call, "org/" + uuid(organization)), organization)
                .with("type", "application/vnd.vmware.vcloud.org+xml"))
        .with(VcloudXml.element("Details"));
  }

  private static VcloudXml reference(String element, String url, EntityReference to) {
    return VcloudXml.element(element)
        .with("href", url)
        .with("id", String.valueOf(to.id()))
        .with("name", String.valueOf(to.name()));
  }

  private static String operation(Task task) {
    return "Deleted User " + task.owner().name() + "(" + uuid(task.owner()) + ")";
  }

  private static Map<String, @Nullable Object> json(Call call, Task task, Organization home) {
    var time = TIME.format(Instant.ofEpochMilli(task.millis()));
    var organization = VcloudUserView.reference(home);
    var all = new LinkedHashMap<String, @Nullable Object>();
    all.put("otherAttributes", Map.of());
    all.put("link", List.of());
    all.put("href", url(call, "task/" + task.id()));
    all.put("type", TYPE + "json");
    all.put("id", "urn:vcloud:task:" + task.id());
    all.put("operationKey", null);
    all.put("description", null);
    all.put("tasks", null);
    all.put("name", "task");
    all.put(
        "owner", json(url(call, "admin/user/" + uuid(task.owner())), task.owner(), "admin.user"));
    all.put("error", null);
    all.put("user", json(url(call, "admin/user/" + uuid(task.user())), task.user(), "admin.user"));
    all.put(
        "organization", json(url(call, "org/" + uuid(organization)), organization, "vcloud.org"));
    all.put("progress", null);
    all.put("params", null);
    all.put("details", "");
    all.put("vcTaskList", null);
    all.put("result", null);
    all.put("status", "success");
    all.put("operation", operation(task));
    all.put("operationName", "userDelete");
    all.put("serviceNamespace", "com.vmware.vcloud");
    all.put("startTime", time);
    all.put("endTime", time);
    all.put("expiryTime", null);
    all.put("cancelRequested", false);
    all.put("vCloudExtension", List.of());
    return all;
  }

  private static Map<String, @Nullable Object> json(String url, EntityReference to, String type) {
    var reference = new LinkedHashMap<String, @Nullable Object>();
    reference.put("href", url);
    reference.put("id", to.id());
    reference.put("type", "application/vnd.vmware." + type + "+json");
    reference.put("name", to.name());
    return reference;
  }
}
