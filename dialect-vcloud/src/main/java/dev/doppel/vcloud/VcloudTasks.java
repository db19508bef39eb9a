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

  /** An operation that clients ask for the result of. */
  enum Action {
    DELETE_USER("userDelete", "Deleted User"),
    DELETE_ORGANIZATION("orgDelete", "Deleted Organization"),
    DELETE_SERVICE_ACCOUNT("serviceAccountDelete", "Deleted Service Account"),
    ASSIGN_QUOTAS("quotaAssign", "Assigned Quotas of");

    private final String operationName;
    private final String description;

    Action(String operationName, String description) {
      this.operationName = operationName;
      this.description = description;
    }
  }

  /**
   * A completed operation.
   *
   * @param owner the entity that it was about
   * @param user the user who called it
   * @param millis its time, in milliseconds since 1970
   * @param action null, as in older versions, for the deletion of a user
   */
  record Task(
      UUID id, EntityReference owner, EntityReference user, long millis, @Nullable Action action) {

    private Action knownAction() {
      return action == null ? Action.DELETE_USER : action;
    }
  }

  /** Records a deletion in the change that deletes the user, and returns the task's id. */
  Future<UUID> addUserDeletion(Realm now, User user, Context context) {
    return add(now, Action.DELETE_USER, reference(user, context.organization()), context);
  }

  /**
   * Records an operation in the change in which it is done, and returns the task's id.
   *
   * @param owner the entity that it is about
   */
  Future<UUID> add(Realm now, Action action, EntityReference owner, Context context) {
    var caller = context.caller();
    var task =
        new Task(
            VcloudUrn.newUuid(now.secrets()),
            owner,
            caller.reference(),
            now.clock().millis(),
            action);
    return now.organizations()
        .updateExtras(
            caller.organization().id(),
            VcloudApi.NAME,
            before -> VcloudOrganizationExtras.decode(before).withTask(task).toJson())
        .map(updated -> task.id());
  }

  /** Returns the response to an operation that has a task. */
  static Reply accepted(Call call, UUID task) {
    return Reply.empty(202).with("Location", VcloudHref.of(call, "task/" + task));
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
    var own = String.valueOf(caller.reference().id());
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
        .with("Location", VcloudHref.of(call, "task/" + task.id()));
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
        .with("operationName", task.knownAction().operationName)
        .with("serviceNamespace", "com.vmware.vcloud")
        .with("startTime", time)
        .with("status", "success")
        .with("name", "task")
        .with("id", "urn:vcloud:task:" + task.id())
        .with("href", VcloudHref.of(call, "task/" + task.id()))
        .with("type", TYPE + "xml")
        .with(
            reference("Owner", entityUrl(call, task.owner()), task.owner())
                .with("type", entityType(task.owner())))
        .with(
            reference("User", entityUrl(call, task.user()), task.user())
                .with("type", entityType(task.user())))
        .with(
            reference("Organization", entityUrl(call, organization), organization)
                .with("type", entityType(organization)))
        .with(VcloudXml.element("Details"));
  }

  private static VcloudXml reference(String element, String url, EntityReference to) {
    return VcloudXml.element(element)
        .with("href", url)
        .with("id", String.valueOf(to.id()))
        .with("name", String.valueOf(to.name()));
  }

  private static String operation(Task task) {
    return "%s %s(%s)"
        .formatted(task.knownAction().description, task.owner().name(), uuid(task.owner()));
  }

  /** Returns the URL of an entity in the older API, or in CloudAPI if only that has it. */
  private static String entityUrl(Call call, EntityReference to) {
    return switch (type(to)) {
      case "org" -> VcloudHref.of(call, "org/" + uuid(to));
      case "user" -> VcloudHref.of(call, "admin/user/" + uuid(to));
      default -> call.origin() + VcloudApi.VERSIONED + "/serviceAccounts/" + to.id();
    };
  }

  private static String entityType(EntityReference to) {
    return switch (type(to)) {
      case "org" -> VcloudDocument.ORG.type();
      case "user" -> VcloudDocument.USER.type();
      default -> "application/json";
    };
  }

  private static String type(EntityReference to) {
    return VcloudUrn.parse(String.valueOf(to.id())).orElseThrow().type();
  }
}
