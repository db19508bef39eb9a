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
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Labels and the labels of buckets (2.9.1: label/http_server.go, label/service.go). */
final class InfluxLabels {

  private record Found(Organization org, LabelBody label) {

    InfluxPermission needed(InfluxAction action) {
      return new InfluxPermission(action, LABELS, label.id(), org.id().toString());
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
    var given = InfluxId.inBody(body.orgID());
    if (given.isEmpty()) {
      throw InfluxErrors.LABEL_WITHOUT_ORG.newException(Reason.INVALID_VALUE, "orgID");
    }
    var orgID = InfluxId.organization(given.get());
    InfluxCaller.of(call)
        .require(InfluxPermission.in(InfluxAction.WRITE, LABELS, orgID.toString()));
    var label =
        new LabelBody(
            InfluxId.text(realm.ids().next()),
            orgID.toString(),
            checkedName(body.nameOrNone()),
            body.properties());
    return organizations
        .find(orgID)
        .compose(org -> organizations.changeExtras(org, extras -> with(extras, label)))
        .map(done -> Reply.created(LabelView.of(label)));
  }

  private static String checkedName(String name) {
    var trimmed = GoStrings.trimSpace(name);
    if (trimmed.isEmpty()) {
      throw InfluxErrors.LABEL_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name");
    }
    return trimmed;
  }

  private static InfluxOrganizationExtras with(InfluxOrganizationExtras extras, LabelBody label) {
    if (extras.labels().stream()
        .anyMatch(
            one ->
                one.nameOrNone().equals(label.name())
                    && !String.valueOf(one.id()).equals(label.id()))) {
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
                    .filter(one -> name.isEmpty() || one.label().nameOrNone().equals(name.get()))
                    .filter(one -> orgID.isEmpty() || one.org().id().equals(orgID.get()))
                    .filter(one -> caller.may(one.needed(InfluxAction.READ)))
                    .map(Found::label)
                    .toList())
        .map(labels -> Reply.ok(LabelList.of(labels)));
  }

  /** Returns all labels in ascending order of id. */
  private Future<List<Found>> all() {
    return organizations
        .all()
        .map(
            orgs ->
                orgs.stream()
                    .flatMap(
                        org ->
                            InfluxOrganizationExtras.of(org).labels().stream()
                                .map(label -> new Found(org, label)))
                    .sorted(Comparator.comparing(found -> String.valueOf(found.label().id())))
                    .toList());
  }

  private Future<Found> find(String id) {
    return all()
        .map(
            found ->
                found.stream()
                    .filter(one -> id.equals(one.label().id()))
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
            found -> change(found, extras -> with(extras, updated(requireFound(extras, id), body))))
        .map(
            org ->
                Reply.ok(LabelView.of(InfluxOrganizationExtras.of(org).label(id).orElseThrow())));
  }

  /** Returns the changed label. A property that becomes empty is removed; others stay. */
  private static LabelBody updated(LabelBody label, LabelUpdate body) {
    var properties = new LinkedHashMap<String, String>();
    Optional.ofNullable(label.properties()).ifPresent(properties::putAll);
    Optional.ofNullable(body.properties()).ifPresent(properties::putAll);
    properties.values().removeIf(String::isEmpty);
    var name = Optional.ofNullable(body.name()).filter(text -> !text.isEmpty());
    return new LabelBody(
        label.id(),
        label.orgID(),
        name.map(InfluxLabels::checkedName).orElse(label.nameOrNone()),
        properties);
  }

  Future<Reply> delete(Call call) {
    return permitted(call, InfluxAction.WRITE)
        .compose(
            found -> change(found, extras -> without(extras, String.valueOf(found.label().id()))))
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

  private Future<InfluxBuckets.Found> bucket(Call call) {
    var id = InfluxId.text(InfluxSubresource.id(call, "bucketID"));
    return InfluxSubresource.asPageNotFound(
        buckets
            .find(id)
            .map(
                found -> {
                  if (!InfluxCaller.of(call).may(found.needed(InfluxAction.READ))) {
                    throw Failure.of(Reason.FORBIDDEN);
                  }
                  return found;
                }));
  }

  Future<Reply> listOfBucket(Call call) {
    return bucket(call)
        .map(
            found ->
                Reply.ok(
                    LabelList.of(
                        InfluxOrganizationExtras.of(found.org()).labels(found.bucket()).stream()
                            .filter(
                                label ->
                                    InfluxCaller.of(call)
                                        .may(
                                            new Found(found.org(), label)
                                                .needed(InfluxAction.READ)))
                            .toList())));
  }

  Future<Reply> addToBucket(Call call) {
    return realm.change(now -> in(now).add(call));
  }

  /** Returns the same operations within a change. */
  private InfluxLabels in(Realm now) {
    return new InfluxLabels(now, organizations.in(now), buckets.in(now));
  }

  private Future<Reply> add(Call call) {
    return bucket(call)
        .compose(
            bucket -> {
              var body = call.body(LabelMapping.class);
              if (body.labelID() == null) {
                throw InfluxErrors.LABEL_ID_MISSING.newException(Reason.INVALID_VALUE, "labelID");
              }
              var labelID = InfluxId.text(InfluxId.parse(body.labelID()));
              return find(labelID)
                  .compose(
                      label -> {
                        requireMapping(call, bucket, label);
                        return organizations
                            .changeExtras(
                                bucket.org(), extras -> withMapping(extras, bucket, labelID, true))
                            .map(done -> Reply.created(LabelView.of(label.label())));
                      });
            });
  }

  private static void requireMapping(Call call, InfluxBuckets.Found bucket, Found label) {
    var caller = InfluxCaller.of(call);
    caller.require(label.needed(InfluxAction.WRITE));
    caller.require(
        new InfluxPermission(
            InfluxAction.WRITE, BUCKETS, bucket.bucket().id(), label.org().id().toString()));
  }

  private static InfluxOrganizationExtras withMapping(
      InfluxOrganizationExtras extras, InfluxBuckets.Found found, String labelID, boolean mapped) {
    var bucket =
        extras
            .bucket(found.bucket().id())
            .orElseThrow(() -> InfluxErrors.BUCKET_NOT_FOUND.newException(Reason.INVALID_VALUE));
    if (mapped && bucket.labelIDs().contains(labelID)) {
      throw InfluxErrors.LABEL_ON_RESOURCE.newException(Reason.INVALID_VALUE, "labelID");
    }
    var ids = new ArrayList<>(bucket.labelIDs());
    ids.remove(labelID);
    if (mapped) {
      ids.add(labelID);
    }
    return extras.with(bucket.withLabels(ids));
  }

  Future<Reply> removeFromBucket(Call call) {
    return realm.change(now -> in(now).remove(call));
  }

  private Future<Reply> remove(Call call) {
    return bucket(call)
        .compose(
            bucket -> {
              var labelID = InfluxId.text(InfluxId.parse(call.parameter("labelID")));
              return find(labelID)
                  .compose(
                      label -> {
                        requireMapping(call, bucket, label);
                        return organizations.changeExtras(
                            bucket.org(), extras -> withMapping(extras, bucket, labelID, false));
                      });
            })
        .map(done -> Reply.noContent());
  }
}
