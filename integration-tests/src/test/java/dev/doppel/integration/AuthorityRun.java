package dev.doppel.integration;

import static dev.doppel.integration.AuthorityCalls.cookie;
import static dev.doppel.integration.AuthorityCalls.encoded;
import static dev.doppel.integration.AuthorityCalls.objects;
import static dev.doppel.integration.AuthorityCalls.vcdToken;

import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.Credential;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** One sequence of calls against a fresh realm and its model. Not thread-safe. */
final class AuthorityRun {

  static final String ROOT_PASSWORD = "R00t-P@ssw0rd";
  static final String OPERATOR = "doppel-operator-token";

  /**
   * One call.
   *
   * @param text description of the caller and the call
   * @param sentence number of the sentence in the design's section "Authority" that decides
   * @param effect change of the model on success
   */
  record Step(
      String text, int sentence, Verdict verdict, Supplier<Answer> call, Consumer<Answer> effect) {}

  /** Signals that a sentence of the design is violated. */
  static final class ViolationException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ViolationException(String message) {
      super(message);
    }
  }

  /** An administrator's sessions, for reading the realm. */
  record Watcher(Person person, String cookie, String vcd, String workspace) {
    String milvus() {
      return person.name + ":" + person.password.orElseThrow();
    }
  }

  final AuthorityCalls calls;
  final AuthorityModel model = new AuthorityModel();
  final List<String> history = new ArrayList<>();
  Random random;
  private Optional<Watcher> watcher = Optional.empty();
  private final Map<String, Integer> done = new HashMap<>();

  AuthorityRun(AuthorityCalls calls) {
    this.calls = calls;
    random = new Random(0);
    var users = operator("/users?limit=100").getJsonArray("users");
    var root = new Person(users.getJsonObject(0).getString("id"), "root");
    root.password = Optional.of(ROOT_PASSWORD);
    root.administrator = true;
    root.builtIn = true;
    var orgs = operator("/orgs?org=" + AuthorityModel.DEFAULT_NAME).getJsonArray("orgs");
    var home =
        new Org(orgs.getJsonObject(0).getString("id"), Kind.DEFAULT, AuthorityModel.DEFAULT_NAME);
    root.memberships.put(home.id, true);
    model.orgs.add(home);
    model.orgs.add(new Org("system", Kind.SYSTEM, AuthorityModel.SYSTEM_NAME));
    model.add(root);
    model.credentials.add(
        new Credential(
            CredentialKind.OPERATOR_TOKEN, OPERATOR, root, Optional.empty(), Set.of(), false));
  }

  private JsonObject operator(String path) {
    return calls.influx("GET", path, Optional.empty(), "Authorization", "Token " + OPERATOR).json();
  }

  /** Returns how often each kind of step succeeded and was rejected. */
  Map<String, Integer> done() {
    return done;
  }

  ViolationException violation(int sentence, String what) {
    return new ViolationException("sentence " + sentence + ": " + what);
  }

  /** Sends a call, compares its response with the verdict, and applies its effect to the model. */
  Answer perform(Step step) {

    history.add(step.text + " (must " + step.verdict + ")");
    var answer = step.call.get();
    history.set(history.size() - 1, history.get(history.size() - 1) + " -> " + answer);
    done.merge(step.text.split("[:(]", 2)[0] + (answer.ok() ? " +" : " -"), 1, Integer::sum);
    if (answer.ok() && step.verdict == Verdict.REFUSED) {
      throw violation(step.sentence, "allowed what must be refused: " + last());
    }
    if (!answer.ok() && step.verdict == Verdict.SUCCEEDS) {
      throw violation(step.sentence, "refused what must be allowed: " + last());
    }
    if (answer.ok()) {
      step.effect.accept(answer);
    } else if (!answer.isRefusal()) {
      throw violation(step.sentence, "not refused in the vendor's words: " + last());
    }
    return answer;
  }

  private String last() {
    return history.get(history.size() - 1);
  }

  <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }

  boolean chance(int percent) {
    return random.nextInt(100) < percent;
  }

  List<Person> people() {
    return model.people.values().stream().sorted(Comparator.comparing(one -> one.name)).toList();
  }

  Person person() {
    return pick(people());
  }

  Credential remember(
      CredentialKind kind,
      String secret,
      Person owner,
      Optional<Org> org,
      Set<String> permissions,
      boolean limited) {
    var one = new Credential(kind, secret, owner, org, permissions, limited);
    model.credentials.add(one);
    return one;
  }

  /** Returns an existing or a new session of the user. */
  Credential session(CredentialKind kind, Person person, Optional<Org> org) {
    var known =
        model.credentials.stream()
            .filter(one -> one.kind == kind && one.owner == person && one.alive())
            .filter(one -> one.org.equals(org) && !one.open && !one.limited)
            .findFirst();
    return known.orElseGet(() -> signIn(kind, person, org));
  }

  private Credential signIn(CredentialKind kind, Person person, Optional<Org> org) {
    var password = person.password.orElseThrow();
    var made = new ArrayList<Credential>();
    Supplier<Answer> call =
        switch (kind) {
          case INFLUX_SESSION -> () -> calls.influxSignIn(person.name, password);
          case VCD_SESSION ->
              () ->
                  calls.vcdSignIn(
                      AuthorityModel.shown(person, org.orElseThrow()),
                      org.orElseThrow().name,
                      password);
          case WORKSPACE_TOKEN -> () -> calls.workspaceSignIn(person.name, password);
          default -> throw new IllegalArgumentException(kind.name());
        };
    perform(
        new Step(
            "signs in: " + kind + " " + person + org.map(one -> "@" + one).orElse(""),
            8,
            Verdict.SUCCEEDS,
            call,
            answer -> {
              switch (kind) {
                case INFLUX_SESSION ->
                    made.add(remember(kind, cookie(answer), person, org, Set.of(), false));
                case VCD_SESSION ->
                    made.add(
                        remember(
                            kind,
                            vcdToken(answer),
                            signedIn(answer, person),
                            org,
                            Set.of(),
                            false));
                default -> made.add(workspaceTokens(answer, person));
              }
            }));
    return made.get(0);
  }

  /** Returns the user whom VCD signed in, if it shows several administrators by one name. */
  private Person signedIn(Answer answer, Person person) {
    var id = AuthorityCalls.idOf(answer.json().getJsonObject("user").getString("id"));
    return isNamesake(person) ? model.people.getOrDefault(id, person) : person;
  }

  /** Records both tokens of a sign-in. */
  Credential workspaceTokens(Answer signedIn, Person person) {
    var data = signedIn.json().getJsonObject("data");
    var access = data.getJsonObject("accessToken").getString("token");
    var refresh =
        remember(
            CredentialKind.WORKSPACE_REFRESH,
            data.getJsonObject("refreshToken").getString("token"),
            person,
            Optional.empty(),
            Set.of(),
            false);
    refresh.companion = Optional.of(access);
    return remember(
        CredentialKind.WORKSPACE_TOKEN, access, person, Optional.empty(), Set.of(), false);
  }

  /** Sentence 7: returns sessions of an administrator who can sign in, for reading the realm. */
  Watcher watcher() {
    if (watcher.isPresent()
        && watcher.get().person.signsIn()
        && watcher.get().person.administrator) {
      return watcher.get();
    }
    var next =
        model.administrators().stream()
            .filter(Person::signsIn)
            .min(
                Comparator.comparing((Person one) -> isNamesake(one))
                    .thenComparing(one -> one.home.isEmpty())
                    .thenComparing(one -> one.name))
            .orElseThrow(() -> violation(7, "no administrator is left who can sign in"));
    watcher =
        Optional.of(
            new Watcher(
                next,
                session(CredentialKind.INFLUX_SESSION, next, Optional.empty()).secret,
                session(CredentialKind.VCD_SESSION, next, Optional.of(model.system())).secret,
                session(CredentialKind.WORKSPACE_TOKEN, next, Optional.empty()).secret));
    return watcher.get();
  }

  /** Returns whether VCD shows another administrator by the same name. */
  private boolean isNamesake(Person person) {
    var system = model.system();
    return model.shownAs(AuthorityModel.shown(person, system), system).size() > 1;
  }

  /** Forgets the administrator's sessions, which may have ended. */
  void changeWatcher() {
    watcher = Optional.empty();
  }

  Answer watchInflux(String path) {
    return calls.influx("GET", path, Optional.empty(), "Cookie", watcher().cookie);
  }

  Answer watchVcd(String path, Org org) {
    return calls.vcd(
        "GET",
        "/cloudapi/1.0.0" + path,
        Optional.empty(),
        "Bearer " + watcher().vcd,
        "X-VMWARE-VCLOUD-TENANT-CONTEXT",
        AuthorityCalls.urn(org));
  }

  /** Returns the id of a user that a dialect created without returning the id. */
  String idOf(String name) {
    var found = watchInflux("/users?name=" + encoded(name));
    if (!found.ok()) {
      throw violation(2, name + " was created and is not found: " + found);
    }
    return objects(found.json().getJsonArray("users")).get(0).getString("id");
  }
}
