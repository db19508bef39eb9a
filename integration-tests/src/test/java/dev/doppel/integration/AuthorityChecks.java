package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.objects;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.Credential;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Reads a realm through all dialects and compares it with the model. */
final class AuthorityChecks {

  private static final String ADMIN = "admin";
  private static final String SYSTEM_ADMINISTRATOR = "System Administrator";
  private static final String ORGANIZATION_ADMINISTRATOR = "Organization Administrator";

  private final AuthorityRun run;
  private final AuthorityModel model;
  private final AuthorityCalls calls;

  AuthorityChecks(AuthorityRun run) {
    this.run = run;
    model = run.model;
    calls = run.calls;
  }

  /** Checks, after every step, all lists and a sample of the details. */
  void cheap() {
    // Whether a session outlives the membership that it belongs to depends on the vendor.
    model.credentials.stream()
        .filter(one -> !one.isBearer())
        .filter(one -> one.org.filter(org -> !model.belongs(one.owner, org)).isPresent())
        .forEach(one -> one.open = true);
    influxUsers();
    milvusRoles();
    vcdUsers(model.system());
    vcdUsers(run.pick(model.orgs));
    eyesOn(run.person());
    for (int i = 0; i < 2 && !model.credentials.isEmpty(); i++) {
      check(run.pick(model.credentials));
    }
    if (run.chance(25)) {
      elsewhere(run.pick(model.credentials));
    }
    var revenants =
        model.credentials.stream()
            .filter(one -> !one.owner.exists && model.people.containsKey(one.owner.id))
            .toList();
    if (!revenants.isEmpty()) {
      check(run.pick(revenants));
    }
    // Errors are most likely in what was created or ended last.
    check(model.credentials.get(model.credentials.size() - 1));
  }

  /** Checks everything. */
  void full() {
    cheap();
    model.orgs.forEach(this::vcdUsers);
    model.orgs.forEach(this::influxMembers);
    run.people().forEach(this::eyesOn);
    List.copyOf(model.credentials).forEach(this::check);
  }

  private void expect(int sentence, String what, Object expected, Object seen) {
    if (!expected.equals(seen)) {
      throw run.violation(sentence, what + ": expected " + expected + " but is " + seen);
    }
  }

  private Answer ok(int sentence, String what, Answer answer) {
    if (!answer.ok()) {
      throw run.violation(sentence, what + " is refused: " + answer);
    }
    return answer;
  }

  private void influxUsers() {
    var answer = ok(2, "an administrator's list in InfluxDB", run.watchInflux("/users?limit=100"));
    var seen =
        objects(answer.json().getJsonArray("users")).stream()
            .map(
                user ->
                    user.getString("id")
                        + " "
                        + user.getString("name")
                        + " "
                        + user.getString("status"))
            .collect(Collectors.toCollection(TreeSet::new));
    var expected =
        model.people.values().stream()
            .map(one -> one.id + " " + one.name + " " + (one.active ? "active" : "inactive"))
            .collect(Collectors.toCollection(TreeSet::new));
    expect(3, "users", expected, seen);
  }

  private void milvusRoles() {
    var seen = new TreeMap<String, List<String>>();
    calls
        .milvusRoles(run.watcher().milvus())
        .forEach(one -> seen.put(one.getKey(), one.getValue()));
    var expected = new TreeMap<String, List<String>>();
    for (var person : model.people.values()) {
      var roles = new TreeSet<>(person.roles);
      // Milvus's root has all rights, with and without the role.
      if (person.administrator
          && (!person.builtIn || seen.getOrDefault(person.name, List.of()).contains(ADMIN))) {
        roles.add(ADMIN);
      }
      expected.put(person.name, List.copyOf(roles));
    }
    expect(2, "roles in Milvus", expected, seen);
  }

  private void vcdUsers(Org org) {
    var answer =
        ok(2, "an administrator's list in VCD of " + org, run.watchVcd("/users?pageSize=128", org));
    var seen = new TreeMap<String, String>();
    for (var user : objects(answer.json().getJsonArray("values"))) {
      var roles = user.getJsonArray("roleEntityRefs").toString();
      var role =
          roles.contains(SYSTEM_ADMINISTRATOR) || roles.contains(ORGANIZATION_ADMINISTRATOR)
              ? "administrator"
              : "other";
      seen.put(
          AuthorityCalls.idOf(user.getString("id")),
          user.getString("username")
              + " "
              + role
              + " "
              + user.getBoolean("enabled")
              + " "
              + user.getString("email"));
    }
    var expected = new TreeMap<String, String>();
    for (var person : model.people.values()) {
      if (model.belongs(person, org) || (org.kind == Kind.SYSTEM && person.administrator)) {
        var administers = person.administrator || (org.kind != Kind.SYSTEM && person.owns(org));
        expected.put(
            person.id,
            AuthorityModel.shown(person, org)
                + " "
                + (administers ? "administrator" : "other")
                + " "
                + person.active
                + " "
                + person.email.orElse(null));
      }
    }
    expect(org.kind == Kind.SYSTEM ? 1 : 4, "users of " + org + " in VCD", expected, seen);
  }

  private void influxMembers(Org org) {
    if (org.kind == Kind.SYSTEM) {
      return;
    }
    for (var role : List.of("owner", "member")) {
      var answer = ok(2, role + "s", run.watchInflux("/orgs/" + org.id + "/" + role + "s"));
      var seen =
          objects(answer.json().getJsonArray("users")).stream()
              .map(user -> user.getString("id"))
              .collect(Collectors.toCollection(TreeSet::new));
      var expected =
          model.people.values().stream()
              .filter(one -> one.memberships.containsKey(org.id))
              .filter(one -> one.owns(org) == role.equals("owner"))
              .map(one -> one.id)
              .collect(Collectors.toCollection(TreeSet::new));
      if (org.kind == Kind.DEFAULT && role.equals("member")) {
        // Users whose home it is may be listed as members without having been added.
        seen.removeIf(id -> model.people.containsKey(id) && belongsAnyhow(id, org));
        expected.removeIf(id -> belongsAnyhow(id, org));
      }
      expect(4, role + "s of " + org + " in InfluxDB", expected, seen);
    }
  }

  private boolean belongsAnyhow(String id, Org org) {
    var person = model.people.get(id);
    return person != null && model.belongs(person, org) && !person.owns(org);
  }

  /** Sentences 1 and 2: checks whether the user is an administrator of InfluxDB and Workspace. */
  private void eyesOn(Person person) {
    var permissions =
        ok(1, "permissions of " + person, run.watchInflux("/users/" + person.id + "/permissions"));
    expect(
        1,
        "operator of InfluxDB: " + person,
        person.administrator,
        operates(new JsonArray(permissions.body())));
    var account =
        ok(
            1,
            "account of " + person,
            calls.workspace(
                "GET",
                "/users/" + AuthorityCalls.objectId(person),
                Optional.empty(),
                Optional.of(run.watcher().workspace())));
    expect(
        1,
        "admin of Workspace: " + person,
        person.administrator,
        ADMIN.equals(account.json().getJsonObject("data").getString("role")));
  }

  private static boolean operates(JsonArray permissions) {
    return objects(permissions).stream()
        .filter(one -> "write".equals(one.getString("action")))
        .map(one -> one.getJsonObject("resource"))
        .anyMatch(
            resource ->
                "instance".equals(resource.getString("type"))
                    || ("users".equals(resource.getString("type"))
                        && resource.getString("id") == null
                        && resource.getString("orgID") == null));
  }

  /** Sentence 7: checks whether a credential is accepted, and for which user. */
  void check(Credential one) {
    switch (one.kind) {
      case INFLUX_SESSION -> {
        var me = calls.influx("GET", "/me", Optional.empty(), "Cookie", one.secret);
        accepted(one, me);
        if (me.ok()) {
          expect(7, "whose is the " + one, one.owner.id, me.json().getString("id"));
          influxEyes(one);
        }
      }
      case INFLUX_TOKEN -> {
        var token = "Token " + one.secret;
        accepted(one, calls.influx("GET", "/users", Optional.empty(), "Authorization", token));
      }
      case VCD_SESSION -> {
        var current =
            calls.vcd(
                "GET",
                "/cloudapi/1.0.0/sessions/current",
                Optional.empty(),
                "Bearer " + one.secret);
        accepted(one, current);
        if (current.ok()) {
          var session = current.json();
          expect(
              7,
              "whose is the " + one,
              one.owner.id,
              AuthorityCalls.idOf(session.getJsonObject("user").getString("id")));
          vcdEyes(one, session);
        }
      }
      case WORKSPACE_TOKEN, WORKSPACE_BEARER -> {
        var profile =
            calls.workspace("GET", "/users/profile", Optional.empty(), Optional.of(one.secret));
        accepted(one, profile);
        if (profile.ok()) {
          var data = profile.json().getJsonObject("data");
          expect(7, "whose is the " + one, one.owner.id, data.getString("id").substring(8));
          expect(
              2,
              "admin in the " + one,
              one.owner.administrator,
              ADMIN.equals(data.getString("role")));
        }
      }
      case OPERATOR_TOKEN -> {
        var token = "Token " + one.secret;
        var me = calls.influx("GET", "/me", Optional.empty(), "Authorization", token);
        accepted(one, me);
        if (me.ok()) {
          expect(7, "whose is the " + one, one.owner.id, me.json().getString("id"));
        }
      }
      case VCD_API_TOKEN, WORKSPACE_REFRESH -> {
        // Checking would consume it; steps use these credentials.
      }
    }
  }

  /** Sentence 5: checks that other dialects don't accept the credential. */
  private void elsewhere(Credential one) {
    if (one.kind == CredentialKind.OPERATOR_TOKEN) {
      return;
    }
    var secret = one.secret.replaceFirst("^influxdb-oss-session=", "");
    var answers = new ArrayList<Answer>();
    if (one.kind != CredentialKind.INFLUX_TOKEN) {
      answers.add(calls.influx("GET", "/me", Optional.empty(), "Authorization", "Token " + secret));
    }
    if (one.kind != CredentialKind.INFLUX_SESSION) {
      answers.add(
          calls.influx("GET", "/me", Optional.empty(), "Cookie", "influxdb-oss-session=" + secret));
    }
    if (one.kind != CredentialKind.WORKSPACE_TOKEN && !one.isBearer()) {
      answers.add(calls.workspace("GET", "/users/profile", Optional.empty(), Optional.of(secret)));
    }
    if (one.kind != CredentialKind.VCD_SESSION) {
      answers.add(
          calls.vcd(
              "GET", "/cloudapi/1.0.0/sessions/current", Optional.empty(), "Bearer " + secret));
    }
    if (one.kind != CredentialKind.VCD_API_TOKEN) {
      answers.add(
          calls.vcdForm(
              "/oauth/provider/token",
              "grant_type=refresh_token&refresh_token=" + AuthorityCalls.encoded(secret)));
    }
    for (var answer : answers) {
      if (answer.ok()) {
        throw run.violation(5, one + " is accepted by " + answer.vendor() + ": " + answer);
      }
    }
  }

  private void accepted(Credential one, Answer answer) {
    if (answer.ok() && !one.alive()) {
      throw run.violation(7, "an ended credential is accepted: " + one + " -> " + answer);
    }
    if (!answer.ok() && one.alive() && !one.open) {
      throw run.violation(7, "a credential is refused: " + one + " -> " + answer);
    }
  }

  /** Checks that an administrator gets an error about the name, and others a missing permission. */
  private void influxEyes(Credential one) {
    var answer =
        calls.influx(
            "POST", "/users", Optional.of(new JsonObject().put("name", "")), "Cookie", one.secret);
    var right =
        model.credentials.stream()
            .anyMatch(
                token ->
                    token.kind == CredentialKind.INFLUX_TOKEN
                        && token.owner == one.owner
                        && token.permissions.contains("write:users"));
    if (one.owner.administrator || !right) {
      expect(
          2,
          "operator in the " + one + " (" + answer + ")",
          one.owner.administrator,
          answer.status() != 401);
    }
  }

  private void vcdEyes(Credential one, JsonObject session) {
    var provider = one.org.filter(org -> org.kind == Kind.SYSTEM).isPresent();
    var roles = session.getJsonArray("roles").toString();
    expect(
        2,
        "System Administrator in the " + one,
        provider && one.owner.administrator,
        roles.contains(SYSTEM_ADMINISTRATOR));
    if (!one.open) {
      expect(
          2,
          "Organization Administrator in the " + one,
          !provider && (one.owner.administrator || one.org.filter(one.owner::owns).isPresent()),
          roles.contains(ORGANIZATION_ADMINISTRATOR));
    }
  }

  /** Sentence 6: checks the users of an organization that a user sees in three dialects. */
  void sight(Person person, Org org) {
    if (!person.signsIn() || org.kind == Kind.SYSTEM) {
      return;
    }
    var expected =
        model.people.values().stream()
            .filter(model.seenBy(person, org))
            .map(one -> one.id)
            .collect(Collectors.toCollection(TreeSet::new));
    var workspace = run.session(CredentialKind.WORKSPACE_TOKEN, person, Optional.empty());
    var listed =
        calls.workspace(
            "GET",
            "/organizations/" + org.slug() + "/collaborators?limit=1000",
            Optional.empty(),
            Optional.of(workspace.secret));
    if (listed.ok()) {
      var seen =
          objects(listed.json().getJsonObject("data").getJsonArray("items")).stream()
              .map(item -> item.getJsonObject("user").getString("id").substring(8))
              .collect(Collectors.toCollection(TreeSet::new));
      expect(6, "whom " + person + " sees of " + org + " in Workspace", expected, seen);
    } else if (!expected.isEmpty()) {
      throw run.violation(6, person + " is refused the collaborators of " + org + ": " + listed);
    }
    var influx = run.session(CredentialKind.INFLUX_SESSION, person, Optional.empty());
    for (var role : List.of("owners", "members")) {
      var members =
          calls.influx(
              "GET", "/orgs/" + org.id + "/" + role, Optional.empty(), "Cookie", influx.secret);
      if (members.ok() && !readsOrgs(person)) {
        objects(members.json().getJsonArray("users"))
            .forEach(
                user -> {
                  if (!expected.contains(user.getString("id"))) {
                    throw run.violation(
                        6, person + " sees among the " + role + " of " + org + ": " + user);
                  }
                });
      }
    }
  }

  private boolean readsOrgs(Person person) {
    return model.credentials.stream()
        .anyMatch(
            one ->
                one.kind == CredentialKind.INFLUX_TOKEN
                    && one.owner == person
                    && (one.permissions.contains("read:orgs")
                        || one.permissions.contains("write:orgs")));
  }

  /** Sentence 6: checks the users that a VCD session lists. */
  void vcdSight(Person person, Org org) {
    if (!person.signsIn()
        || org.kind == Kind.SYSTEM
        || !model.belongs(person, org)
        || model.shownAs(AuthorityModel.shown(person, org), org).size() > 1) {
      return;
    }
    var session = run.session(CredentialKind.VCD_SESSION, person, Optional.of(org));
    var answer =
        calls.vcd(
            "GET",
            "/cloudapi/1.0.0/users?pageSize=128",
            Optional.empty(),
            "Bearer " + session.secret);
    var manages = person.administrator || person.owns(org);
    if (answer.ok()) {
      var seen =
          objects(answer.json().getJsonArray("values")).stream()
              .map(user -> AuthorityCalls.idOf(user.getString("id")))
              .collect(Collectors.toCollection(TreeSet::new));
      var expected =
          model.people.values().stream()
              .filter(one -> manages ? model.belongs(one, org) : one == person)
              .map(one -> one.id)
              .collect(Collectors.toCollection(TreeSet::new));
      expect(6, "whom " + person + " sees of " + org + " in VCD", expected, seen);
    } else if (manages) {
      throw run.violation(6, person + " is refused the users of " + org + ": " + answer);
    }
  }

  /** Sentence 6: checks the users that InfluxDB and Milvus list for a user. */
  void lists(Person person) {
    if (!person.signsIn()) {
      return;
    }
    var influx = run.session(CredentialKind.INFLUX_SESSION, person, Optional.empty());
    var answer = calls.influx("GET", "/users?limit=100", Optional.empty(), "Cookie", influx.secret);
    var rights = new HashMap<String, Boolean>();
    model.credentials.stream()
        .filter(one -> one.kind == CredentialKind.INFLUX_TOKEN && one.owner == person)
        .flatMap(one -> one.permissions.stream())
        .filter(permission -> permission.startsWith("read:users"))
        .forEach(permission -> rights.put(permission, true));
    if (rights.isEmpty()) {
      expect(
          6,
          "how many " + person + " sees in InfluxDB",
          person.administrator ? model.people.size() : 1,
          answer.json().getJsonArray("users").size());
    }
    var milvus =
        calls.milvus(
            "users/list", new JsonObject(), person.name + ":" + person.password.orElseThrow());
    if (person.administrator || person.roles.isEmpty()) {
      expect(6, "whether " + person + " lists Milvus's users", person.administrator, milvus.ok());
    }
  }
}
