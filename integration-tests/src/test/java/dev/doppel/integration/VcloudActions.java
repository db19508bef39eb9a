package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.encoded;
import static dev.doppel.integration.AuthorityCalls.urn;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.Credential;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/** Random calls of VMware Cloud Director. */
final class VcloudActions extends ModelActions {

  VcloudActions(AuthorityRun run) {
    super(run);
  }

  /** Returns a session in the organization, preferably a limited one. */
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

  private Org sessionOrg(Person person) {
    var own = model.orgs.stream().filter(org -> model.belongs(person, org)).toList();
    return run.pick(own);
  }

  /** Returns the organization that a request acts in; a provider can choose any. */
  private Org context(Actor actor) {
    var own = actor.credential().org.orElseThrow();
    return own.kind == Kind.SYSTEM && run.chance(70) ? run.pick(model.orgs) : own;
  }

  private Answer vcd(
      Actor actor, Org context, String method, String path, Optional<JsonObject> body) {
    var own = actor.credential().org.orElseThrow();
    var bearer = "Bearer " + actor.credential().secret;
    return own == context
        ? calls.vcd(method, path, body, bearer)
        : calls.vcd(method, path, body, bearer, "X-VMWARE-VCLOUD-TENANT-CONTEXT", urn(context));
  }

  private Verdict manages(Actor actor, Org org) {
    var verdict = accepted(actor);
    if (actor.credential().limited) {
      return Verdict.REFUSED;
    }
    var own = actor.credential().org.orElseThrow();
    var allowed =
        actor.person().administrator
            ? own.kind == Kind.SYSTEM || own == org
            : org.kind != Kind.SYSTEM && own == org && actor.person().owns(org);
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

  void create() {
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
                      .and(nameIsFree(name, org, Optional.empty()))
                      .and(model.emailIsFree(email, Optional.empty())),
                  () -> vcd(actor, org, "POST", "/cloudapi/1.0.0/users", Optional.of(body)),
                  answer -> made(answer, org, administers, email, password));
            });
  }

  /** The name may exist in other organizations, but not be another user's e-mail address. */
  private Verdict nameIsFree(String name, Org org, Optional<Person> user) {
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

  void replace() {
    var person = ownerOrSomebody();
    onVcd(person, sessionOrg(person)).ifPresent(this::replace);
  }

  void replace(Actor actor) {
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
        manages(actor, org).and(within(actor, user, org)).and(reaches(actor.person(), user, org));
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
   * Returns whether a user replaces itself without changes, or changes only its own password: the
   * vendor allows that to every user.
   */
  private static boolean isOwn(
      Actor actor, Org org, Person user, JsonObject before, JsonObject after) {
    var rest = after.copy().put("password", before.getValue("password"));
    rest.put("roleEntityRefs", before.getValue("roleEntityRefs"));
    if (after.getValue("email") == null) {
      rest.put("email", before.getValue("email")); // it can't read its own
    }
    return actor.person() == user
        && actor.credential().alive()
        && !actor.credential().limited
        && !user.administrator
        && !user.owns(org)
        && rest.equals(before)
        && !after.getJsonArray("roleEntityRefs").toString().contains("Administrator");
  }

  /** Sentence 4. The design doesn't specify whether owners reach users from other organizations. */
  private Verdict reaches(Person caller, Person user, Org org) {
    if (!model.manages(caller, user)) {
      return Verdict.REFUSED;
    }
    return caller.administrator || model.isHome(user, org) ? Verdict.SUCCEEDS : Verdict.EITHER;
  }

  /** The vendor decides whether administrators reach users from any organization. */
  private Verdict within(Actor actor, Person user, Org org) {
    return model.belongs(user, org)
        ? Verdict.SUCCEEDS
        : actor.person().administrator ? Verdict.EITHER : Verdict.REFUSED;
  }

  private record Change(String text, Verdict verdict, Runnable effect) {}

  Change password(Person user, JsonObject body) {
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
        actor.person() == user && !enabled ? Verdict.REFUSED : verdict,
        () -> model.setActive(user, enabled));
  }

  private Change role(Actor actor, Person user, Org org, JsonObject body) {
    var administers = run.chance(50);
    body.put("roleEntityRefs", roles(roleIn(org, administers)));
    if (org.kind == Kind.SYSTEM) {
      var verdict = administers ? Verdict.SUCCEEDS : model.withoutAdministrator(user);
      return new Change(
          "role to " + roleIn(org, administers),
          actor.person() == user && !administers ? Verdict.REFUSED : verdict,
          () -> {
            user.administrator = administers;
            if (!administers) {
              user.memberships.put(org.id, false); // a user whose role changes remains a member
            }
          });
    }
    var verdict =
        user.administrator
            ? Verdict.EITHER
            : actor.person() == user && !administers ? Verdict.REFUSED : Verdict.SUCCEEDS;
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
        same
            ? Verdict.SUCCEEDS
            : AuthorityModel.isShownAsAdministrator(user, org)
                ? Verdict.REFUSED
                : nameIsFree(name, org, Optional.of(user)),
        () -> {
          user.name = keptName(user.id);
          if (!AuthorityModel.shown(user, org).equals(name)
              && !AuthorityModel.shown(user, org).equalsIgnoreCase(name)) {
            throw run.violation(8, "renamed to '" + name + "' but called '" + user.name + "'");
          }
        });
  }

  void delete() {
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
                      .and(Verdict.of(actor.person() != user))
                      .and(reaches(actor.person(), user, org))
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

  void password() {
    var person = somebody();
    onVcd(person, sessionOrg(person))
        .ifPresent(
            actor -> {
              var user = run.chance(70) ? actor.person() : run.person();
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
                              actor.person() == user
                                  && !actor.credential().limited
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
                          "Bearer " + actor.credential().secret),
                  answer -> user.password = Optional.of(wanted));
            });
  }

  private static String oauth(Org org) {
    return org.kind == Kind.SYSTEM ? "/oauth/provider" : "/oauth/tenant/" + org.name;
  }

  /** Registers an API token, or creates a session with one. */
  void apiToken() {
    var tokens =
        model.credentials.stream().filter(one -> one.kind == CredentialKind.VCD_API_TOKEN).toList();
    if (!tokens.isEmpty() && run.chance(60)) {
      use(run.pick(tokens));
      return;
    }
    var person = somebody();
    onVcd(person, sessionOrg(person)).ifPresent(this::register);
  }

  private void register(Actor actor) {
    var org = actor.credential().org.orElseThrow();
    if (!model.orgs.contains(org)) {
      return;
    }
    var withoutRights = org.kind == Kind.SYSTEM && !actor.person().administrator;
    var verdict = actor.credential().limited || withoutRights ? Verdict.REFUSED : accepted(actor);
    var bearer = "Bearer " + actor.credential().secret;
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
                      actor.credential().secret,
                      registered.json().getString("client_id"));
          var given = calls.vcdForm(oauth(org) + "/token", form);
          if (!given.ok()) {
            throw run.violation(5, "an API token is registered and not handed out: " + given);
          }
          run.remember(
              CredentialKind.VCD_API_TOKEN,
              given.json().getString("refresh_token"),
              actor.person(),
              Optional.of(org),
              Set.of(),
              true);
        });
  }

  private void use(Credential token) {
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

  void signOut() {
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
                            "Bearer " + actor.credential().secret),
                    answer -> end(actor.credential())));
  }
}
