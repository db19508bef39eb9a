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
import java.util.Locale;
import java.util.UUID;

/**
 * Tasks, by which clients ask for the result of an operation. All are completed: the operation is
 * done before it responds. An organization keeps the newest tasks of the users who signed in to it.
 */
final class VcloudTasks {

  private static final String TYPE = "application/vnd.vmware.vcloud.task+";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSxx").withZone(ZoneOffset.UTC);

  /**
   * A deletion.
   *
   * @param owner the deleted user or other entity
   * @param user the user who deleted it
   * @param millis time of the deletion, in milliseconds since 1970
   */
  record Task(UUID id, EntityReference owner, EntityReference user, long millis) {}

  /** The names of a type of entity that can be deleted, by the type of its URN. */
  private enum Deleted {
    USER("User", "userDelete", "admin/user/", "admin.user"),
    ORG("Organization", "orgDelete", "admin/org/", "admin.organization"),
    SERVICEACCOUNT("Service Account", "serviceAccountDelete", "admin/user/", "admin.user");

    private final String title;
    private final String operation;
    private final String path;
    private final String media;

    Deleted(String title, String operation, String path, String media) {
      this.title = title;
      this.operation = operation;
      this.path = path;
      this.media = media;
    }

    static Deleted of(Task task) {
      var urn = VcloudUrn.parse(String.valueOf(task.owner().id())).orElseThrow();
      return valueOf(urn.type().toUpperCase(Locale.ROOT));
    }
  }

  /** Records a deletion in the change that deletes the user, and returns the task's id. */
  Future<UUID> addUserDeletion(Realm now, User user, Context context) {
    return addDeletion(now, reference(user, context.organization()), context.caller());
  }

  /**
   * Records a deletion in the change that deletes an entity, and returns the task's id.
   *
   * @param owner the entity
   */
  Future<UUID> addDeletion(Realm now, EntityReference owner, VcloudCaller caller) {
    var home = caller.organization();
    var task =
        new Task(
            VcloudUrn.newUuid(now.secrets()),
            owner,
            reference(caller.user(), home),
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
    return Future.succeededFuture(VcloudDocument.TASK.ok(call, xml(call, task, home)));
  }

  /** Finds a task that the caller's organization has just recorded. */
  static Future<Task> find(Realm realm, VcloudCaller caller, UUID id) {
    return realm
        .organizations()
        .find(caller.organization().id())
        .map(
            home ->
                VcloudOrganizationExtras.of(home).tasksOf().stream()
                    .filter(task -> task.id().equals(id))
                    .findFirst()
                    .orElseThrow(
                        () -> VcloudErrors.NO_TASK.newException(Reason.FORBIDDEN, id.toString())));
  }

  /** Returns the reply to a request that a task completed. */
  static Reply accepted(Call call, Task task) {
    return VcloudDocument.TASK
        .reply(call, 202, xml(call, task, VcloudCaller.of(call).organization()))
        .with("Location", url(call, "task/" + task.id()));
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
        .with("operationName", Deleted.of(task).operation)
        .with("serviceNamespace", "com.vmware.vcloud")
        .with("startTime", time)
        .with("status", "success")
        .with("name", "task")
        .with("id", "urn:vcloud:task:" + task.id())
        .with("href", url(call, "task/" + task.id()))
        .with("type", TYPE + "xml")
        .with(
            reference("Owner", ownerUrl(call, task), task.owner())
                .with("type", "application/vnd.vmware." + Deleted.of(task).media + "+xml"))
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
    return "Deleted %s %s(%s)"
        .formatted(Deleted.of(task).title, task.owner().name(), uuid(task.owner()));
  }

  private static String ownerUrl(Call call, Task task) {
    return url(call, Deleted.of(task).path + uuid(task.owner()));
  }
}
