package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.BUCKETS;
import static dev.doppel.influx.InfluxPermission.LABELS;

import dev.doppel.influx.InfluxWire.LabelBody;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import io.vertx.core.Future;
import java.util.Comparator;
import java.util.List;

/** Finds labels and the labels of buckets (2.9.1: label/middleware_auth.go). */
final class InfluxStoredLabels {

  /**
   * A label.
   *
   * @param org that it is stored with: its own, or the system organization if its own does not
   *     exist
   */
  record Found(Organization org, LabelBody label) {

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

  InfluxStoredLabels(Realm realm) {
    this.realm = realm;
  }

  /** Returns all labels in ascending order of id. */
  Future<List<Found>> all() {
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

  /** Finds a label by id. Fails with the server's error. */
  Future<Found> find(String id) {
    return all()
        .map(
            found ->
                found.stream()
                    .filter(one -> one.id().equals(id))
                    .findFirst()
                    .orElseThrow(InfluxStoredLabels::newNotFoundException));
  }

  static RuntimeException newNotFoundException() {
    return InfluxErrors.LABEL_NOT_FOUND.newException(Reason.INVALID_VALUE);
  }

  /**
   * Returns the labels of a bucket that the caller may read, in ascending order of id. They may
   * belong to other organizations.
   *
   * @param all as {@link #all} returns them
   */
  static List<LabelBody> readable(
      List<Found> all, InfluxBuckets.Found bucket, InfluxCaller caller) {
    return all.stream()
        .filter(one -> bucket.bucket().labelIDs().contains(one.id()))
        .filter(one -> caller.may(one.needed(InfluxAction.READ)))
        .map(Found::label)
        .toList();
  }

  /**
   * Returns the permission to list the labels of a bucket. For a system bucket it is more than what
   * reading the bucket needs.
   */
  static InfluxPermission listing(InfluxBuckets.Found bucket) {
    return new InfluxPermission(
        InfluxAction.READ, BUCKETS, bucket.bucket().id(), bucket.org().id().toString());
  }
}
