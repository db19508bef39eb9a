package dev.doppel.integration;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Random calls of InfluxDB. */
final class InfluxActions extends ModelActions {

  private static final List<String> IDS = List.of("00000000000000a1", "00000000000000a2");
  private static final List<String> ORGS = List.of("acme", "beta", "gamma");
  private static final List<String> MARKED_ORGS = List.of("doppel", "Doppel", "System", "SYSTEM");

  InfluxActions(AuthorityRun run) {
    super(run);
  }

  private Actor onInflux(Person person) {
    var kinds =
        Set.of(
            CredentialKind.INFLUX_SESSION,
            CredentialKind.INFLUX_TOKEN,
            CredentialKind.OPERATOR_TOKEN);
    var again = ended(kinds);
    if (again.isPresent()) {
      return again.get();
    }
    var tokens =
        model.credentials.stream()
            .filter(one -> one.alive() && one.kind == CredentialKind.INFLUX_TOKEN)
            .toList();
    if (!tokens.isEmpty() && run.chance(20)) {
      var token = run.pick(tokens);
      return new Actor(token.owner, token);
    }
    return new Actor(person, run.session(CredentialKind.INFLUX_SESSION, person, Optional.empty()));
  }

  private static String[] influxHeaders(Actor actor) {
    return actor.credential().kind == CredentialKind.INFLUX_SESSION
        ? new String[] {"Cookie", actor.credential().secret}
        : new String[] {"Authorization", "Token " + actor.credential().secret};
  }

  private Answer influx(Actor actor, String method, String path, JsonObject body) {
    return calls.influx(method, path, Optional.of(body), influxHeaders(actor));
  }

  private Answer influx(Actor actor, String method, String path) {
    return calls.influx(method, path, Optional.empty(), influxHeaders(actor));
  }

  /** Returns the permissions of a caller; a session includes those of its user's tokens. */
  private Set<String> permissions(Actor actor) {
    if (actor.credential().kind == CredentialKind.INFLUX_TOKEN) {
      return actor.credential().permissions;
    }
    var all = new TreeSet<String>();
    model.credentials.stream()
        .filter(one -> one.kind == CredentialKind.INFLUX_TOKEN && one.owner == actor.person())
        .forEach(one -> all.addAll(one.permissions));
    return all;
  }

  private Verdict onUser(Actor actor, Person user, boolean takesOver) {
    var verdict = accepted(actor);
    if (actor.administers()) {
      return verdict;
    }
    if (actor.credential().whole() && actor.person() == user) {
      return verdict;
    }
    var permissions = permissions(actor);
    return verdict.and(
        permissions.contains("write:users") || permissions.contains("write:users/" + user.id)
            ? byRight(actor.person(), user, takesOver)
            : Verdict.REFUSED);
  }

  void create() {
    if (full()) {
      return;
    }
    var actor = onInflux(somebody());
    var name = name();
    var id =
        run.chance(60)
            ? Optional.<String>empty()
            : Optional.of(
                run.chance(50) || model.formerIds.isEmpty()
                    ? run.pick(IDS)
                    : run.pick(model.formerIds));
    var allowed =
        actor.administers()
            ? Verdict.SUCCEEDS
            : permissions(actor).contains("write:users") ? Verdict.EITHER : Verdict.REFUSED;
    var verdict =
        accepted(actor)
            .and(allowed)
            .and(model.nameIsFree(name, Optional.empty()))
            .and(Verdict.of(id.filter(model.people::containsKey).isEmpty()));
    var body = new JsonObject().put("name", name);
    id.ifPresent(chosen -> body.put("id", chosen));
    perform(
        "InfluxDB create: " + actor + " creates '" + name + "' " + id.orElse(""),
        3,
        verdict,
        () -> influx(actor, "POST", "/users", body),
        answer -> make(answer.json().getString("id"), name));
  }

  void change() {
    var actor = onInflux(somebody());
    var user = run.chance(40) ? actor.person() : run.person();
    if (!user.exists) {
      return;
    }
    var verdict = onUser(actor, user, false);
    if (run.chance(50)) {
      var name = name();
      perform(
          "InfluxDB rename: " + actor + " renames " + user + " to '" + name + "'",
          3,
          verdict.and(model.nameIsFree(name, Optional.of(user))),
          () -> influx(actor, "PATCH", "/users/" + user.id, new JsonObject().put("name", name)),
          answer -> user.name = name);
    } else {
      var active = run.chance(60);
      perform(
          "InfluxDB status: " + actor + " makes " + user + " active=" + active,
          active ? 3 : 7,
          active ? verdict : verdict.and(model.withoutAdministrator(user)),
          () ->
              influx(
                  actor,
                  "PATCH",
                  "/users/" + user.id,
                  new JsonObject().put("status", active ? "active" : "inactive")),
          answer -> model.setActive(user, active));
    }
  }

  void delete() {
    var actor = onInflux(somebody());
    var user = run.chance(20) ? actor.person() : run.person();
    if (!user.exists) {
      return;
    }
    perform(
        "InfluxDB delete: " + actor + " deletes " + user,
        3,
        onUser(actor, user, false).and(model.withoutAdministrator(user)),
        () -> influx(actor, "DELETE", "/users/" + user.id),
        answer -> model.remove(user));
  }

  void password() {
    var actor = onInflux(somebody());
    var user = run.chance(20) ? actor.person() : run.person();
    if (!user.exists) {
      return;
    }
    var password = run.pick(PASSWORDS);
    perform(
        "InfluxDB password: " + actor + " sets that of " + user,
        3,
        onUser(actor, user, true),
        () ->
            influx(
                actor,
                "POST",
                "/users/" + user.id + "/password",
                new JsonObject().put("password", password)),
        answer -> user.password = Optional.of(password));
  }

  void createOrg() {
    var actor = onInflux(somebody());
    newOrg(actor, run.chance(20) ? run.pick(MARKED_ORGS) : run.pick(ORGS));
  }

  void newOrg(Actor actor, String name) {
    var allowed =
        actor.administers()
            ? Verdict.SUCCEEDS
            : permissions(actor).contains("write:orgs") ? Verdict.EITHER : Verdict.REFUSED;
    perform(
        "InfluxDB create organization: " + actor + " creates " + name,
        4,
        accepted(actor).and(allowed).and(orgNameIsFree(name)),
        () -> influx(actor, "POST", "/orgs", new JsonObject().put("name", name)),
        answer -> {
          var id = answer.json().getString("id");
          var org = new Org(id, Kind.ORDINARY, storedName(name, id));
          model.orgs.add(org);
          owners(org);
        });
  }

  /** Reads the owners of a new organization, since InfluxDB decides whether its creator is one. */
  private void owners(Org org) {
    var owners = run.watchInflux("/orgs/" + org.id + "/owners").json().getJsonArray("users");
    AuthorityCalls.objects(owners).stream()
        .map(user -> model.people.get(user.getString("id")))
        .forEach(user -> user.memberships.put(org.id, true));
  }

  private Verdict orgNameIsFree(String name) {
    return Verdict.of(
        model.orgs.stream()
            .filter(org -> org.kind != Kind.SYSTEM)
            .noneMatch(org -> org.name.replace(suffix(org.id), "").equals(name)));
  }

  /** Returns the name in every dialect but InfluxDB, which has no marked organizations. */
  private static String storedName(String name, String id) {
    return MARKED_ORGS.stream().anyMatch(name::equalsIgnoreCase) ? name + suffix(id) : name;
  }

  private static String suffix(String id) {
    return "-" + id;
  }

  private Verdict onOrg(Actor actor, Org org) {
    var verdict = accepted(actor);
    if (actor.administers() || (actor.credential().whole() && actor.person().owns(org))) {
      return verdict;
    }
    return verdict.and(
        permissions(actor).contains("write:orgs") ? Verdict.EITHER : Verdict.REFUSED);
  }

  private Optional<Org> ordinary() {
    var some = model.orgs.stream().filter(org -> org.kind == Kind.ORDINARY).toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(run.pick(some));
  }

  void renameOrg() {
    ordinary()
        .ifPresent(
            org -> {
              var actor = onInflux(ownerOrSomebody());
              var name = run.chance(40) ? run.pick(MARKED_ORGS) : run.pick(ORGS);
              var stored = storedName(name, org.id);
              perform(
                  "InfluxDB rename organization: " + actor + " renames " + org + " to " + name,
                  4,
                  onOrg(actor, org)
                      .and(stored.equals(org.name) ? Verdict.SUCCEEDS : orgNameIsFree(name))
                      .and(model.orgIsRenamed(org, stored)),
                  () ->
                      influx(actor, "PATCH", "/orgs/" + org.id, new JsonObject().put("name", name)),
                  answer -> org.name = stored);
            });
  }

  void deleteOrg() {
    ordinary()
        .ifPresent(
            org -> {
              var actor = onInflux(ownerOrSomebody());
              perform(
                  "InfluxDB delete organization: " + actor + " deletes " + org,
                  4,
                  onOrg(actor, org).and(model.goHome(atHome(org))),
                  () -> influx(actor, "DELETE", "/orgs/" + org.id),
                  answer -> model.remove(org));
            });
  }

  private List<Person> atHome(Org org) {
    return model.people.values().stream().filter(one -> model.isHome(one, org)).toList();
  }

  /** A right in InfluxDB alone can't add members, who would be members in all dialects. */
  private Verdict membership(Actor actor, Org org) {
    var verdict = onOrg(actor, org);
    var administers =
        actor.credential().whole() && (actor.person().administrator || actor.person().owns(org));
    return administers || actor.person().administrator || actor.person().owns(org)
        ? verdict
        : verdict.and(Verdict.REFUSED);
  }

  void addMember() {
    var org = visibleOrg();
    var actor = onInflux(ownerOrSomebody());
    addMember(actor, org, run.person(), run.chance(40));
  }

  void addMember(Actor actor, Org org, Person user, boolean owner) {
    var verdict =
        membership(actor, org)
            .and(Verdict.of(!user.memberships.containsKey(org.id)))
            .and(model.joins(user, org));
    if (user.administrator && !actor.administers()) {
      verdict = verdict.and(Verdict.EITHER);
    }
    perform(
        "InfluxDB add member: "
            + actor
            + " adds "
            + user
            + " to "
            + org
            + (owner ? " as owner" : ""),
        4,
        verdict,
        () ->
            influx(
                actor,
                "POST",
                "/orgs/" + org.id + (owner ? "/owners" : "/members"),
                new JsonObject().put("id", user.id)),
        answer -> user.memberships.put(org.id, owner));
  }

  void removeMember() {
    var org = visibleOrg();
    var actor = onInflux(ownerOrSomebody());
    var members = run.people().stream().filter(one -> one.memberships.containsKey(org.id)).toList();
    if (members.isEmpty()) {
      return;
    }
    var user = run.pick(members);
    var verdict = onOrg(actor, org);
    if (model.isHome(user, org)) {
      verdict = verdict.and(model.goHome(List.of(user)));
    }
    if (user.administrator && !actor.administers()) {
      verdict = verdict.and(Verdict.EITHER);
    }
    perform(
        "InfluxDB remove member: " + actor + " removes " + user + " from " + org,
        4,
        verdict,
        () -> influx(actor, "DELETE", "/orgs/" + org.id + "/members/" + user.id),
        answer -> model.leave(user, org));
  }

  void token() {
    var actor = onInflux(ownerOrSomebody());
    var user = run.chance(40) ? actor.person() : run.person();
    var org = visibleOrg();
    if (!user.exists) {
      return;
    }
    var all =
        List.of(
            "write:users",
            "read:users",
            "write:orgs",
            "read:orgs",
            "write:authorizations",
            "write:users/" + user.id,
            "read:users/" + user.id);
    var chosen = new TreeSet<String>();
    chosen.add(run.pick(all));
    if (run.chance(50)) {
      chosen.add(run.pick(all));
    }
    newToken(actor, user, org, chosen);
  }

  void newToken(Actor actor, Person user, Org org, Set<String> chosen) {
    var body = new JsonObject().put("orgID", org.id).put("userID", user.id);
    var list = new JsonArray();
    for (var permission : chosen) {
      var parts = permission.split("[:/]");
      var resource = new JsonObject().put("type", parts[1]);
      if (parts.length > 2) {
        resource.put("id", parts[2]);
      }
      list.add(new JsonObject().put("action", parts[0]).put("resource", resource));
    }
    perform(
        "InfluxDB token: " + actor + " makes one for " + user + " in " + org + " " + chosen,
        5,
        tokenVerdict(actor, user, org, chosen),
        () -> influx(actor, "POST", "/authorizations", body.put("permissions", list)),
        answer ->
            run.remember(
                CredentialKind.INFLUX_TOKEN,
                answer.json().getString("token"),
                user,
                Optional.empty(),
                chosen,
                false));
  }

  private Verdict tokenVerdict(Actor actor, Person user, Org org, Set<String> chosen) {
    var verdict = accepted(actor);
    if (actor.administers()) {
      return verdict;
    }
    var held = new HashSet<>(permissions(actor));
    if (actor.credential().whole()) {
      held.add("write:users/" + actor.person().id);
      held.add("read:users/" + actor.person().id);
    }
    var issues =
        held.contains("write:authorizations")
            || (actor.credential().whole() && actor.person().owns(org));
    var covered =
        chosen.stream().allMatch(one -> held.contains(one) || held.contains(one.split("/", 2)[0]));
    var reaches = held.contains("write:users") || held.contains("write:users/" + user.id);
    // A token of an administrator is protected, whatever its permissions are.
    return verdict.and(
        issues && covered && reaches && !user.administrator ? Verdict.EITHER : Verdict.REFUSED);
  }

  void signOut() {
    var actor = onInflux(somebody());
    if (actor.credential().kind != CredentialKind.INFLUX_SESSION) {
      return;
    }
    perform(
        "InfluxDB sign out: " + actor,
        7,
        Verdict.EITHER,
        () -> influx(actor, "POST", "/signout"),
        answer -> end(actor.credential()));
  }
}
