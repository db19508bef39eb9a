package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Realm;
import dev.doppel.vcloud.VcloudTenancy.Context;
import dev.doppel.vcloud.VcloudWire.AssignedQuotaPolicy;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import dev.doppel.vcloud.VcloudWire.Quotas;
import io.vertx.core.Future;
import java.util.List;
import java.util.UUID;

/**
 * Quotas of users, organizations and service accounts, of which there are none. A request that
 * assigns none is accepted with a task, any other is rejected.
 */
final class VcloudQuotas {

  /**
   * A kind of entity that can have quotas.
   *
   * @param view finds the entity in the path, if the caller may see it
   * @param edit finds it in a change, if the caller may assign quotas to it
   */
  record Target(View view, Edit edit) {

    /** Finds an entity for reading. */
    @FunctionalInterface
    interface View {
      Future<EntityReference> find(Call call, Context context);
    }

    /** Finds an entity in a change. */
    @FunctionalInterface
    interface Edit {
      Future<EntityReference> find(Realm now, Call call, Context context);
    }
  }

  private final Realm realm;
  private final VcloudTenancy tenancy;
  private final VcloudTasks tasks;
  private final Target target;

  VcloudQuotas(Realm realm, VcloudTenancy tenancy, VcloudTasks tasks, Target target) {
    this.realm = realm;
    this.tenancy = tenancy;
    this.tasks = tasks;
    this.target = target;
  }

  Future<Reply> get(Call call) {
    return view(call).map(entity -> Reply.ok(new Quotas(List.of())));
  }

  Future<Reply> getPolicy(Call call) {
    return view(call).map(entity -> Reply.ok(new AssignedQuotaPolicy(null)));
  }

  private Future<EntityReference> view(Call call) {
    return tenancy.context(call).compose(context -> target.view.find(call, context));
  }

  Future<Reply> assign(Call call, Quotas body) {
    if (body.quotaPools() != null && !body.quotaPools().isEmpty()) {
      throw VcloudErrors.newInvalidValueException(
          "The property quotaPools must be empty, because quotas are not supported.");
    }
    return accept(call);
  }

  /** Assigns a policy. An empty body, as the vendor describes it, removes the policy. */
  Future<Reply> assignPolicy(Call call) {
    if (call.body().length() > 0
        && call.body(AssignedQuotaPolicy.class).quotaPolicyReference() != null) {
      throw VcloudErrors.newInvalidValueException(
          "The property quotaPolicyReference must be null, because quotas are not supported.");
    }
    return accept(call);
  }

  private Future<Reply> accept(Call call) {
    return realm
        .change(
            now ->
                VcloudTenancy.context(now, call)
                    .compose(
                        context ->
                            target
                                .edit
                                .find(now, call, context)
                                .compose(entity -> addTask(now, entity, context))))
        .map(task -> VcloudTasks.accepted(call, task));
  }

  private Future<UUID> addTask(Realm now, EntityReference entity, Context context) {
    return tasks.add(now, VcloudTasks.Action.ASSIGN_QUOTAS, entity, context);
  }
}
