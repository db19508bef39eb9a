package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.BUCKETS;
import static dev.doppel.influx.InfluxPermission.LABELS;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.LabelBody;
import dev.doppel.influx.InfluxWire.LabelList;
import dev.doppel.influx.InfluxWire.LabelMapping;
import dev.doppel.influx.InfluxWire.LabelUpdate;
import dev.doppel.influx.InfluxWire.LabelView;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.wire.go.GoJson;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Labels and the labels of buckets (2.9.1: label/http_server.go, label/service.go). */
final class InfluxLabels {

  /**
   * A label.
   *
   * @param org that it is kept with: its own, or the system organization if it has the id of none
   */
  private record Found(Organization org, LabelBody label) {

    String id() {
      return String.valueOf(label.id());
    }

    String orgID() {
      return String.valueOf(label.orgID());
    }

    InfluxPermission needed(InfluxAction action) {
      return new InfluxPermission(action, LABELS, id(), orgID());
    }
  }

  private final Realm realm;
  private final InfluxOrganizations organizations;
  private final InfluxBuckets buckets;

  InfluxLabels(Realm realm, InfluxOrganizations organizations, InfluxBuckets buckets) {
    this.realm = realm;
    this.organizations = organizations;
    this.buckets = buckets;
  }

  Future<Reply> create(Call call, LabelBody body) {
    var orgID = InfluxId.inBody(body.orgID());
    if (body.nameOrNone().isEmpty()) {
      throw InfluxErrors.LABEL_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name");
    }
    if (orgID.isEmpty()) {
      throw InfluxErrors.LABEL_WITHOUT_ORG.newException(Reason.INVALID_VALUE, "orgID");
    }
    InfluxCaller.of(call).require(InfluxPermission.in(InfluxAction.WRITE, LABELS, orgID.get()));
    var label =
        new LabelBody(
            InfluxId.text(realm.ids().next()),
            orgID.get(),
            GoStrings.trimSpace(body.nameOrNone()),
            body.properties());
    return organizations
        .find(InfluxId.organization(orgID.get()))
        .recover(Failure.on(Reason.NO_SUCH_ORGANIZATION, () -> realm.organizations().system()))
        .compose(org -> organizations.changeExtras(org, extras -> with(extras, label)))
        .map(done -> Reply.created(LabelView.of(label)));
  }

  /** The names of an organization's labels differ in more than case. */
  private static InfluxOrganizationExtras with(InfluxOrganizationExtras extras, LabelBody label) {
    var name = label.nameOrNone().toLowerCase(Locale.ROOT);
    if (extras.labels().stream()
        .filter(one -> Objects.equals(one.orgID(), label.orgID()))
        .filter(one -> !Objects.equals(one.id(), label.id()))
        .anyMatch(one -> one.nameOrNone().toLowerCase(Locale.ROOT).equals(name))) {
      throw InfluxErrors.LABEL_TAKEN.newException(Reason.INVALID_VALUE, label.nameOrNone());
    }
    return extras.with(label);
  }

  Future<Reply> list(Call call) {
    var name = InfluxPaging.parameter(call, "name");
    var orgID = InfluxPaging.parameter(call, "orgID").flatMap(InfluxOrganizations::parseFilterId);
    var caller = InfluxCaller.of(call);
    return all()
        .map(
            found ->
                found.stream()
                    .filter(
                        one ->
                            name.isEmpty() || one.label().nameOrNone().equalsIgnoreCase(name.get()))
                    .filter(one -> orgID.isEmpty() || one.orgID().equals(orgID.get().toString()))
                    .filter(one -> caller.may(one.needed(InfluxAction.READ)))
                    .map(Found::label)
                    .toList())
        .map(labels -> Reply.ok(LabelList.of(labels)));
  }

  /** Returns all labels in ascending order of id. */
  private Future<List<Found>> all() {
    return realm
        .organizations()
        .list()
        .map(
            orgs ->
                orgs.stream()
                    .flatMap(
                        org ->
                            InfluxOrganizationExtras.of(org).labels().stream()
                                .map(label -> new Found(org, label)))
                    .sorted(Comparator.comparing(Found::id))
                    .toList());
  }

  private Future<Found> find(String id) {
    return all()
        .map(
            found ->
                found.stream()
                    .filter(one -> one.id().equals(id))
                    .findFirst()
                    .orElseThrow(InfluxLabels::newNotFoundException));
  }

  private static RuntimeException newNotFoundException() {
    return InfluxErrors.LABEL_NOT_FOUND.newException(Reason.INVALID_VALUE);
  }

  private Future<Found> permitted(Call call, InfluxAction action) {
    return find(InfluxId.text(InfluxId.parse(call.parameter("labelID"))))
        .map(
            found -> {
              InfluxCaller.of(call).require(found.needed(action));
              return found;
            });
  }

  Future<Reply> get(Call call) {
    return permitted(call, InfluxAction.READ).map(found -> Reply.ok(LabelView.of(found.label())));
  }

  Future<Reply> update(Call call) {
    var id = InfluxId.text(InfluxId.parse(call.parameter("labelID")));
    var body = call.body(LabelUpdate.class);
    return permitted(call, InfluxAction.WRITE)
        .compose(
            found ->
                change(
                    found, extras -> withChanged(extras, updated(requireFound(extras, id), body))))
        .map(
            org ->
                Reply.ok(LabelView.of(InfluxOrganizationExtras.of(org).label(id).orElseThrow())));
  }

  /** Returns the changed label. A property that becomes empty is removed; others stay. */
  private static LabelBody updated(LabelBody label, LabelUpdate body) {
    var properties = new LinkedHashMap<String, String>();
    Optional.ofNullable(label.properties()).ifPresent(properties::putAll);
    Optional.ofNullable(body.properties())
        .ifPresent(
            given ->
                given.forEach(
                    (key, value) -> {
                      if (value.isEmpty()) {
                        properties.remove(key);
                      } else {
                        properties.put(key, value);
                      }
                    }));
    var name =
        Optional.ofNullable(body.name())
            .filter(text -> !text.isEmpty())
            .map(GoStrings::trimSpace)
            .orElse(label.nameOrNone());
    return new LabelBody(label.id(), label.orgID(), name, properties);
  }

  /** Throws if the changed label has no name: the server looks at this last. */
  private static InfluxOrganizationExtras withChanged(
      InfluxOrganizationExtras extras, LabelBody label) {
    var changed = with(extras, label);
    if (label.nameOrNone().isEmpty()) {
      throw InfluxErrors.LABEL_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name");
    }
    return changed;
  }

  Future<Reply> delete(Call call) {
    return permitted(call, InfluxAction.WRITE)
        .compose(found -> change(found, extras -> without(extras, found.id())))
        .map(done -> Reply.noContent());
  }

  private static InfluxOrganizationExtras without(InfluxOrganizationExtras extras, String id) {
    return extras.withoutLabel(String.valueOf(requireFound(extras, id).id()));
  }

  private static LabelBody requireFound(InfluxOrganizationExtras extras, String id) {
    return extras.label(id).orElseThrow(InfluxLabels::newNotFoundException);
  }

  /** Changes the organization of a label. Fails as {@link #find} does if it is gone. */
  private Future<Organization> change(Found found, UnaryOperator<InfluxOrganizationExtras> change) {
    return organizations
        .changeExtras(found.org(), change)
        .recover(
            thrown ->
                Future.failedFuture(
                    Failure.from(thrown).reason() == Reason.NO_SUCH_ORGANIZATION
                        ? newNotFoundException()
                        : thrown));
  }

  // ---- the labels of a bucket

  Future<Reply> listOfBucket(Call call) {
    return InfluxSubresource.bucket(call, buckets)
        .compose(
            bucket ->
                ofBucket(bucket.bucket())
                    .map(
                        found ->
                            Reply.ok(
                                LabelList.of(
                                    found.stream()
                                        .filter(
                                            one ->
                                                InfluxCaller.of(call)
                                                    .may(one.needed(InfluxAction.READ)))
                                        .map(Found::label)
                                        .toList()))));
  }

  /** Returns the labels of a bucket, which may be those of other organizations. */
  private Future<List<Found>> ofBucket(InfluxBucket bucket) {
    return all()
        .map(
            labels -> labels.stream().filter(one -> bucket.labelIDs().contains(one.id())).toList());
  }

  Future<Reply> addToBucket(Call call) {
    return realm.change(now -> in(now).add(call));
  }

  /** Returns the same operations within a change. */
  private InfluxLabels in(Realm now) {
    return new InfluxLabels(now, organizations.in(now), buckets.in(now));
  }

  private Future<Reply> add(Call call) {
    return InfluxSubresource.bucket(call, buckets)
        .compose(
            bucket -> {
              var labelID = wantedLabel(call);
              return find(labelID)
                  .compose(
                      label -> {
                        requireMapping(call, bucket, label);
                        return buckets
                            .change(bucket, one -> withLabel(one, labelID))
                            .map(done -> Reply.created(LabelView.of(label.label())));
                      });
            });
  }

  /**
   * Reads the id of the label to add. After an error in the body the server goes on, and reports
   * that the id is missing, too.
   */
  private static String wantedLabel(Call call) {
    LabelMapping body;
    try {
      body = GoJson.read(call.body(), LabelMapping.class);
      if (body.labelID() != null) {
        return InfluxId.inBody(body.labelID()).orElseThrow();
      }
    } catch (GoJson.UnreadableException | Failure unreadable) {
      throw InfluxErrors.UNREADABLE_MAPPING.newException(Reason.MALFORMED_BODY);
    }
    throw InfluxErrors.LABEL_ID_MISSING.newException(Reason.INVALID_VALUE, "labelID");
  }

  private static void requireMapping(Call call, InfluxBuckets.Found bucket, Found label) {
    var caller = InfluxCaller.of(call);
    caller.require(label.needed(InfluxAction.WRITE));
    caller.require(
        new InfluxPermission(InfluxAction.WRITE, BUCKETS, bucket.bucket().id(), label.orgID()));
  }

  private static InfluxBucket withLabel(InfluxBucket bucket, String labelID) {
    if (bucket.labelIDs().contains(labelID)) {
      throw InfluxErrors.LABEL_ON_RESOURCE.newException(Reason.INVALID_VALUE, "labelID");
    }
    var ids = new ArrayList<>(bucket.labelIDs());
    ids.add(labelID);
    return bucket.withLabels(ids);
  }

  private static InfluxBucket withoutLabel(InfluxBucket bucket, String labelID) {
    return bucket.withLabels(bucket.labelIDs().stream().filter(id -> !id.equals(labelID)).toList());
  }

  Future<Reply> removeFromBucket(Call call) {
    return realm.change(now -> in(now).remove(call));
  }

  private Future<Reply> remove(Call call) {
    return InfluxSubresource.bucket(call, buckets)
        .compose(
            bucket -> {
              var labelID = InfluxId.text(InfluxId.parse(call.parameter("labelID")));
              return find(labelID)
                  .compose(
                      label -> {
                        requireMapping(call, bucket, label);
                        return buckets.change(bucket, one -> withoutLabel(one, labelID));
                      });
            })
        .map(done -> Reply.noContent());
  }
}
