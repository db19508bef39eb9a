package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.BUCKETS;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.influx.InfluxWire.BucketList;
import dev.doppel.influx.InfluxWire.BucketUpdate;
import dev.doppel.influx.InfluxWire.BucketView;
import dev.doppel.influx.InfluxWire.NewBucket;
import dev.doppel.influx.InfluxWire.PagingLinks;
import dev.doppel.influx.InfluxWire.RetentionRule;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.TextOrder;
import dev.doppel.wire.go.GoQuery;
import dev.doppel.wire.go.GoStrings;
import dev.doppel.wire.go.GoTime;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Buckets, without their data (2.9.1: tenant/http_server_bucket.go, tenant/service_bucket.go,
 * tenant/storage_bucket.go).
 */
final class InfluxBuckets {

  private static final String PATH = "/api/v2/buckets";

  /** A bucket and its organization. */
  record Found(Organization org, InfluxBucket bucket) {

    BucketView view() {
      return BucketView.of(org, bucket, InfluxOrganizationExtras.of(org).labels(bucket));
    }

    InfluxPermission needed(InfluxAction action) {
      if (bucket.system() && action == InfluxAction.READ) {
        return InfluxPermission.org(action, org.id().toString());
      }
      return new InfluxPermission(action, BUCKETS, bucket.id(), org.id().toString());
    }
  }

  private final Realm realm;
  private final InfluxOrganizations organizations;

  InfluxBuckets(Realm realm, InfluxOrganizations organizations) {
    this.realm = realm;
    this.organizations = organizations;
  }

  /** Returns the same operations within a change. */
  InfluxBuckets in(Realm now) {
    return new InfluxBuckets(now, organizations.in(now));
  }

  // ---- the operations

  Future<Reply> list(Call call) {
    var page = InfluxPaging.of(call);
    var orgID = InfluxPaging.parameter(call, "orgID").map(InfluxId::organization);
    var orgName = InfluxPaging.parameter(call, "org");
    var name = InfluxPaging.parameter(call, "name");
    var id = InfluxPaging.parameter(call, "id").map(InfluxId::parse).map(InfluxId::text);
    if (id.isPresent()) {
      return find(id.get()).map(found -> shown(call, page, List.of(found)));
    }
    if (orgID.isEmpty() && orgName.isEmpty()) {
      return all().map(found -> shown(call, page, named(page(found, page), name)));
    }
    return (orgID.isPresent()
            ? Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, organizations.find(orgID.get()))
            : organizations.find(orgName.orElseThrow()).map(Optional::of))
        .map(org -> org.map(InfluxBuckets::within).orElse(List.of()))
        .map(
            found ->
                name.isPresent() ? List.of(byName(found, name.get())) : pageByName(found, page))
        .map(found -> shown(call, page, found));
  }

  private static List<Found> named(List<Found> all, Optional<String> name) {
    return all.stream()
        .filter(found -> name.isEmpty() || found.bucket().name().equals(name.get()))
        .toList();
  }

  private static Found byName(List<Found> all, String name) {
    return named(all, Optional.of(name)).stream()
        .findFirst()
        .orElseThrow(
            () ->
                InfluxErrors.BUCKET_NAME_NOT_FOUND.newException(
                    Reason.INVALID_VALUE, GoStrings.quote(name)));
  }

  /** Returns a page over all organizations, in the order of ids. */
  private static List<Found> page(List<Found> all, InfluxPaging page) {
    var sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(found -> found.bucket().id()));
    if (page.descending()) {
      Collections.reverse(sorted);
    }
    page.after()
        .ifPresent(id -> sorted.removeIf(one -> one.bucket().id().compareTo(id.toString()) <= 0));
    return page.cut(sorted);
  }

  /** Returns a page within one organization, in the order of names. */
  private static List<Found> pageByName(List<Found> all, InfluxPaging page) {
    var sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(found -> found.bucket().name(), TextOrder.BY_CODE_POINT));
    if (page.descending()) {
      Collections.reverse(sorted);
    }
    var kept =
        page.after()
            .map(
                id ->
                    sorted.stream()
                        .dropWhile(one -> !one.bucket().id().equals(id.toString()))
                        .skip(1)
                        .toList())
            .orElse(sorted);
    return page.cut(kept);
  }

  private static Reply shown(Call call, InfluxPaging page, List<Found> found) {
    var caller = InfluxCaller.of(call);
    var views =
        found.stream()
            .filter(one -> caller.may(one.needed(InfluxAction.READ)))
            .map(Found::view)
            .toList();
    return Reply.ok(new BucketList(links(call, page, views.size()), views));
  }

  private static PagingLinks links(Call call, InfluxPaging page, int shown) {
    var query = new TreeMap<String, String>();
    InfluxPaging.parameter(call, "id").ifPresent(id -> query.put("id", id));
    InfluxPaging.parameter(call, "name").ifPresent(name -> query.put("bucket", name));
    InfluxPaging.parameter(call, "orgID").ifPresent(id -> query.put("orgID", id));
    InfluxPaging.parameter(call, "org").ifPresent(name -> query.put("org", name));
    query.put("descending", Boolean.toString(page.descending()));
    query.put("limit", Integer.toString(page.limit()));
    page.after().ifPresent(id -> query.put("after", id.toString()));
    page.sortBy().ifPresent(field -> query.put("sortBy", field));
    return new PagingLinks(
        page.offset() > 0 ? link(query, Math.max(0, page.offset() - page.limit())) : null,
        link(query, page.offset()),
        shown >= page.limit() ? link(query, page.offset() + page.limit()) : null);
  }

  private static String link(Map<String, String> query, int offset) {
    var all = new TreeMap<>(query);
    all.put("offset", Integer.toString(offset));
    return PATH + "?" + GoQuery.encode(all);
  }

  Future<Reply> create(Call call, NewBucket body) {
    var orgID = InfluxId.inBody(body.orgID());
    if (orgID.isEmpty()) {
      throw InfluxErrors.ORG_ID_MISSING.newException(Reason.INVALID_VALUE, "orgID");
    }
    var rules = Optional.ofNullable(body.retentionRules()).orElse(List.of());
    check(rules);
    var org = InfluxId.organization(orgID.get());
    InfluxCaller.of(call).require(InfluxPermission.in(InfluxAction.WRITE, BUCKETS, org.toString()));
    var wanted =
        bucket(
            Optional.ofNullable(body.name()).orElse(""),
            Optional.ofNullable(body.description()).orElse(""),
            Optional.ofNullable(body.rp()).orElse(""),
            rules.isEmpty() ? 0 : seconds(rules.get(0).everySeconds()),
            rules.isEmpty() ? 0 : seconds(rules.get(0).shardGroupDurationSeconds()));
    return organizations
        .find(org)
        .compose(found -> keep(found, wanted))
        .map(found -> Reply.created(found.view()));
  }

  private static void check(List<RetentionRule> rules) {
    if (rules.size() > 1) {
      throw newUnprocessableException(
          "buckets cannot have more than one retention rule at this time");
    }
    for (var rule : rules) {
      if (seconds(rule.everySeconds()) < 0) {
        throw newUnprocessableException("expiration seconds cannot be negative");
      }
      if (seconds(rule.shardGroupDurationSeconds()) < 0) {
        throw newUnprocessableException("shard-group duration seconds cannot be negative");
      }
    }
  }

  private static RuntimeException newUnprocessableException(String message) {
    return InfluxErrors.UNPROCESSABLE.newException(Reason.INVALID_VALUE, message);
  }

  private static long seconds(@Nullable Long given) {
    return given == null ? 0 : given;
  }

  /** Returns a new bucket. Throws if its name is invalid. */
  InfluxBucket bucket(
      String name, String description, String rp, long everySeconds, long shardGroupSeconds) {
    var now = GoTime.format(realm.clock().instant());
    return new InfluxBucket(
        InfluxId.text(InfluxId.random(realm.secrets())),
        checkedName(name),
        description,
        rp,
        everySeconds,
        InfluxBucket.shardGroupSeconds(everySeconds, shardGroupSeconds),
        now,
        now,
        List.of());
  }

  private static String checkedName(String name) {
    if (name.startsWith("_")) {
      throw InfluxErrors.BUCKET_UNDERSCORE.newException(Reason.INVALID_VALUE, name);
    }
    if (name.contains("\"")) {
      throw InfluxErrors.BUCKET_QUOTATION.newException(Reason.INVALID_VALUE, name);
    }
    return name;
  }

  /** Stores a new bucket. */
  Future<Found> keep(Organization org, InfluxBucket bucket) {
    return organizations
        .changeExtras(
            org,
            extras -> {
              checkUnique(extras, bucket, InfluxErrors.BUCKET_TAKEN);
              return extras.with(bucket);
            })
        .map(kept -> new Found(kept, bucket));
  }

  private static void checkUnique(
      InfluxOrganizationExtras extras, InfluxBucket bucket, VendorError error) {
    if (extras.buckets().stream()
        .anyMatch(one -> one.name().equals(bucket.name()) && !one.id().equals(bucket.id()))) {
      throw error.newException(Reason.INVALID_VALUE, bucket.name());
    }
  }

  Future<Reply> get(Call call) {
    return find(routeId(call))
        .map(
            found -> {
              InfluxCaller.of(call).require(found.needed(InfluxAction.READ));
              return Reply.ok(found.view());
            });
  }

  private static String routeId(Call call) {
    return InfluxId.text(InfluxId.parse(call.parameter("bucketID")));
  }

  Future<Reply> update(Call call) {
    var id = routeId(call);
    var body = call.body(BucketUpdate.class);
    var rules = Optional.ofNullable(body.retentionRules()).orElse(List.of());
    check(rules);
    return find(id)
        .compose(
            found -> {
              InfluxCaller.of(call).require(found.needed(InfluxAction.WRITE));
              if (found.bucket().system()) {
                throw InfluxErrors.SYSTEM_BUCKET.newException(Reason.INVALID_VALUE, "renamed");
              }
              return change(found, extras -> updated(extras, id, body, rules));
            })
        .map(org -> Reply.ok(BucketView.of(org, within(org, id).bucket(), List.of())));
  }

  private InfluxOrganizationExtras updated(
      InfluxOrganizationExtras extras, String id, BucketUpdate body, List<RetentionRule> rules) {
    var old = extras.bucket(id).orElseThrow(InfluxBuckets::newNotFoundException);
    var rule = rules.isEmpty() ? new RetentionRule(null, null, null) : rules.get(0);
    var every = rule.everySeconds() == null ? old.everySeconds() : rule.everySeconds();
    var shard =
        rule.shardGroupDurationSeconds() == null
            ? old.shardGroupSeconds()
            : rule.shardGroupDurationSeconds();
    var changed =
        new InfluxBucket(
            id,
            body.name() == null ? old.name() : checkedName(body.name()),
            body.description() == null ? old.description() : body.description(),
            old.rp(),
            every,
            InfluxBucket.shardGroupSeconds(every, shard),
            old.createdAt(),
            GoTime.format(realm.clock().instant()),
            old.labelIDs());
    checkUnique(extras, changed, InfluxErrors.BUCKET_NOT_UNIQUE);
    return extras.with(changed);
  }

  Future<Reply> delete(Call call) {
    var id = routeId(call);
    return find(id)
        .compose(
            found -> {
              InfluxCaller.of(call).require(found.needed(InfluxAction.WRITE));
              if (found.bucket().system()) {
                throw InfluxErrors.SYSTEM_BUCKET.newException(Reason.INVALID_VALUE, "deleted");
              }
              return change(found, extras -> without(extras, id));
            })
        .map(done -> Reply.noContent());
  }

  private static InfluxOrganizationExtras without(InfluxOrganizationExtras extras, String id) {
    if (extras.bucket(id).isEmpty()) {
      throw newNotFoundException();
    }
    return extras.withoutBucket(id);
  }

  /** Changes a bucket that was found. Fails as {@link #find} does if its organization is gone. */
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

  // ---- for those who need a bucket

  /** Fails in the words that the server has for a bucket that isn't there. */
  Future<Found> find(String id) {
    return all()
        .map(
            found ->
                found.stream()
                    .filter(one -> one.bucket().id().equals(id))
                    .findFirst()
                    .orElseThrow(InfluxBuckets::newNotFoundException));
  }

  private static Found within(Organization org, String id) {
    return within(org).stream()
        .filter(one -> one.bucket().id().equals(id))
        .findFirst()
        .orElseThrow(InfluxBuckets::newNotFoundException);
  }

  private static RuntimeException newNotFoundException() {
    return InfluxErrors.BUCKET_NOT_FOUND.newException(Reason.INVALID_VALUE);
  }

  private Future<List<Found>> all() {
    return organizations
        .all()
        .map(orgs -> orgs.stream().flatMap(org -> within(org).stream()).toList());
  }

  private static List<Found> within(Organization org) {
    return Stream.concat(
            InfluxBucket.systemBuckets(org).stream(),
            InfluxOrganizationExtras.of(org).buckets().stream())
        .map(bucket -> new Found(org, bucket))
        .toList();
  }
}
