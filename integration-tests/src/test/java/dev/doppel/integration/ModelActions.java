package dev.doppel.integration;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.Credential;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import dev.doppel.integration.AuthorityRun.Step;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Base of the vendors' random calls: callers, credentials, and names from small pools. */
abstract class ModelActions {

  private static final List<String> NAMES =
      List.of("ann", "bob", "cyd", "dan", "eve", "ann@x.io", "bob@x.io", "cyd@x.io");
  private static final List<String> ODD_NAMES =
      List.of(
          "root",
          "administrator",
          "ROOT",
          " root",
          "Administrator",
          "ann@acme",
          "ann@doppel",
          "root@doppel");
  private static final int MAX_PEOPLE = 14;

  static final List<String> EMAILS = List.of("ann@x.io", "bob@x.io", "cyd@x.io", "Ann@x.io");
  static final List<String> PASSWORDS = List.of("P@ssw0rd1", "N3w-P@ssw0rd", "3rd-P@ssw0rd");
  static final String ADMIN = "admin";

  /** A caller and its credential. */
  record Actor(Person person, Credential credential) {

    boolean administers() {
      return person.administrator && credential.whole();
    }

    @Override
    public String toString() {
      return person + " by " + credential.kind + (credential.ended ? " (ended)" : "");
    }
  }

  final AuthorityRun run;
  final AuthorityModel model;
  final AuthorityCalls calls;

  ModelActions(AuthorityRun run) {
    this.run = run;
    model = run.model;
    calls = run.calls;
  }

  void perform(
      String text, int sentence, Verdict verdict, Supplier<Answer> call, Consumer<Answer> effect) {
    run.perform(new Step(text, sentence, verdict, call, effect));
  }

  /** Returns a random user, half of the time an administrator, so that many calls succeed. */
  Person somebody() {
    var can = run.people().stream().filter(Person::signsIn).toList();
    var administrators = can.stream().filter(one -> one.administrator).toList();
    return run.pick(!administrators.isEmpty() && run.chance(50) ? administrators : can);
  }

  /** Returns an owner of an organization, or any user if there is none. */
  Person ownerOrSomebody() {
    var owners = run.people().stream().filter(one -> one.signsIn() && one.ownsAny()).toList();
    return !owners.isEmpty() && run.chance(40) ? run.pick(owners) : somebody();
  }

  /** Returns, with a low probability, a credential that has ended. */
  Optional<Actor> ended(Set<CredentialKind> kinds) {
    if (!run.chance(12)) {
      return Optional.empty();
    }
    var some =
        model.credentials.stream().filter(one -> kinds.contains(one.kind) && !one.alive()).toList();
    return some.isEmpty()
        ? Optional.empty()
        : Optional.of(run.pick(some)).map(one -> new Actor(one.owner, one));
  }

  Verdict accepted(Actor actor) {
    return !actor.credential.alive()
        ? Verdict.REFUSED
        : actor.credential.open ? Verdict.EITHER : Verdict.SUCCEEDS;
  }

  /** A right of one dialect also permits what its holder may do as an owner. */
  Verdict byRight(Person caller, Person user, boolean takesOver) {
    return model.manages(caller, user) && !user.administrator
        ? Verdict.EITHER
        : model.byDialectRight(user, takesOver);
  }

  Org visibleOrg() {
    return run.pick(model.orgs.stream().filter(org -> org.kind != Kind.SYSTEM).toList());
  }

  void end(Credential credential) {
    credential.ended = true;
    run.changeWatcher();
  }

  String name() {
    return run.chance(15) ? run.pick(ODD_NAMES) : run.pick(NAMES);
  }

  boolean full() {
    return model.people.size() >= MAX_PEOPLE;
  }

  Person make(String id, String name) {
    return model.add(new Person(id, name));
  }
}
