package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.SecretList;
import dev.doppel.influx.InfluxWire.SecretsToDelete;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.TextOrder;
import dev.doppel.wire.go.GoJson;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The secrets of an organization: their names alone, since no operation reads a value (2.9.1:
 * secret/http_server.go).
 */
final class InfluxSecrets {

  /** The maximum number of secrets of an organization; the server has no limit. */
  private static final int MAX_SECRETS = 1_000;

  private final InfluxOrganizations organizations;

  InfluxSecrets(InfluxOrganizations organizations) {
    this.organizations = organizations;
  }

  private Future<Organization> organization(Call call) {
    return InfluxSubresource.organization(call, organizations);
  }

  private static void require(Call call, Organization org, InfluxAction action) {
    InfluxCaller.of(call)
        .require(InfluxPermission.in(action, InfluxPermission.SECRETS, org.id().toString()));
  }

  Future<Reply> list(Call call) {
    return organization(call)
        .map(
            org -> {
              require(call, org, InfluxAction.READ);
              return Reply.ok(
                  SecretList.of(org.id().toString(), InfluxOrganizationExtras.of(org).secrets()));
            });
  }

  /** Sets the secrets of the body; others stay. Fails if there would be too many. */
  Future<Reply> put(Call call) {
    return organization(call)
        .compose(
            org -> {
              var names = read(call);
              require(call, org, InfluxAction.WRITE);
              return organizations.changeExtras(org, extras -> with(extras, names));
            })
        .map(done -> Reply.noContent());
  }

  private static Collection<String> read(Call call) {
    try {
      return GoJson.readMap(call.body()).keySet();
    } catch (GoJson.UnreadableException unreadable) {
      throw Failure.of(Reason.MALFORMED_BODY, unreadable.text());
    }
  }

  private static InfluxOrganizationExtras with(
      InfluxOrganizationExtras extras, Collection<String> names) {
    names.forEach(InfluxKeys::checkLength);
    var all = new TreeSet<String>(TextOrder.BY_CODE_POINT);
    all.addAll(extras.secrets());
    all.addAll(names);
    if (all.size() > MAX_SECRETS) {
      throw InfluxErrors.UNPROCESSABLE.newException(
          Reason.INVALID_VALUE, "an organization can have " + MAX_SECRETS + " secrets at most");
    }
    return extras.withSecrets(List.copyOf(all));
  }

  Future<Reply> deleteAll(Call call) {
    return organization(call)
        .compose(
            org -> {
              var body = call.body(SecretsToDelete.class);
              return delete(call, org, Optional.ofNullable(body.secrets()).orElse(List.of()));
            });
  }

  Future<Reply> delete(Call call) {
    return organization(call)
        .compose(org -> delete(call, org, List.of(call.parameter("secretID"))));
  }

  /** Deletes the secrets with these names; other names are ignored. */
  private Future<Reply> delete(Call call, Organization org, List<String> names) {
    require(call, org, InfluxAction.WRITE);
    return organizations.changeExtras(org, extras -> without(extras, names)).map(Reply.noContent());
  }

  private static InfluxOrganizationExtras without(
      InfluxOrganizationExtras extras, List<String> names) {
    var deleted = new HashSet<>(names);
    return extras.withSecrets(
        extras.secrets().stream().filter(name -> !deleted.contains(name)).toList());
  }
}
