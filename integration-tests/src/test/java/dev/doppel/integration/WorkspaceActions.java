package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.objectId;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Random calls of Applivery Workspace. */
class WorkspaceActions extends ModelActions {

  WorkspaceActions(AuthorityRun run) {
    super(run);
  }

  final Actor onWorkspace(Person person) {
    return ended(Set.of(CredentialKind.WORKSPACE_TOKEN, CredentialKind.WORKSPACE_BEARER))
        .or(this::program)
        .orElseGet(
            () ->
                new Actor(
                    person, run.session(CredentialKind.WORKSPACE_TOKEN, person, Optional.empty())));
  }

  /** Returns, with a low probability, a service account. */
  private Optional<Actor> program() {
    var some = model.credentials.stream().filter(one -> one.isBearer() && one.alive()).toList();
    return some.isEmpty() || !run.chance(15)
        ? Optional.empty()
        : Optional.of(run.pick(some)).map(one -> new Actor(one.owner, one));
  }

  /** Registers a user without credentials. */
  void register() {
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
          person.pending = true;
        });
  }

  final Answer workspace(Actor actor, String method, String path, Optional<JsonObject> body) {
    return calls.workspace(method, path, body, Optional.of(actor.credential().secret));
  }

  void role() {
    var actor = onWorkspace(somebody());
    var user = run.chance(25) ? actor.person() : run.person();
    var role = run.chance(60) ? ADMIN : "user";
    if (!user.exists) {
      return;
    }
    var verdict = accepted(actor);
    if (actor.person() != user) {
      verdict = verdict.and(Verdict.of(actor.person().administrator && !user.program));
      if (role.equals("user")) {
        verdict = verdict.and(model.withoutAdministrator(user));
      } else {
        verdict = verdict.and(model.joins(user, model.system()));
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
          if (actor.person() != user) {
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

  void delete() {
    var actor = onWorkspace(somebody());
    var user = run.chance(60) ? actor.person() : run.person();
    if (!user.exists) {
      return;
    }
    perform(
        "Workspace delete: " + actor + " deletes " + user,
        3,
        accepted(actor)
            .and(Verdict.of(actor.person() == user || actor.person().administrator))
            .and(model.withoutAdministrator(user)),
        () -> workspace(actor, "DELETE", "/users/" + objectId(user), Optional.empty()),
        answer -> model.remove(user));
  }

  void password() {
    var actor = onWorkspace(somebody());
    var user = run.chance(60) ? actor.person() : run.person();
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
                    (actor.person() == user || actor.person().administrator)
                        && user.password.equals(Optional.of(old)))),
        () ->
            workspace(
                actor,
                "POST",
                "/users/" + objectId(user) + "/change-password",
                Optional.of(new JsonObject().put("oldPassword", old).put("newPassword", wanted))),
        answer -> user.password = Optional.of(wanted));
  }

  void collaboratorRole() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var user = run.person();
    var role = run.pick(List.of(ADMIN, "viewer", "editor"));
    var verdict =
        accepted(actor)
            .and(Verdict.of(actor.person().administrator || actor.person().owns(org)))
            .and(Verdict.of(model.belongs(user, org)));
    if (user.owns(org) || (user.administrator && !actor.person().administrator)) {
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
                "/organizations/" + org.slug() + "/collaborators/" + objectId(user),
                Optional.of(new JsonObject().put("role", role))),
        answer -> user.memberships.put(org.id, role.equals(ADMIN)));
  }

  void changeOwner() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var user = run.person();
    var verdict =
        accepted(actor)
            .and(
                actor.person().administrator || actor.person().owns(org)
                    ? Verdict.EITHER
                    : Verdict.REFUSED)
            .and(Verdict.of(model.belongs(user, org) && !user.program));
    perform(
        "Workspace change owner: " + actor + " to " + user + " of " + org,
        4,
        verdict,
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.slug() + "/change-owner",
                Optional.of(new JsonObject().put("newOwner", objectId(user)))),
        answer -> user.memberships.put(org.id, true));
  }

  void refresh() {
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
}
