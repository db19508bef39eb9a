package dev.doppel.influx;

import dev.doppel.influx.InfluxWire.LabelBody;
import dev.doppel.users.Extras;
import dev.doppel.users.Organization;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The part of an organization that only InfluxDB has. Immutable.
 *
 * @param buckets except those of the system, unless they were changed
 * @param labels of the organization; the system organization also has the labels of organizations
 *     that do not exist
 * @param secrets names
 */
record InfluxOrganizationExtras(
    List<InfluxBucket> buckets, List<LabelBody> labels, List<String> secrets) {

  /** Organizations of older stores have no secrets. */
  @SuppressWarnings("NullAway")
  InfluxOrganizationExtras {
    buckets = List.copyOf(buckets);
    labels = List.copyOf(labels);
    secrets = secrets == null ? List.of() : List.copyOf(secrets);
  }

  static InfluxOrganizationExtras of(Organization organization) {
    return of(organization.extras(InfluxDialect.NAME));
  }

  static InfluxOrganizationExtras of(Optional<String> kept) {
    return kept.map(json -> Extras.decode(json, InfluxOrganizationExtras.class))
        .orElseGet(() -> new InfluxOrganizationExtras(List.of(), List.of(), List.of()));
  }

  String json() {
    return Extras.encode(this);
  }

  Optional<InfluxBucket> bucket(String id) {
    return buckets.stream().filter(bucket -> bucket.id().equals(id)).findFirst();
  }

  Optional<LabelBody> label(String id) {
    return labels.stream().filter(label -> id.equals(label.id())).findFirst();
  }

  /** Returns a copy with this bucket in place of the one with its id, if any. */
  InfluxOrganizationExtras with(InfluxBucket bucket) {
    return new InfluxOrganizationExtras(
        replaced(buckets, one -> one.id().equals(bucket.id()), bucket), labels, secrets);
  }

  InfluxOrganizationExtras withoutBucket(String id) {
    return new InfluxOrganizationExtras(
        buckets.stream().filter(one -> !one.id().equals(id)).toList(), labels, secrets);
  }

  /** Returns a copy with this label in place of the one with its id, if any. */
  InfluxOrganizationExtras with(LabelBody label) {
    return new InfluxOrganizationExtras(
        buckets,
        replaced(labels, one -> String.valueOf(one.id()).equals(label.id()), label),
        secrets);
  }

  /** Returns a copy with more labels. */
  InfluxOrganizationExtras withLabels(List<LabelBody> added) {
    return new InfluxOrganizationExtras(
        buckets, Stream.concat(labels.stream(), added.stream()).toList(), secrets);
  }

  InfluxOrganizationExtras withoutLabel(String id) {
    return new InfluxOrganizationExtras(
        buckets, labels.stream().filter(one -> !id.equals(one.id())).toList(), secrets);
  }

  InfluxOrganizationExtras withSecrets(List<String> names) {
    return new InfluxOrganizationExtras(buckets, labels, names);
  }

  private static <T> List<T> replaced(List<T> list, Predicate<T> old, T by) {
    var all = new ArrayList<T>(list);
    all.replaceAll(one -> old.test(one) ? by : one);
    if (!all.contains(by)) {
      all.add(by);
    }
    return all;
  }
}
