package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.cookie;
import static dev.doppel.integration.AuthorityCalls.vcdToken;

import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.Optional;
import java.util.Set;

/** Random sign-ins through each dialect, and reads of visible users. */
final class SignInActions extends ModelActions {

  private final AuthorityChecks checks;

  SignInActions(AuthorityRun run, AuthorityChecks checks) {
    super(run);
    this.checks = checks;
  }

  /** Signs in with any identifier and any user's password. */
  void signIn() {
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
    // The vendor signs inactive users in, and then rejects all of their requests.
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
          // The design doesn't specify what activation does to a session of an inactive user.
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

  /** Signs in with a name or an e-mail address, which the model resolves to a user. */
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

  void sight() {
    var person = run.person();
    checks.sight(person, run.pick(model.orgs));
    checks.vcdSight(person, run.pick(model.orgs));
    checks.lists(person);
  }
}
