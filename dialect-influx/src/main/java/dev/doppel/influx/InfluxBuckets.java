package dev.doppel.influx;

import static dev.doppel.influx.InfluxPermission.BUCKETS;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorError;
import dev.doppel.influx.InfluxWire.BucketList;
import dev.doppel.influx.InfluxWire.BucketUpdate;
import dev.doppel.influx.InfluxWire.BucketView;
import dev.doppel.influx.InfluxWire.LabelBody;
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

    /** Returns a view without labels. */
    BucketView view() {
      return view(List.of());
    }

    private BucketView view(List<LabelBody> labels) {
      return BucketView.of(org, bucket, labels);
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
  private final InfluxStoredLabels labels;

  InfluxBuckets(Realm realm, InfluxOrganizations organizations) {
    this.realm = realm;
    this.organizations = organizations;
    labels = new InfluxStoredLabels(realm);
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
      return find(id.get()).compose(found -> shown(call, page, List.of(found)));
    }
    if (orgID.isEmpty() && orgName.isEmpty()) {
      return all().compose(found -> shown(call, page, page(found, page, name)));
    }
    return (orgID.isPresent()
            ? Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, organizations.find(orgID.get()))
            : organizations.find(orgName.orElseThrow()).map(Optional::of))
        .map(org -> org.map(InfluxBuckets::within).orElse(List.of()))
        .map(
            found ->
                name.isPresent() ? List.of(byName(found, name.get())) : pageByName(found, page))
        .compose(found -> shown(call, page, found));
  }

  private static Found byName(List<Found> all, String name) {
    return all.stream()
        .filter(found -> found.bucket().name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                InfluxErrors.BUCKET_NAME_NOT_FOUND.newException(
                    Reason.INVALID_VALUE, GoStrings.quote(name)));
  }

  /**
   * Returns a page over all organizations, in the order of ids. The offset counts the buckets of
   * other names, too.
   */
  private static List<Found> page(List<Found> all, InfluxPaging page, Optional<String> name) {
    return page.walk(all, found -> found.bucket().id()).stream()
        .skip(page.skipped())
        .filter(found -> name.isEmpty() || found.bucket().name().equals(name.get()))
        .limit(page.limit())
        .toList();
  }

  /**
   * Returns a page within one organization, in the order of names. The offset is counted before the
   * bucket to start after is looked for.
   */
  private static List<Found> pageByName(List<Found> all, InfluxPaging page) {
    var sorted = new ArrayList<>(all);
    sorted.sort(Comparator.comparing(found -> found.bucket().name(), TextOrder.BY_CODE_POINT));
    if (page.descending()) {
      Collections.reverse(sorted);
    }
    var skipped = sorted.stream().skip(page.skipped());
    return page.after()
        .map(id -> skipped.dropWhile(one -> !one.bucket().id().equals(id.toString())).skip(1))
        .orElse(skipped)
        .limit(page.limit())
        .toList();
  }

  private Future<Reply> shown(Call call, InfluxPaging page, List<Found> found) {
    var caller = InfluxCaller.of(call);
    return views(
            caller,
            found.stream().filter(one -> caller.may(one.needed(InfluxAction.READ))).toList())
        .map(views -> Reply.ok(new BucketList(links(call, page, views.size()), views)));
  }

  /** Returns views with the labels that the caller may list and read. */
  private Future<List<BucketView>> views(InfluxCaller caller, List<Found> found) {
    return labels
        .all()
        .map(
            all ->
                found.stream()
                    .map(
                        one ->
                            caller.may(InfluxStoredLabels.listing(one))
                                ? one.view(InfluxStoredLabels.readable(all, one, caller))
                                : one.view())
                    .toList());
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
    var retention =
        rules.isEmpty()
            ? InfluxRetention.ofSeconds(0, 0)
            : InfluxRetention.ofSeconds(
                seconds(rules.get(0).everySeconds()),
                seconds(rules.get(0).shardGroupDurationSeconds()));
    var wanted =
        bucket(
            Optional.ofNullable(body.name()).orElse(""),
            Optional.ofNullable(body.description()).orElse(""),
            Optional.ofNullable(body.rp()).orElse(""),
            retention);
    return organizations
        .find(org)
        .compose(found -> insert(found, wanted, retention))
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
  InfluxBucket bucket(String name, String description, String rp, InfluxRetention retention) {
    var now = GoTime.format(realm.clock().instant());
    var normalized = retention.normalized();
    return new InfluxBucket(
        InfluxId.text(InfluxId.random(realm.secrets())),
        checkedName(name),
        description,
        rp,
        normalized.everySeconds(),
        normalized.shardGroupSeconds(),
        now,
        now,
        List.of(),
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

  /**
   * Stores a new bucket.
   *
   * @param retention that was wanted for it; the server refuses it last
   */
  Future<Found> insert(Organization org, InfluxBucket bucket, InfluxRetention retention) {
    return organizations
        .changeExtras(
            org,
            extras -> {
              checkUnique(extras, bucket.name(), InfluxErrors.BUCKET_TAKEN);
              InfluxKeys.checkLength(bucket.name());
              retention.normalized().check();
              return extras.with(bucket);
            })
        .map(changed -> new Found(changed, bucket));
  }

  /** Throws an error about the name if a bucket has it. */
  private static void checkUnique(InfluxOrganizationExtras extras, String name, VendorError taken) {
    if (extras.buckets().stream().anyMatch(one -> one.name().equals(name))) {
      throw taken.newException(Reason.INVALID_VALUE, name);
    }
  }

  Future<Reply> get(Call call) {
    var caller = InfluxCaller.of(call);
    return find(routeId(call))
        .compose(
            found -> {
              caller.require(found.needed(InfluxAction.READ));
              return views(caller, List.of(found));
            })
        .map(views -> Reply.ok(views.get(0)));
  }

  private static String routeId(Call call) {
    return InfluxId.text(InfluxId.parse(call.parameter("bucketID")));
  }

  Future<Reply> update(Call call) {
    var id = routeId(call);
    var body = call.body(BucketUpdate.class);
    check(Optional.ofNullable(body.retentionRules()).orElse(List.of()));
    return find(id)
        .compose(
            found -> {
              var caller = InfluxCaller.of(call);
              if (body.name() != null) {
                caller.require(found.needed(InfluxAction.READ));
              }
              caller.require(found.needed(InfluxAction.WRITE));
              return organizations
                  .changeExtras(found.org(), extras -> updated(found.org(), extras, id, body))
                  .recover(InfluxBuckets::asNotFound);
            })
        .map(org -> Reply.ok(BucketView.of(org, within(org, id).bucket(), List.of())));
  }

  private InfluxOrganizationExtras updated(
      Organization org, InfluxOrganizationExtras extras, String id, BucketUpdate body) {
    var old = requireFound(org, extras, id);
    var rule =
        Optional.ofNullable(body.retentionRules()).flatMap(rules -> rules.stream().findFirst());
    var retention =
        InfluxRetention.of(old)
            .updated(
                rule.map(RetentionRule::everySeconds),
                rule.map(RetentionRule::shardGroupDurationSeconds));
    var changed =
        new InfluxBucket(
            id,
            renamed(extras, old, body.name()),
            body.description() == null ? old.description() : body.description(),
            old.rp(),
            retention.everySeconds(),
            retention.shardGroupSeconds(),
            old.createdAt(),
            GoTime.format(realm.clock().instant()),
            old.labelIDs(),
            old.userIDs());
    return extras.with(changed);
  }

  private static String renamed(
      InfluxOrganizationExtras extras, InfluxBucket old, @Nullable String name) {
    if (name == null || name.equals(old.name())) {
      return old.name();
    }
    if (old.system()) {
      throw InfluxErrors.SYSTEM_BUCKET.newException(Reason.INVALID_VALUE, "renamed");
    }
    checkedName(name);
    checkUnique(extras, name, InfluxErrors.BUCKET_NOT_UNIQUE);
    InfluxKeys.checkLength(name);
    return name;
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
              return realm.change(now -> in(now).delete(found));
            })
        .map(done -> Reply.noContent());
  }

  /** Deletes a bucket with its members and owners. */
  private Future<Void> delete(Found found) {
    var id = found.bucket().id();
    return organizations
        .find(found.org().id())
        .map(org -> within(org, id).bucket())
        .compose(
            bucket ->
                organizations
                    .changeExtras(found.org(), extras -> without(extras, id))
                    .compose(done -> InfluxMappings.removeUsers(realm.users(), List.of(bucket))))
        .recover(InfluxBuckets::asNotFound);
  }

  private static InfluxOrganizationExtras without(InfluxOrganizationExtras extras, String id) {
    if (extras.bucket(id).isEmpty()) {
      throw newNotFoundException();
    }
    return extras.withoutBucket(id);
  }

  private static <T> Future<T> asNotFound(Throwable thrown) {
    return InfluxOrganizations.<T>ifGone(InfluxBuckets::newNotFoundException).apply(thrown);
  }

  // ---- for operations of a bucket's members, owners and labels

  /** Finds a bucket. Fails with the server's 404 if there is none with this id. */
  Future<Found> find(String id) {
    return findIfPresent(id).map(found -> found.orElseThrow(InfluxBuckets::newNotFoundException));
  }

  /** Finds a bucket by id; empty if there is none. */
  Future<Optional<Found>> findIfPresent(String id) {
    return all()
        .map(found -> found.stream().filter(one -> one.bucket().id().equals(id)).findFirst());
  }

  /**
   * Changes a bucket that was found. Fails as {@link #find} does if it is gone. If the change
   * throws, the future fails and nothing is stored.
   */
  Future<Organization> change(Found found, UnaryOperator<InfluxBucket> change) {
    return organizations
        .changeExtras(
            found.org(),
            extras ->
                extras.with(change.apply(requireFound(found.org(), extras, found.bucket().id()))))
        .recover(InfluxBuckets::asNotFound);
  }

  /** Finds a bucket in what is stored of an organization now. */
  private static InfluxBucket requireFound(
      Organization org, InfluxOrganizationExtras extras, String id) {
    return within(org, extras)
        .filter(one -> one.id().equals(id))
        .findFirst()
        .orElseThrow(InfluxBuckets::newNotFoundException);
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
    return within(org, InfluxOrganizationExtras.of(org))
        .map(bucket -> new Found(org, bucket))
        .toList();
  }

  /** Returns the stored buckets, and those of the system that were never changed. */
  private static Stream<InfluxBucket> within(Organization org, InfluxOrganizationExtras extras) {
    return Stream.concat(
        InfluxBucket.systemBuckets(org).stream()
            .filter(unchanged -> extras.bucket(unchanged.id()).isEmpty()),
        extras.buckets().stream());
  }
}
