package dev.doppel.integration;

import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;

/**
 * Random calls by callers of all kinds. Names, ids, organizations and roles come from small pools,
 * so that collisions, reuse and transfers are frequent.
 */
final class AuthorityActions extends ModelActions {

  private final List<Runnable> actions = new ArrayList<>();
  private final InfluxActions influx;
  private final MilvusActions milvus;

  AuthorityActions(AuthorityRun run, AuthorityChecks checks) {
    super(run);
    influx = new InfluxActions(run);
    milvus = new MilvusActions(run);
    addInflux();
    addMilvus();
    addVcloud(new VcloudActions(run));
    addWorkspace(new WorkspaceActions(run));
    var signIns = new SignInActions(run, checks);
    add(9, signIns::signIn);
    add(2, signIns::sight);
  }

  private void addInflux() {
    add(4, influx::create);
    add(3, influx::change);
    add(3, influx::delete);
    add(4, influx::password);
    add(2, influx::createOrg);
    add(1, influx::renameOrg);
    add(1, influx::deleteOrg);
    add(5, influx::addMember);
    add(2, influx::removeMember);
    add(3, influx::token);
    add(1, influx::signOut);
  }

  private void addMilvus() {
    add(3, milvus::create);
    add(2, milvus::drop);
    add(2, milvus::password);
    add(6, milvus::role);
    add(2, milvus::makeRole);
    add(2, milvus::dropRole);
    add(2, milvus::privilege);
  }

  private void addVcloud(VcloudActions vcloud) {
    add(4, vcloud::create);
    add(9, vcloud::replace);
    add(2, vcloud::delete);
    add(2, vcloud::password);
    add(2, vcloud::apiToken);
    add(1, vcloud::signOut);
  }

  private void addWorkspace(WorkspaceActions workspace) {
    add(4, workspace::register);
    add(4, workspace::role);
    add(1, workspace::delete);
    add(2, workspace::password);
    add(4, workspace::collaboratorRole);
    add(1, workspace::changeOwner);
    add(2, workspace::refresh);
    addWorkspace(new WorkspaceMailActions(run));
  }

  private void addWorkspace(WorkspaceMailActions mails) {
    add(3, mails::invite);
    add(4, mails::accept);
    add(3, mails::forget);
    add(4, mails::setPassword);
    add(3, mails::provision);
    add(2, mails::serviceAccount);
  }

  private void add(int weight, Runnable action) {
    for (int i = 0; i < weight; i++) {
      actions.add(action);
    }
  }

  /**
   * Creates, as {@code root}, two organizations, an owner, a guest, a user with rights in InfluxDB
   * and one with rights in Milvus, so that steps that need them don't depend on chance.
   */
  void prepare() {
    var root = run.people().get(0);
    var session =
        new Actor(root, run.session(CredentialKind.INFLUX_SESSION, root, Optional.empty()));
    for (var name : List.of("acme", "beta")) {
      influx.newOrg(session, name);
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
                  MilvusActions.credentials(root)),
          answer -> make(run.idOf(name), name).password = Optional.of(PASSWORDS.get(0)));
    }
    influx.addMember(session, acme, named("ann"), true);
    influx.addMember(session, acme, named("bob"), false);
    influx.newToken(
        session, named("cyd"), model.defaultOrg(), new TreeSet<>(Set.of("write:users")));
    milvus.makeRole(root, "rd");
    milvus.privilege(root, "rd", "ClusterAdmin", true);
    milvus.role(root, named("dan"), "rd", true);
  }

  private Person named(String name) {
    return model.named(name).orElseThrow();
  }

  /** Performs one step, which the seed and the current state determine. */
  void step(long seed) {
    run.random = new Random(seed);
    run.pick(actions).run();
  }
}
