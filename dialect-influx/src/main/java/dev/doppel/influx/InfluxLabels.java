package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.BUCKETS;
import static dev.doppel.influx.InfluxPermission.LABELS;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxStoredLabels.Found;
import dev.doppel.influx.InfluxWire.LabelBody;
import dev.doppel.influx.InfluxWire.LabelList;
import dev.doppel.influx.InfluxWire.LabelMapping;
import dev.doppel.influx.InfluxWire.LabelUpdate;
import dev.doppel.influx.InfluxWire.LabelView;
import dev.doppel.influx.InfluxWire.MappedLabel;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.wire.go.GoJson;
import dev.doppel.wire.go.GoStrings;
import io.vertx.core.Future;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Objects;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Labels and the labels of buckets (2.9.1: label/http_server.go, label/service.go). */
final class InfluxLabels {

  private final Realm realm;
  private final InfluxOrganizations organizations;
  private final InfluxBuckets buckets;
  private final InfluxStoredLabels stored;

  InfluxLabels(Realm realm, InfluxOrganizations organizations, InfluxBuckets buckets) {
    this.realm = realm;
    this.organizations = organizations;
    this.buckets = buckets;
    stored = new InfluxStoredLabels(realm);
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
        .compose(org -> organizations.changeExtras(org, extras -> created(extras, label)))
        .map(done -> Reply.created(LabelView.of(label)));
  }

  /** Throws if the name is too long only after it throws if the name is taken. */
  private static InfluxOrganizationExtras created(
      InfluxOrganizationExtras extras, LabelBody label) {
    var changed = with(extras, label);
    InfluxKeys.checkLength(label.nameOrNone());
    return changed;
  }

  /**
   * Returns the extras with a label. Throws if another label of its organization has the same key.
   */
  private static InfluxOrganizationExtras with(InfluxOrganizationExtras extras, LabelBody label) {
    var key = key(label);
    if (extras.labels().stream()
        .filter(one -> Objects.equals(one.orgID(), label.orgID()))
        .filter(one -> !Objects.equals(one.id(), label.id()))
        .anyMatch(one -> key(one).equals(key))) {
      throw InfluxErrors.LABEL_TAKEN.newException(Reason.INVALID_VALUE, label.nameOrNone());
    }
    return extras.with(label);
  }

  /**
   * Returns the name as the server's index has it: in lower case, but with as many bytes as it had
   * before (label/storage_label.go, labelIndexKey).
   */
  private static ByteBuffer key(LabelBody label) {
    var name = label.nameOrNone();
    return ByteBuffer.wrap(
        Arrays.copyOf(
            GoStrings.toLower(name).getBytes(StandardCharsets.UTF_8),
            name.getBytes(StandardCharsets.UTF_8).length));
  }

  Future<Reply> list(Call call) {
    var name = InfluxPaging.parameter(call, "name");
    var orgID = InfluxPaging.parameter(call, "orgID").flatMap(InfluxOrganizations::parseFilterId);
    var caller = InfluxCaller.of(call);
    return stored
        .all()
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

  private Future<Found> permitted(Call call, InfluxAction action) {
    return stored
        .find(InfluxId.text(InfluxId.parse(call.parameter("labelID"))))
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

  /** Checks the name of the changed label in the server's order: taken, empty, too long. */
  private static InfluxOrganizationExtras withChanged(
      InfluxOrganizationExtras extras, LabelBody label) {
    var changed = with(extras, label);
    if (label.nameOrNone().isEmpty()) {
      throw InfluxErrors.LABEL_NAME_EMPTY.newException(Reason.INVALID_VALUE, "name");
    }
    InfluxKeys.checkLength(label.nameOrNone());
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
    return extras.label(id).orElseThrow(InfluxStoredLabels::newNotFoundException);
  }

  /** Changes the organization of a label. If that is gone, fails as if the label were gone. */
  private Future<Organization> change(Found found, UnaryOperator<InfluxOrganizationExtras> change) {
    return organizations
        .changeExtras(found.org(), change)
        .recover(InfluxOrganizations.ifGone(InfluxStoredLabels::newNotFoundException));
  }

  // ---- the labels of a bucket

  Future<Reply> listOfBucket(Call call) {
    var caller = InfluxCaller.of(call);
    return InfluxSubresource.bucket(call, buckets)
        .compose(
            bucket -> {
              caller.require(InfluxStoredLabels.listing(bucket));
              return stored
                  .all()
                  .map(all -> InfluxStoredLabels.readable(all, bucket, caller))
                  .map(labels -> Reply.ok(LabelList.of(labels)));
            });
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
              var wanted = wantedLabel(call);
              var added = add(call, bucket, wanted.id());
              return wanted.readable() ? added : behindError(call, added);
            });
  }

  private Future<Reply> add(Call call, InfluxBuckets.Found bucket, String labelID) {
    return stored
        .find(labelID)
        .compose(
            label -> {
              InfluxCaller.of(call).require(label.needed(InfluxAction.READ));
              requireMapping(call, bucket, label);
              return buckets
                  .change(bucket, one -> withLabel(one, labelID))
                  .map(done -> Reply.created(LabelView.of(label.label())));
            });
  }

  /**
   * The label to add.
   *
   * @param readable whether the rest of the body can be read
   */
  private record Wanted(String id, boolean readable) {}

  /**
   * Reads the id of the label to add. After an error in the body the server goes on: with the
   * label, if only other members have wrong types, or else to report that its id is missing.
   */
  private static Wanted wantedLabel(Call call) {
    try {
      var body = GoJson.read(call.body(), LabelMapping.class);
      var ignored = InfluxId.inBody(body.resourceID());
      return new Wanted(
          InfluxId.inBody(body.labelID())
              .orElseThrow(
                  () ->
                      InfluxErrors.LABEL_ID_MISSING.newException(Reason.INVALID_VALUE, "labelID")),
          true);
    } catch (GoJson.UnreadableException | Failure unreadable) {
      return labelDespiteError(call)
          .filter(known -> !call.asDocumented(InfluxDifference.SECOND_ERROR))
          .map(id -> new Wanted(id, false))
          .orElseThrow(() -> InfluxErrors.UNREADABLE_MAPPING.newException(Reason.MALFORMED_BODY));
    }
  }

  private static Optional<String> labelDespiteError(Call call) {
    try {
      return InfluxId.inBody(GoJson.read(call.body(), MappedLabel.class).labelID());
    } catch (GoJson.UnreadableException | Failure unreadable) {
      return Optional.empty();
    }
  }

  /** Answers with the error about the body, and with what came of the rest behind it. */
  private static Future<Reply> behindError(Call call, Future<Reply> added) {
    return added
        .recover(
            thrown ->
                InfluxErrors.isVendors(thrown)
                    ? Future.succeededFuture(call.refusal(thrown))
                    : Future.failedFuture(thrown))
        .map(
            reply ->
                InfluxErrors.joined(
                    InfluxErrors.FIRST_OF_MAPPING.reply(call, Failure.of(Reason.MALFORMED_BODY)),
                    reply));
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
              return stored
                  .find(labelID)
                  .compose(
                      label -> {
                        requireMapping(call, bucket, label);
                        return buckets.change(bucket, one -> withoutLabel(one, labelID));
                      });
            })
        .map(done -> Reply.noContent());
  }
}
