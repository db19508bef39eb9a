package dev.doppel.gateway;

import static dev.doppel.gateway.AuthorityCalls.base64;
import static dev.doppel.gateway.AuthorityCalls.cookie;
import static dev.doppel.gateway.AuthorityCalls.encoded;
import static dev.doppel.gateway.AuthorityCalls.objectId;
import static dev.doppel.gateway.AuthorityCalls.urn;
import static dev.doppel.gateway.AuthorityCalls.vcdToken;

import com.google.protobuf.Message;
import dev.doppel.gateway.AuthorityCalls.Answer;
import dev.doppel.gateway.AuthorityModel.Credential;
import dev.doppel.gateway.AuthorityModel.CredentialKind;
import dev.doppel.gateway.AuthorityModel.Kind;
import dev.doppel.gateway.AuthorityModel.Org;
import dev.doppel.gateway.AuthorityModel.Person;
import dev.doppel.gateway.AuthorityModel.Verdict;
import dev.doppel.gateway.AuthorityRun.Step;
import dev.doppel.milvus.grpc.CreateCredentialRequest;
import dev.doppel.milvus.grpc.DeleteCredentialRequest;
import dev.doppel.milvus.grpc.OperateUserRoleRequest;
import dev.doppel.milvus.grpc.UpdateCredentialRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The calls that people of all kinds make, chosen at random: names, ids, organizations and roles
 * come from small pools, so that they collide, change hands and come back all the time.
 */
final class AuthorityActions {

  private static final List<String> NAMES =
      List.of("ann", "bob", "cyd", "dan", "eve", "ann@x.io", "bob@x.io", "cyd@x.io");
  private static final List<String> ODD_NAMES =
      List.of("root", "administrator", "ROOT", " root", "Administrator", "ann@acme", "ann@doppel");
  private static final List<String> EMAILS =
      List.of("ann@x.io", "bob@x.io", "cyd@x.io", "Ann@x.io");
  private static final List<String> IDS = List.of("00000000000000a1", "00000000000000a2");
  private static final List<String> PASSWORDS =
      List.of("P@ssw0rd1", "N3w-P@ssw0rd", "3rd-P@ssw0rd");
  private static final List<String> ORGS = List.of("acme", "beta", "gamma");
  private static final List<String> MARKED_ORGS = List.of("doppel", "Doppel", "System", "SYSTEM");
  private static final List<String> ROLES = List.of("rd", "wr");
  private static final List<String> PRIVILEGES =
      List.of(
          "ClusterAdmin", "ManageOwnership", "CreateOwnership", "DropOwnership", "SelectOwnership");
  private static final int MAX_PEOPLE = 14;
  private static final String ADMIN = "admin";

  /** Somebody who calls, and with what. */
  private record Actor(Person person, Credential credential) {

    boolean administers() {
      return person.administrator && credential.whole();
    }

    @Override
    public String toString() {
      return person + " by " + credential.kind + (credential.ended ? " (ended)" : "");
    }
  }

  private final AuthorityRun run;
  private final AuthorityModel model;
  private final AuthorityCalls calls;
  private final AuthorityChecks checks;
  private final List<Runnable> actions = new ArrayList<>();

  AuthorityActions(AuthorityRun run, AuthorityChecks checks) {
    this.run = run;
    this.checks = checks;
    model = run.model;
    calls = run.calls;
    add(4, this::influxCreate);
    add(3, this::influxChange);
    add(3, this::influxDelete);
    add(4, this::influxPassword);
    add(2, this::influxCreateOrg);
    add(1, this::influxRenameOrg);
    add(1, this::influxDeleteOrg);
    add(5, this::influxAddMember);
    add(2, this::influxRemoveMember);
    add(3, this::influxToken);
    add(1, this::influxSignOut);
    add(3, this::milvusCreate);
    add(2, this::milvusDrop);
    add(2, this::milvusPassword);
    add(6, this::milvusRole);
    add(2, this::milvusMakeRole);
    add(2, this::milvusDropRole);
    add(2, this::milvusPrivilege);
    add(4, this::vcdCreate);
    add(9, this::vcdReplace);
    add(2, this::vcdDelete);
    add(2, this::vcdPassword);
    add(2, this::vcdApiToken);
    add(1, this::vcdSignOut);
    add(4, this::register);
    add(4, this::workspaceRole);
    add(1, this::workspaceDelete);
    add(2, this::workspacePassword);
    add(4, this::collaboratorRole);
    add(3, this::provision);
    add(1, this::changeOwner);
    add(2, this::refresh);
    add(9, this::signIn);
    add(2, this::sight);
  }

  private void add(int weight, Runnable action) {
    for (int i = 0; i < weight; i++) {
      actions.add(action);
    }
  }

  /**
   * Makes, as {@code root}, two organizations, an owner, a guest, a bearer of rights of InfluxDB
   * and one of rights of Milvus, so that what needs them doesn't have to come about by chance.
   */
  void prepare() {
    var root = run.people().get(0);
    var influx =
        new Actor(root, run.session(CredentialKind.INFLUX_SESSION, root, Optional.empty()));
    for (var name : List.of("acme", "beta")) {
      newOrg(influx, name);
    }
    var acme = model.orgs.get(model.orgs.size() - 2);
    var people = List.of("ann", "bob", "cyd", "dan");
    for (var name : people) {
      perform(
          "Milvus create: " + root + " creates '" + name + "'",
          3,
          Verdict.SUCCEEDS,
          () ->
              calls.milvus(
                  "users/create",
                  new JsonObject().put("userName", name).put("password", PASSWORDS.get(0)),
                  milvus(root)),
          answer -> make(run.idOf(name), name).password = Optional.of(PASSWORDS.get(0)));
    }
    addMember(influx, acme, named("ann"), true);
    addMember(influx, acme, named("bob"), false);
    newToken(influx, named("cyd"), model.defaultOrg(), new TreeSet<>(Set.of("write:users")));
    makeRole(root, "rd");
    privilege(root, "rd", "ClusterAdmin", true);
    role(root, named("dan"), "rd", true);
  }

  private Person named(String name) {
    return model.named(name).orElseThrow();
  }

  /** One step, decided by the seed and by what there is. */
  void step(long seed) {
    run.random = new Random(seed);
    run.pick(actions).run();
  }

  private void perform(
      String text, int sentence, Verdict verdict, Supplier<Answer> call, Consumer<Answer> effect) {
    run.perform(new Step(text, sentence, verdict, call, effect));
  }

  // People and what they show.

  /** Administrators half of the time, so that things happen. */
  private Person somebody() {
    var can = run.people().stream().filter(Person::signsIn).toList();
    var administrators = can.stream().filter(one -> one.administrator).toList();
    return run.pick(!administrators.isEmpty() && run.chance(50) ? administrators : can);
  }

  /** An owner of an organization, if there is one. */
  private Person ownerOrSomebody() {
    var owners = run.people().stream().filter(one -> one.signsIn() && one.ownsAny()).toList();
    return !owners.isEmpty() && run.chance(40) ? run.pick(owners) : somebody();
  }

  /** Now and then, what has ended is tried again. */
  private Optional<Actor> ended(Set<CredentialKind> kinds) {
    if (!run.chance(12)) {
      return Optional.empty();
    }
    var some =
        model.credentials.stream().filter(one -> kinds.contains(one.kind) && !one.alive()).toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(run.pick(some)).map(one -> new Actor(one.owner, one));
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

  private Actor onWorkspace(Person person) {
    return ended(Set.of(CredentialKind.WORKSPACE_TOKEN))
        .orElseGet(
            () ->
                new Actor(
                    person, run.session(CredentialKind.WORKSPACE_TOKEN, person, Optional.empty())));
  }

  /** A session in the organization; limited ones are taken if there are any. */
  private Optional<Actor> onVcd(Person person, Org org) {
    var again = ended(Set.of(CredentialKind.VCD_SESSION));
    if (again.isPresent()) {
      return again;
    }
    var limited =
        model.credentials.stream()
            .filter(one -> one.limited && one.alive() && !one.open)
            .filter(one -> one.kind == CredentialKind.VCD_SESSION)
            .toList();
    if (!limited.isEmpty() && run.chance(15)) {
      var one = run.pick(limited);
      return Optional.of(new Actor(one.owner, one));
    }
    return model.belongs(person, org) && isUnambiguous(person, org)
        ? Optional.of(
            new Actor(person, run.session(CredentialKind.VCD_SESSION, person, Optional.of(org))))
        : Optional.empty();
  }

  private boolean isUnambiguous(Person person, Org org) {
    return model.shownAs(AuthorityModel.shown(person, org), org).size() == 1;
  }

  private Verdict accepted(Actor actor) {
    return !actor.credential.alive()
        ? Verdict.REFUSED
        : actor.credential.open ? Verdict.EITHER : Verdict.SUCCEEDS;
  }

  private static String[] influxHeaders(Actor actor) {
    return actor.credential.kind == CredentialKind.INFLUX_SESSION
        ? new String[] {"Cookie", actor.credential.secret}
        : new String[] {"Authorization", "Token " + actor.credential.secret};
  }

  private Answer influx(Actor actor, String method, String path, JsonObject body) {
    return calls.influx(method, path, Optional.of(body), influxHeaders(actor));
  }

  private Answer influx(Actor actor, String method, String path) {
    return calls.influx(method, path, Optional.empty(), influxHeaders(actor));
  }

  private static String milvus(Person person) {
    return person.name + ":" + person.password.orElseThrow();
  }

  private Answer milvus(Person caller, String path, JsonObject body, String rpc, Message message) {
    return run.chance(50)
        ? calls.milvus(path, body, milvus(caller))
        : calls.grpc(rpc, message, milvus(caller));
  }

  private String name() {
    return run.chance(15) ? run.pick(ODD_NAMES) : run.pick(NAMES);
  }

  private boolean full() {
    return model.people.size() >= MAX_PEOPLE;
  }

  private Person make(String id, String name) {
    return model.add(new Person(id, name));
  }

  // InfluxDB.

  /** All that a caller's InfluxDB tokens permit; a session carries those of its user as well. */
  private Set<String> permissions(Actor actor) {
    if (actor.credential.kind == CredentialKind.INFLUX_TOKEN) {
      return actor.credential.permissions;
    }
    var all = new TreeSet<String>();
    model.credentials.stream()
        .filter(one -> one.kind == CredentialKind.INFLUX_TOKEN && one.owner == actor.person)
        .forEach(one -> all.addAll(one.permissions));
    return all;
  }

  private Verdict onUser(Actor actor, Person user, boolean takesOver) {
    var verdict = accepted(actor);
    if (actor.administers()) {
      return verdict;
    }
    if (actor.credential.whole() && actor.person == user) {
      return verdict;
    }
    var permissions = permissions(actor);
    return verdict.and(
        permissions.contains("write:users") || permissions.contains("write:users/" + user.id)
            ? byRight(actor.person, user, takesOver)
            : Verdict.REFUSED);
  }

  /** A right of one dialect may do what its bearer, as an owner, may do to the user anyway. */
  private Verdict byRight(Person caller, Person user, boolean takesOver) {
    return model.manages(caller, user) && !user.administrator
        ? Verdict.EITHER
        : model.byDialectRight(user, takesOver);
  }

  private void influxCreate() {
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

  private void influxChange() {
    var actor = onInflux(somebody());
    var user = run.chance(40) ? actor.person : run.person();
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

  private void influxDelete() {
    var actor = onInflux(somebody());
    var user = run.chance(20) ? actor.person : run.person();
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

  private void influxPassword() {
    var actor = onInflux(somebody());
    var user = run.chance(20) ? actor.person : run.person();
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

  private void influxCreateOrg() {
    var actor = onInflux(somebody());
    newOrg(actor, run.chance(20) ? run.pick(MARKED_ORGS) : run.pick(ORGS));
  }

  private void newOrg(Actor actor, String name) {
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
          var org = new Org(answer.json().getString("id"), Kind.ORDINARY, name);
          model.orgs.add(org);
          owners(org);
        });
  }

  /** Whether its maker owns it from the start is InfluxDB's to say. */
  private void owners(Org org) {
    var owners = run.watchInflux("/orgs/" + org.id + "/owners").json().getJsonArray("users");
    AuthorityCalls.objects(owners).stream()
        .map(user -> model.people.get(user.getString("id")))
        .forEach(user -> user.memberships.put(org.id, true));
  }

  private Verdict orgNameIsFree(String name) {
    return Verdict.of(
        model.orgs.stream().noneMatch(org -> org.name.equals(name))
            && MARKED_ORGS.stream().noneMatch(name::equalsIgnoreCase));
  }

  private Verdict onOrg(Actor actor, Org org) {
    var verdict = accepted(actor);
    if (actor.administers() || (actor.credential.whole() && actor.person.owns(org))) {
      return verdict;
    }
    return verdict.and(
        permissions(actor).contains("write:orgs") ? Verdict.EITHER : Verdict.REFUSED);
  }

  private Optional<Org> ordinary() {
    var some = model.orgs.stream().filter(org -> org.kind == Kind.ORDINARY).toList();
    return some.isEmpty() ? Optional.empty() : Optional.of(run.pick(some));
  }

  private void influxRenameOrg() {
    ordinary()
        .ifPresent(
            org -> {
              var actor = onInflux(ownerOrSomebody());
              var name = run.chance(40) ? run.pick(MARKED_ORGS) : run.pick(ORGS);
              perform(
                  "InfluxDB rename organization: " + actor + " renames " + org + " to " + name,
                  4,
                  onOrg(actor, org)
                      .and(name.equals(org.name) ? Verdict.SUCCEEDS : orgNameIsFree(name)),
                  () ->
                      influx(actor, "PATCH", "/orgs/" + org.id, new JsonObject().put("name", name)),
                  answer -> org.name = name);
            });
  }

  private void influxDeleteOrg() {
    ordinary()
        .ifPresent(
            org -> {
              var actor = onInflux(ownerOrSomebody());
              perform(
                  "InfluxDB delete organization: " + actor + " deletes " + org,
                  4,
                  onOrg(actor, org),
                  () -> influx(actor, "DELETE", "/orgs/" + org.id),
                  answer -> model.remove(org));
            });
  }

  private Org visibleOrg() {
    return run.pick(model.orgs.stream().filter(org -> org.kind != Kind.SYSTEM).toList());
  }

  /** A right that is InfluxDB's alone can't make members, who are that everywhere. */
  private Verdict membership(Actor actor, Org org) {
    var verdict = onOrg(actor, org);
    var administers =
        actor.credential.whole() && (actor.person.administrator || actor.person.owns(org));
    return administers || actor.person.administrator || actor.person.owns(org)
        ? verdict
        : verdict.and(Verdict.REFUSED);
  }

  private void influxAddMember() {
    var org = visibleOrg();
    var actor = onInflux(ownerOrSomebody());
    addMember(actor, org, run.person(), run.chance(40));
  }

  private void addMember(Actor actor, Org org, Person user, boolean owner) {
    var verdict = membership(actor, org).and(Verdict.of(!user.memberships.containsKey(org.id)));
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

  private void influxRemoveMember() {
    var org = visibleOrg();
    var actor = onInflux(ownerOrSomebody());
    var members = run.people().stream().filter(one -> one.memberships.containsKey(org.id)).toList();
    if (members.isEmpty()) {
      return;
    }
    var user = run.pick(members);
    var verdict = onOrg(actor, org);
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

  private void influxToken() {
    var actor = onInflux(ownerOrSomebody());
    var user = run.chance(40) ? actor.person : run.person();
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

  private void newToken(Actor actor, Person user, Org org, Set<String> chosen) {
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
    if (actor.credential.whole()) {
      held.add("write:users/" + actor.person.id);
      held.add("read:users/" + actor.person.id);
    }
    var issues =
        held.contains("write:authorizations")
            || (actor.credential.whole() && actor.person.owns(org));
    var covered =
        chosen.stream().allMatch(one -> held.contains(one) || held.contains(one.split("/", 2)[0]));
    var reaches = held.contains("write:users") || held.contains("write:users/" + user.id);
    // A token of an administrator is an administrator's, whatever it carries.
    return verdict.and(
        issues && covered && reaches && !user.administrator ? Verdict.EITHER : Verdict.REFUSED);
  }

  private void influxSignOut() {
    var actor = onInflux(somebody());
    if (actor.credential.kind != CredentialKind.INFLUX_SESSION) {
      return;
    }
    perform(
        "InfluxDB sign out: " + actor,
        7,
        Verdict.EITHER,
        () -> influx(actor, "POST", "/signout"),
        answer -> end(actor.credential));
  }

  private void end(Credential credential) {
    credential.ended = true;
    run.changeWatcher();
  }

  // Milvus, by either of its ways.

  private boolean holds(Person person, String... privileges) {
    return person.roles.stream()
        .map(role -> model.roles.getOrDefault(role, Set.of()))
        .anyMatch(
            granted ->
                granted.contains("ClusterAdmin")
                    || List.of(privileges).stream().anyMatch(granted::contains));
  }

  private Verdict milvusRight(Person caller, String privilege) {
    return caller.administrator
        ? Verdict.SUCCEEDS
        : holds(caller, privilege) ? Verdict.EITHER : Verdict.REFUSED;
  }

  private void milvusCreate() {
    if (full()) {
      return;
    }
    var caller = somebody();
    var name = name();
    var password = run.pick(PASSWORDS);
    var form = Verdict.of(name.matches("[A-Za-z_]\\w{0,31}"));
    perform(
        "Milvus create: " + caller + " creates '" + name + "'",
        3,
        milvusRight(caller, "CreateOwnership")
            .and(form)
            .and(model.nameIsFree(name, Optional.empty())),
        () ->
            milvus(
                caller,
                "users/create",
                new JsonObject().put("userName", name).put("password", password),
                "CreateCredential",
                CreateCredentialRequest.newBuilder()
                    .setUsername(name)
                    .setPassword(base64(password))
                    .build()),
        answer -> make(run.idOf(name), name).password = Optional.of(password));
  }

  private void milvusDrop() {
    var caller = somebody();
    var user = run.person();
    var right =
        caller.administrator
            ? model.withoutAdministrator(user).and(rootStays(user))
            : holds(caller, "DropOwnership")
                ? (caller == user ? Verdict.EITHER : byRight(caller, user, false))
                : Verdict.REFUSED;
    perform(
        "Milvus drop: " + caller + " drops " + user,
        3,
        right,
        () ->
            milvus(
                caller,
                "users/drop",
                new JsonObject().put("userName", user.name),
                "DeleteCredential",
                DeleteCredentialRequest.newBuilder().setUsername(user.name).build()),
        answer -> model.remove(user));
  }

  /** What Milvus lets happen to its own {@code root} is its own affair. */
  private static Verdict rootStays(Person user) {
    return user.builtIn ? Verdict.EITHER : Verdict.SUCCEEDS;
  }

  private void milvusPassword() {
    var caller = somebody();
    var user = run.chance(60) ? caller : run.person();
    var old = run.chance(80) ? user.password.orElse("N0-password") : run.pick(PASSWORDS);
    var wanted = run.pick(PASSWORDS);
    var right = user.password.equals(Optional.of(old)) ? Verdict.SUCCEEDS : Verdict.REFUSED;
    if (caller != user) {
      // Whoever knows the current password signs in as the user anyway.
      right =
          right.and(
              caller.administrator || holds(caller, "UpdateUser")
                  ? Verdict.EITHER
                  : Verdict.REFUSED);
    }
    if (old.equals(wanted)) {
      right = right.and(Verdict.EITHER);
    }
    perform(
        "Milvus password: " + caller + " changes that of " + user,
        3,
        right,
        () ->
            milvus(
                caller,
                "users/update_password",
                new JsonObject()
                    .put("userName", user.name)
                    .put("password", old)
                    .put("newPassword", wanted),
                "UpdateCredential",
                UpdateCredentialRequest.newBuilder()
                    .setUsername(user.name)
                    .setOldPassword(base64(old))
                    .setNewPassword(base64(wanted))
                    .build()),
        answer -> user.password = Optional.of(wanted));
  }

  private void milvusRole() {
    role(somebody(), run.person(), run.chance(60) ? ADMIN : run.pick(ROLES), run.chance(70));
  }

  private void role(Person caller, Person user, String role, boolean grants) {
    var right = milvusRight(caller, "ManageOwnership");
    if (role.equals(ADMIN)) {
      right =
          user.administrator == grants
              ? right.and(caller.administrator ? Verdict.SUCCEEDS : Verdict.EITHER)
              : Verdict.of(caller.administrator);
      if (!grants) {
        right = right.and(keepsAdmin(user) ? Verdict.EITHER : model.withoutAdministrator(user));
      }
    } else {
      right = right.and(Verdict.of(model.roles.containsKey(role)));
      if (user.administrator && !caller.administrator) {
        right = right.and(Verdict.EITHER);
      }
    }
    perform(
        "Milvus " + (grants ? "grant" : "revoke") + ": " + caller + " " + role + " of " + user,
        role.equals(ADMIN) ? 3 : 5,
        right,
        () ->
            milvus(
                caller,
                grants ? "users/grant_role" : "users/revoke_role",
                new JsonObject().put("userName", user.name).put("roleName", role),
                "OperateUserRole",
                OperateUserRoleRequest.newBuilder()
                    .setUsername(user.name)
                    .setRoleName(role)
                    .setType(grants ? 0 : 1)
                    .build()),
        answer -> {
          if (role.equals(ADMIN)) {
            user.administrator = grants || keepsAdmin(user);
          } else if (grants) {
            user.roles.add(role);
          } else {
            user.roles.remove(role);
          }
        });
  }

  /** Milvus's {@code root} may do everything with and without the role. */
  private static boolean keepsAdmin(Person user) {
    return user.builtIn && user.administrator;
  }

  private void milvusMakeRole() {
    makeRole(somebody(), run.pick(ROLES));
  }

  private void makeRole(Person caller, String role) {
    perform(
        "Milvus create role: " + caller + " " + role,
        5,
        milvusRight(caller, "CreateOwnership").and(Verdict.of(!model.roles.containsKey(role))),
        () -> calls.milvus("roles/create", new JsonObject().put("roleName", role), milvus(caller)),
        answer -> model.roles.put(role, new TreeSet<>()));
  }

  private void milvusDropRole() {
    var caller = somebody();
    var role = run.chance(20) ? ADMIN : run.pick(ROLES);
    var granted = model.roles.getOrDefault(role, Set.of());
    perform(
        "Milvus drop role: " + caller + " " + role,
        2,
        milvusRight(caller, "DropOwnership")
            .and(Verdict.of(model.roles.containsKey(role) && granted.isEmpty())),
        () -> calls.milvus("roles/drop", new JsonObject().put("roleName", role), milvus(caller)),
        answer -> {
          model.roles.remove(role);
          model.people.values().forEach(person -> person.roles.remove(role));
        });
  }

  private void milvusPrivilege() {
    privilege(somebody(), run.pick(ROLES), run.pick(PRIVILEGES), run.chance(70));
  }

  private void privilege(Person caller, String role, String privilege, boolean grants) {
    perform(
        "Milvus privilege: "
            + caller
            + (grants ? " grants " : " revokes ")
            + privilege
            + " of "
            + role,
        5,
        milvusRight(caller, "ManageOwnership").and(Verdict.of(model.roles.containsKey(role))),
        () ->
            calls.milvus(
                grants ? "roles/grant_privilege_v2" : "roles/revoke_privilege_v2",
                new JsonObject()
                    .put("roleName", role)
                    .put("privilege", privilege)
                    .put("dbName", "*")
                    .put("collectionName", "*"),
                milvus(caller)),
        answer -> {
          var granted = model.roles.computeIfAbsent(role, any -> new TreeSet<>());
          if (grants) {
            granted.add(privilege);
          } else {
            granted.remove(privilege);
          }
        });
  }

  // VMware Cloud Director.

  private Org sessionOrg(Person person) {
    var own = model.orgs.stream().filter(org -> model.belongs(person, org)).toList();
    return run.pick(own);
  }

  /** The organization that a request acts in: a provider's may be any. */
  private Org context(Actor actor) {
    var own = actor.credential.org.orElseThrow();
    return own.kind == Kind.SYSTEM && run.chance(70) ? run.pick(model.orgs) : own;
  }

  private Answer vcd(
      Actor actor, Org context, String method, String path, Optional<JsonObject> body) {
    var own = actor.credential.org.orElseThrow();
    var bearer = "Bearer " + actor.credential.secret;
    return own == context
        ? calls.vcd(method, path, body, bearer)
        : calls.vcd(method, path, body, bearer, "X-VMWARE-VCLOUD-TENANT-CONTEXT", urn(context));
  }

  private Verdict manages(Actor actor, Org org) {
    var verdict = accepted(actor);
    if (actor.credential.limited) {
      return Verdict.REFUSED;
    }
    var own = actor.credential.org.orElseThrow();
    var allowed =
        actor.person.administrator
            ? own.kind == Kind.SYSTEM || own == org
            : org.kind != Kind.SYSTEM && own == org && actor.person.owns(org);
    return verdict.and(Verdict.of(allowed));
  }

  private static JsonArray roles(String role) {
    return new JsonArray().add(new JsonObject().put("name", role));
  }

  private static String administratorOf(Org org) {
    return org.kind == Kind.SYSTEM ? "System Administrator" : "Organization Administrator";
  }

  private String roleIn(Org org, boolean administers) {
    return administers
        ? administratorOf(org)
        : org.kind == Kind.SYSTEM ? "Defer to Identity Provider" : "vApp User";
  }

  private void vcdCreate() {
    var person = ownerOrSomebody();
    if (full()) {
      return;
    }
    onVcd(person, sessionOrg(person))
        .ifPresent(
            actor -> {
              var org = context(actor);
              var name = name();
              var administers = run.chance(35);
              var email = run.chance(40) ? Optional.of(run.pick(EMAILS)) : Optional.<String>empty();
              var password = run.pick(PASSWORDS);
              var body =
                  new JsonObject()
                      .put("username", name)
                      .put("password", password)
                      .put("roleEntityRefs", roles(roleIn(org, administers)));
              email.ifPresent(address -> body.put("email", address));
              perform(
                  "VCD create: "
                      + actor
                      + " creates '"
                      + name
                      + "' in "
                      + org
                      + (administers ? " as administrator " : " ")
                      + email.orElse(""),
                  3,
                  manages(actor, org)
                      .and(vcdName(name, org, Optional.empty()))
                      .and(model.emailIsFree(email, Optional.empty())),
                  () -> vcd(actor, org, "POST", "/cloudapi/1.0.0/users", Optional.of(body)),
                  answer -> made(answer, org, administers, email, password));
            });
  }

  /** A namesake elsewhere doesn't matter; it may be the name of nobody else's e-mail address. */
  private Verdict vcdName(String name, Org org, Optional<Person> user) {
    if (!name.equals(name.toLowerCase(java.util.Locale.ROOT)) || name.contains(" ")) {
      return AuthorityModel.reserved(name) && user.filter(one -> one.builtIn).isEmpty()
          ? Verdict.REFUSED
          : Verdict.EITHER;
    }
    var taken =
        model.shownAs(name, org).stream().anyMatch(one -> user.isEmpty() || user.get() != one);
    if (taken) {
      return Verdict.REFUSED;
    }
    var free = model.nameIsFree(name, user);
    if (free != Verdict.REFUSED) {
      return free;
    }
    return AuthorityModel.reserved(name) ? Verdict.REFUSED : Verdict.EITHER;
  }

  private void made(
      Answer answer, Org org, boolean administers, Optional<String> email, String password) {
    var id = AuthorityCalls.idOf(answer.json().getString("id"));
    var shown = answer.json().getString("username");
    var person = make(id, keptName(id));
    if (!AuthorityModel.shown(person, org).equals(shown)) {
      throw run.violation(8, "'" + person.name + "' is shown as '" + shown + "' in " + org);
    }
    model.setEmail(person, email);
    person.password = Optional.of(password);
    switch (org.kind) {
      case SYSTEM -> {
        person.home = Optional.of(org);
        person.memberships.put(org.id, false);
        person.administrator = administers;
      }
      case DEFAULT -> person.memberships.put(org.id, administers);
      case ORDINARY -> {
        person.home = Optional.of(org);
        person.memberships.put(org.id, administers);
      }
    }
  }

  private String keptName(String id) {
    return run.watchInflux("/users/" + id).json().getString("name");
  }

  private void vcdReplace() {
    var person = ownerOrSomebody();
    onVcd(person, sessionOrg(person)).ifPresent(this::vcdReplace);
  }

  private void vcdReplace(Actor actor) {
    var org = context(actor);
    var within = run.people().stream().filter(one -> model.belongs(one, org)).toList();
    var user = within.isEmpty() || run.chance(25) ? run.person() : run.pick(within);
    var seen = run.watchVcd("/users/" + urn(user), org);
    var body =
        seen.ok()
            ? seen.json()
            : new JsonObject()
                .put("username", user.name)
                .put("enabled", user.active)
                .put("roleEntityRefs", roles(roleIn(org, false)));
    var verdict =
        manages(actor, org).and(within(actor, user, org)).and(reaches(actor.person, user, org));
    var before = body.copy();
    var change =
        switch (run.random.nextInt(5)) {
          case 0 -> password(user, body);
          case 1 -> email(user, body);
          case 2 -> enabled(actor, user, body);
          case 3 -> role(actor, user, org, body);
          default -> rename(user, org, body);
        };
    var own = isOwn(actor, org, user, before, body);
    perform(
        "VCD replace "
            + change.text.replaceAll(" .*", "")
            + ": "
            + actor
            + " of "
            + user
            + " in "
            + org
            + " "
            + change.text,
        4,
        own ? Verdict.EITHER : verdict.and(change.verdict),
        () -> vcd(actor, org, "PUT", "/cloudapi/1.0.0/users/" + urn(user), Optional.of(body)),
        answer -> {
          if (!own || change.text.equals("password")) {
            change.effect.run();
          }
        });
  }

  /**
   * Whether somebody who manages nobody replaces itself by the same, or changes its own password:
   * the vendor lets everybody do that.
   */
  private static boolean isOwn(
      Actor actor, Org org, Person user, JsonObject before, JsonObject after) {
    var rest = after.copy().put("password", before.getValue("password"));
    rest.put("roleEntityRefs", before.getValue("roleEntityRefs"));
    if (after.getValue("email") == null) {
      rest.put("email", before.getValue("email")); // it is not shown its own either
    }
    return actor.person == user
        && actor.credential.alive()
        && !actor.credential.limited
        && !user.administrator
        && !user.owns(org)
        && rest.equals(before)
        && !after.getJsonArray("roleEntityRefs").toString().contains("Administrator");
  }

  /** Sentence 4; whether an owner reaches its users from another organization is left open. */
  private Verdict reaches(Person caller, Person user, Org org) {
    if (!model.manages(caller, user)) {
      return Verdict.REFUSED;
    }
    return caller.administrator || model.isHome(user, org) ? Verdict.SUCCEEDS : Verdict.EITHER;
  }

  /** Whether an administrator reaches its users from any organization is the vendor's to say. */
  private Verdict within(Actor actor, Person user, Org org) {
    return model.belongs(user, org)
        ? Verdict.SUCCEEDS
        : actor.person.administrator ? Verdict.EITHER : Verdict.REFUSED;
  }

  private record Change(String text, Verdict verdict, Runnable effect) {}

  private Change password(Person user, JsonObject body) {
    var password = run.pick(PASSWORDS);
    body.put("password", password);
    return new Change("password", Verdict.SUCCEEDS, () -> user.password = Optional.of(password));
  }

  private Change email(Person user, JsonObject body) {
    var email = run.chance(80) ? Optional.of(run.pick(EMAILS)) : Optional.<String>empty();
    body.put("email", email.orElse(null));
    return new Change(
        "e-mail " + email.orElse("none"),
        model.emailIsFree(email, Optional.of(user)),
        () -> model.setEmail(user, email));
  }

  private Change enabled(Actor actor, Person user, JsonObject body) {
    var enabled = run.chance(60);
    body.put("enabled", enabled);
    var verdict = enabled ? Verdict.SUCCEEDS : model.withoutAdministrator(user);
    return new Change(
        "enabled " + enabled,
        actor.person == user && !enabled ? Verdict.REFUSED : verdict,
        () -> model.setActive(user, enabled));
  }

  private Change role(Actor actor, Person user, Org org, JsonObject body) {
    var administers = run.chance(50);
    body.put("roleEntityRefs", roles(roleIn(org, administers)));
    if (org.kind == Kind.SYSTEM) {
      var verdict = administers ? Verdict.SUCCEEDS : model.withoutAdministrator(user);
      return new Change(
          "role to " + roleIn(org, administers),
          actor.person == user && !administers ? Verdict.REFUSED : verdict,
          () -> {
            user.administrator = administers;
            if (!administers) {
              user.memberships.put(org.id, false); // a user that changes its role stays
            }
          });
    }
    var verdict =
        user.administrator
            ? Verdict.EITHER
            : actor.person == user && !administers ? Verdict.REFUSED : Verdict.SUCCEEDS;
    return new Change(
        "role to " + roleIn(org, administers),
        verdict,
        () -> {
          if (!user.administrator && (administers || user.owns(org))) {
            user.memberships.put(org.id, administers);
          }
        });
  }

  private Change rename(Person user, Org org, JsonObject body) {
    var name = name();
    body.put("username", name);
    var same = AuthorityModel.shown(user, org).equalsIgnoreCase(name);
    return new Change(
        "name to '" + name + "'",
        same ? Verdict.SUCCEEDS : vcdName(name, org, Optional.of(user)),
        () -> {
          user.name = keptName(user.id);
          if (!AuthorityModel.shown(user, org).equals(name)
              && !AuthorityModel.shown(user, org).equalsIgnoreCase(name)) {
            throw run.violation(8, "renamed to '" + name + "' but called '" + user.name + "'");
          }
        });
  }

  private void vcdDelete() {
    var person = ownerOrSomebody();
    onVcd(person, sessionOrg(person))
        .ifPresent(
            actor -> {
              var org = context(actor);
              var within = run.people().stream().filter(one -> model.belongs(one, org)).toList();
              var user = within.isEmpty() || run.chance(25) ? run.person() : run.pick(within);
              perform(
                  "VCD delete: " + actor + " deletes " + user + " in " + org,
                  4,
                  manages(actor, org)
                      .and(within(actor, user, org))
                      .and(Verdict.of(actor.person != user))
                      .and(reaches(actor.person, user, org))
                      .and(model.withoutAdministrator(user)),
                  () ->
                      vcd(
                          actor,
                          org,
                          "DELETE",
                          "/cloudapi/1.0.0/users/" + urn(user),
                          Optional.empty()),
                  answer -> model.remove(user));
            });
  }

  private void vcdPassword() {
    var person = somebody();
    onVcd(person, sessionOrg(person))
        .ifPresent(
            actor -> {
              var user = run.chance(70) ? actor.person : run.person();
              if (!user.exists) {
                return;
              }
              var old = run.chance(80) ? user.password.orElse("N0-password") : "Wr0ng-P@ss";
              var wanted = run.pick(PASSWORDS);
              perform(
                  "VCD change password: " + actor + " of " + user,
                  3,
                  accepted(actor)
                      .and(
                          Verdict.of(
                              actor.person == user
                                  && !actor.credential.limited
                                  && user.password.equals(Optional.of(old))
                                  && !old.equals(wanted))),
                  () ->
                      calls.vcd(
                          "POST",
                          "/cloudapi/1.0.0/users/" + urn(user) + "/changePassword",
                          Optional.of(
                              new JsonObject()
                                  .put("currentPassword", old)
                                  .put("newPassword", wanted)),
                          "Bearer " + actor.credential.secret),
                  answer -> user.password = Optional.of(wanted));
            });
  }

  private static String oauth(Org org) {
    return org.kind == Kind.SYSTEM ? "/oauth/provider" : "/oauth/tenant/" + org.name;
  }

  /** Registers one, or makes a session of one. */
  private void vcdApiToken() {
    var tokens =
        model.credentials.stream().filter(one -> one.kind == CredentialKind.VCD_API_TOKEN).toList();
    if (!tokens.isEmpty() && run.chance(60)) {
      vcdUse(run.pick(tokens));
      return;
    }
    var person = somebody();
    onVcd(person, sessionOrg(person)).ifPresent(this::vcdRegister);
  }

  private void vcdRegister(Actor actor) {
    var org = actor.credential.org.orElseThrow();
    if (!model.orgs.contains(org)) {
      return;
    }
    var verdict = actor.credential.limited ? Verdict.REFUSED : accepted(actor);
    var bearer = "Bearer " + actor.credential.secret;
    perform(
        "VCD register API token: " + actor,
        5,
        verdict,
        () ->
            calls.vcd(
                "POST",
                oauth(org) + "/register",
                Optional.of(new JsonObject().put("client_name", "laptop")),
                bearer),
        registered -> {
          var form =
              "grant_type=%s&assertion=%s&client_id=%s"
                  .formatted(
                      encoded("urn:ietf:params:oauth:grant-type:jwt-bearer"),
                      actor.credential.secret,
                      registered.json().getString("client_id"));
          var given = calls.vcdForm(oauth(org) + "/token", form);
          if (!given.ok()) {
            throw run.violation(5, "an API token is registered and not handed out: " + given);
          }
          run.remember(
              CredentialKind.VCD_API_TOKEN,
              given.json().getString("refresh_token"),
              actor.person,
              Optional.of(org),
              Set.of(),
              true);
        });
  }

  private void vcdUse(Credential token) {
    var org = token.org.orElseThrow();
    var verdict =
        !token.alive() || !model.orgs.contains(org) || !model.belongs(token.owner, org)
            ? Verdict.REFUSED
            : token.open ? Verdict.EITHER : Verdict.SUCCEEDS;
    perform(
        "VCD use API token: of " + token.owner + " in " + org,
        7,
        verdict,
        () ->
            calls.vcdForm(
                oauth(org) + "/token",
                "grant_type=refresh_token&refresh_token=" + encoded(token.secret)),
        answer ->
            run.remember(
                CredentialKind.VCD_SESSION,
                answer.json().getString("access_token"),
                token.owner,
                Optional.of(org),
                Set.of(),
                true));
  }

  private void vcdSignOut() {
    var person = somebody();
    onVcd(person, sessionOrg(person))
        .ifPresent(
            actor ->
                perform(
                    "VCD sign out: " + actor,
                    7,
                    accepted(actor),
                    () ->
                        calls.vcd(
                            "DELETE",
                            "/cloudapi/1.0.0/sessions/current",
                            Optional.empty(),
                            "Bearer " + actor.credential.secret),
                    answer -> end(actor.credential)));
  }

  // Applivery Workspace.

  /** By an outsider. */
  private void register() {
    if (full()) {
      return;
    }
    var email =
        run.chance(15)
            ? run.pick(List.of("root@doppel.invalid", "x@doppel.invalid"))
            : run.pick(EMAILS);
    var name = email.toLowerCase(java.util.Locale.ROOT);
    var password = run.pick(PASSWORDS);
    perform(
        "Workspace register: an outsider as " + email,
        2,
        model
            .nameIsFree(name, Optional.empty())
            .and(model.emailIsFree(Optional.of(name), Optional.empty()))
            .and(Verdict.of(model.identify(name).isEmpty())),
        () ->
            calls.workspace(
                "POST",
                "/auth/register",
                Optional.of(
                    new JsonObject()
                        .put("email", email)
                        .put("password", password)
                        .put("firstName", "A")
                        .put("lastName", "B")
                        .put("newsletter", false)),
                Optional.empty()),
        answer -> {
          var person = make(run.idOf(name), name);
          model.setEmail(person, Optional.of(name));
          person.password = Optional.of(password);
        });
  }

  private Answer workspace(Actor actor, String method, String path, Optional<JsonObject> body) {
    return calls.workspace(method, path, body, Optional.of(actor.credential.secret));
  }

  private void workspaceRole() {
    var actor = onWorkspace(somebody());
    var user = run.chance(25) ? actor.person : run.person();
    var role = run.chance(60) ? ADMIN : "user";
    if (!user.exists) {
      return;
    }
    var verdict = accepted(actor);
    if (actor.person != user) {
      verdict = verdict.and(Verdict.of(actor.person.administrator));
      if (role.equals("user")) {
        verdict = verdict.and(model.withoutAdministrator(user));
      }
    } else {
      verdict = verdict.and(Verdict.EITHER);
    }
    perform(
        "Workspace role: " + actor + " makes " + user + " " + role,
        3,
        verdict,
        () ->
            workspace(
                actor,
                "PUT",
                "/users/" + objectId(user),
                Optional.of(new JsonObject().put("role", role))),
        answer -> {
          if (actor.person != user) {
            user.administrator = role.equals(ADMIN);
          } else if (user.administrator
              && !ADMIN.equals(answer.json().getJsonObject("data").getString("role"))) {
            if (model.withoutAdministrator(user) == Verdict.REFUSED) {
              throw run.violation(7, "the last administrator steps down: " + user);
            }
            user.administrator = false;
          }
        });
  }

  private void workspaceDelete() {
    var actor = onWorkspace(somebody());
    var user = run.chance(60) ? actor.person : run.person();
    if (!user.exists) {
      return;
    }
    perform(
        "Workspace delete: " + actor + " deletes " + user,
        3,
        accepted(actor)
            .and(Verdict.of(actor.person == user || actor.person.administrator))
            .and(model.withoutAdministrator(user)),
        () -> workspace(actor, "DELETE", "/users/" + objectId(user), Optional.empty()),
        answer -> model.remove(user));
  }

  private void workspacePassword() {
    var actor = onWorkspace(somebody());
    var user = run.chance(60) ? actor.person : run.person();
    if (!user.exists) {
      return;
    }
    var old = run.chance(70) ? user.password.orElse("N0-password") : "Wr0ng-P@ss";
    var wanted = run.pick(PASSWORDS);
    perform(
        "Workspace change password: " + actor + " of " + user,
        3,
        accepted(actor)
            .and(
                Verdict.of(
                    (actor.person == user || actor.person.administrator)
                        && user.password.equals(Optional.of(old)))),
        () ->
            workspace(
                actor,
                "POST",
                "/users/" + objectId(user) + "/change-password",
                Optional.of(new JsonObject().put("oldPassword", old).put("newPassword", wanted))),
        answer -> user.password = Optional.of(wanted));
  }

  private void collaboratorRole() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var user = run.person();
    var role = run.pick(List.of(ADMIN, "viewer", "editor"));
    var verdict =
        accepted(actor)
            .and(Verdict.of(actor.person.administrator || actor.person.owns(org)))
            .and(Verdict.of(model.belongs(user, org)));
    if (user.owns(org) || (user.administrator && !actor.person.administrator)) {
      verdict = verdict.and(Verdict.EITHER);
    }
    perform(
        "Workspace collaborator: " + actor + " makes " + user + " " + role + " of " + org,
        4,
        verdict,
        () ->
            workspace(
                actor,
                "PUT",
                "/organizations/" + org.name + "/collaborators/" + objectId(user),
                Optional.of(new JsonObject().put("role", role))),
        answer -> user.memberships.put(org.id, role.equals(ADMIN)));
  }

  private void provision() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var email = run.pick(EMAILS);
    var name = email.toLowerCase(java.util.Locale.ROOT);
    var known = model.identify(name);
    if (known.isEmpty() && full()) {
      return;
    }
    var verdict =
        accepted(actor).and(Verdict.of(actor.person.administrator || actor.person.owns(org)));
    if (known.isEmpty()) {
      verdict = verdict.and(model.nameIsFree(name, Optional.empty()));
    } else if (!actor.person.administrator) {
      // A stranger's consent is asked for; who is a member already is told so.
      verdict = verdict.and(model.belongs(known.get(), org) ? Verdict.EITHER : Verdict.REFUSED);
    }
    perform(
        "Workspace provision: " + actor + " provisions " + email + " in " + org,
        4,
        verdict,
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.name + "/oem/users",
                Optional.of(new JsonObject().put("email", email))),
        answer -> provisioned(name, known, org));
  }

  private void provisioned(String name, Optional<Person> known, Org org) {
    if (known.isPresent()) {
      if (!model.belongs(known.get(), org)) {
        known.get().memberships.put(org.id, false);
      }
      return;
    }
    var person = make(run.idOf(name), name);
    model.setEmail(person, Optional.of(name));
    person.memberships.put(org.id, false);
    if (org.kind == Kind.ORDINARY) {
      person.home = Optional.of(org);
    }
  }

  private void changeOwner() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var user = run.person();
    var verdict =
        accepted(actor)
            .and(
                actor.person.administrator || actor.person.owns(org)
                    ? Verdict.EITHER
                    : Verdict.REFUSED)
            .and(Verdict.of(model.belongs(user, org)));
    perform(
        "Workspace change owner: " + actor + " to " + user + " of " + org,
        4,
        verdict,
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.name + "/change-owner",
                Optional.of(new JsonObject().put("newOwner", objectId(user)))),
        answer -> user.memberships.put(org.id, true));
  }

  private void refresh() {
    var some =
        model.credentials.stream()
            .filter(one -> one.kind == CredentialKind.WORKSPACE_REFRESH)
            .toList();
    if (some.isEmpty()) {
      return;
    }
    var token = run.pick(some);
    perform(
        "Workspace refresh: " + token.owner,
        7,
        !token.alive() ? Verdict.REFUSED : Verdict.SUCCEEDS,
        () ->
            calls.workspace(
                "POST",
                "/auth/refresh",
                Optional.of(
                    new JsonObject()
                        .put("lastAccessToken", token.companion.orElseThrow())
                        .put("refreshToken", token.secret)),
                Optional.empty()),
        answer -> {
          token.ended = true; // it rotates
          model.credentials.stream()
              .filter(one -> one.secret.equals(token.companion.orElseThrow()))
              .forEach(one -> one.open = true);
          run.workspaceTokens(answer, token.owner);
        });
    run.changeWatcher();
  }

  // Signing in, and looking.

  /** By each identifier, with a password that is somebody's. */
  private void signIn() {
    var user = run.person();
    var password = run.chance(80) ? user.password.orElse("N0-password") : run.pick(PASSWORDS);
    var right = user.active && user.password.equals(Optional.of(password));
    switch (run.random.nextInt(5)) {
      case 0 -> influxSignIn(user, password, right);
      case 1 -> milvusSignIn(user, password, right);
      case 2 -> vcdSignIn(user, password);
      case 3 -> workspaceSignIn(user.name, password);
      default -> workspaceSignIn(user.email.orElse(run.pick(EMAILS)), password);
    }
  }

  private void influxSignIn(Person user, String password, boolean right) {
    // The vendor lets the inactive in, and refuses them everything then.
    var verdict = right ? Verdict.SUCCEEDS : user.active ? Verdict.REFUSED : Verdict.EITHER;
    perform(
        "sign in: InfluxDB as " + user,
        8,
        verdict,
        () -> calls.influxSignIn(user.name, password),
        answer -> {
          var one =
              run.remember(
                  CredentialKind.INFLUX_SESSION,
                  cookie(answer),
                  user,
                  Optional.empty(),
                  Set.of(),
                  false);
          // Begun while inactive: what activation does to it is left open.
          one.open = !user.active;
          checks.check(one);
        });
  }

  private void milvusSignIn(Person user, String password, boolean right) {
    perform(
        "sign in: Milvus as " + user,
        8,
        Verdict.of(right),
        () ->
            calls.milvus(
                "users/describe",
                new JsonObject().put("userName", user.name),
                user.name + ":" + password),
        answer -> {});
  }

  private void vcdSignIn(Person person, String password) {
    var org = run.pick(model.orgs);
    var shown = AuthorityModel.shown(person, org);
    var known = model.shownAs(shown, org);
    var user = known.size() == 1 ? known.get(0) : person;
    var verdict = Verdict.of(user.active && user.password.equals(Optional.of(password)));
    if (!model.belongs(user, org)) {
      verdict = verdict.and(user.administrator ? Verdict.EITHER : Verdict.REFUSED);
    }
    if (known.size() > 1) {
      verdict = Verdict.EITHER;
    }
    var typed = user.builtIn && org.kind == Kind.SYSTEM && run.chance(50) ? "administrator" : shown;

    perform(
        "sign in: VCD as " + typed + "@" + org + " who is " + user,
        8,
        verdict,
        () -> calls.vcdSignIn(typed, org.name, password),
        answer -> {
          var id = AuthorityCalls.idOf(answer.json().getJsonObject("user").getString("id"));
          var who =
              known.size() > 1 ? Optional.ofNullable(model.people.get(id)) : Optional.of(user);
          if (who.isEmpty() || !who.get().id.equals(id)) {
            throw run.violation(8, user + " signs in as " + id);
          }
          checks.check(
              run.remember(
                  CredentialKind.VCD_SESSION,
                  vcdToken(answer),
                  who.get(),
                  Optional.of(org),
                  Set.of(),
                  false));
        });
  }

  /** By a name or an e-mail address, which is whose the model says. */
  private void workspaceSignIn(String identifier, String password) {
    var user = model.identify(identifier);
    var right =
        user.filter(one -> one.active && one.password.equals(Optional.of(password))).isPresent();
    var othersName =
        model.people.values().stream()
            .anyMatch(one -> one.name.equalsIgnoreCase(identifier) && !one.name.equals(identifier));
    perform(
        "sign in: Workspace as "
            + identifier
            + " who is "
            + user.map(Person::toString).orElse("nobody"),
        8,
        othersName ? Verdict.EITHER : Verdict.of(right),
        () -> calls.workspaceSignIn(identifier, password),
        answer -> {
          var id =
              answer
                  .json()
                  .getJsonObject("data")
                  .getJsonObject("user")
                  .getString("id")
                  .substring(8);
          if (user.isEmpty() || !user.get().id.equals(id)) {
            throw run.violation(8, identifier + " signs in as " + id + ", not as " + user);
          }
          run.workspaceTokens(answer, user.get());
        });
  }

  private void sight() {
    var person = run.person();
    checks.sight(person, run.pick(model.orgs));
    checks.vcdSight(person, run.pick(model.orgs));
    checks.lists(person);
  }
}
