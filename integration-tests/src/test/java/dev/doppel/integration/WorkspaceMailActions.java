package dev.doppel.integration;

import dev.doppel.MailEntry;
import dev.doppel.integration.AuthorityCalls.Answer;
import dev.doppel.integration.AuthorityModel.CredentialKind;
import dev.doppel.integration.AuthorityModel.Kind;
import dev.doppel.integration.AuthorityModel.Org;
import dev.doppel.integration.AuthorityModel.Person;
import dev.doppel.integration.AuthorityModel.Verdict;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/** Random calls of Applivery Workspace with mails, secrets and service accounts. */
final class WorkspaceMailActions extends WorkspaceActions {

  /** An invitation, which its sender's right to invite limits. */
  private record Invitation(Org org, String email, boolean admin, Person sender, String token) {}

  /**
   * What sets a password.
   *
   * @param address that the mail was sent to; empty for the secret of a new account
   * @param password of the time when it was issued
   */
  private record Secret(
      Person owner, String text, Optional<String> address, Optional<String> password) {}

  private final List<Invitation> invitations = new ArrayList<>();
  private final List<Secret> secrets = new ArrayList<>();

  WorkspaceMailActions(AuthorityRun run) {
    super(run);
  }

  private Verdict mayManage(Actor actor, Org org) {
    return accepted(actor)
        .and(Verdict.of(actor.person().administrator || actor.person().owns(org)));
  }

  /** Only one mail a minute goes to an address. */
  void invite() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var email = run.pick(EMAILS).toLowerCase(Locale.ROOT);
    var admin = run.chance(50);
    perform(
        "Workspace invite: " + actor + " invites " + email + " to " + org,
        4,
        mayManage(actor, org).and(Verdict.EITHER),
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.slug() + "/collaborators/invitations",
                Optional.of(
                    new JsonObject().put("email", email).put("role", admin ? ADMIN : "viewer"))),
        answer -> {
          invitations.removeIf(one -> one.org == org && one.email.equals(email));
          var token = latestMail("invitation").orElseThrow().token().orElseThrow();
          invitations.add(new Invitation(org, email, admin, actor.person(), token));
        });
  }

  private Optional<MailEntry> latestMail(String kind) {
    var mails = calls.mails();
    return mails.isEmpty()
        ? Optional.empty()
        : Optional.of(mails.get(mails.size() - 1)).filter(mail -> mail.kind().equals(kind));
  }

  void accept() {
    if (invitations.isEmpty()) {
      return;
    }
    var invitation = run.pick(invitations);
    var org = invitation.org;
    var invited =
        run.people().stream().filter(one -> one.signsIn() && isFor(invitation, one)).toList();
    var actor = onWorkspace(!invited.isEmpty() && run.chance(80) ? run.pick(invited) : somebody());
    var user = actor.person();
    var sender = invitation.sender;
    var stillInvites = sender.exists && sender.active && (sender.administrator || sender.owns(org));
    perform(
        "Workspace accept: " + actor + " the invitation of " + sender + " to " + org,
        4,
        accepted(actor)
            .and(Verdict.of(isFor(invitation, user) && model.orgs.contains(org) && stillInvites))
            .and(model.joins(user, org)),
        () -> workspace(actor, "POST", "/auth/register/verify", token(invitation.token)),
        answer -> {
          invitations.remove(invitation);
          if (!model.belongs(user, org)) {
            user.memberships.put(org.id, invitation.admin);
            user.pending = false;
          }
        });
  }

  private static boolean isFor(Invitation invitation, Person user) {
    return user.address().filter(invitation.email::equalsIgnoreCase).isPresent();
  }

  private static Optional<JsonObject> token(String token) {
    return Optional.of(new JsonObject().put("token", token));
  }

  void forget() {
    var email = run.pick(EMAILS);
    var before = calls.mails().size();
    perform(
        "Workspace forgot password: an outsider for " + email,
        8,
        Verdict.EITHER,
        () ->
            calls.workspace(
                "POST",
                "/auth/register/forgot-password",
                Optional.of(new JsonObject().put("email", email)),
                Optional.empty()),
        answer -> {
          if (calls.mails().size() > before) {
            forgotten(latestMail("forgot-password").orElseThrow());
          }
        });
  }

  private void forgotten(MailEntry mail) {
    var owner = model.named(mail.user().orElseThrow()).orElseThrow();
    if (!owner.active || owner.program || !owner.address().equals(Optional.of(mail.to()))) {
      throw run.violation(8, mail + " for " + owner);
    }
    secrets.add(
        new Secret(owner, mail.token().orElseThrow(), Optional.of(mail.to()), owner.password));
  }

  /** Sets a password with the token of a mail, or the secret of a new account. */
  void setPassword() {
    if (secrets.isEmpty()) {
      return;
    }
    var secret = run.pick(secrets);
    var owner = secret.owner;
    var wanted = run.pick(PASSWORDS);
    var sameAddress = secret.address.isEmpty() || secret.address.equals(owner.address());
    var valid =
        owner.exists && owner.active && sameAddress && owner.password.equals(secret.password);
    perform(
        "Workspace set password: by the mail to " + owner,
        7,
        valid ? Verdict.EITHER : Verdict.REFUSED,
        () ->
            calls.workspace(
                "POST",
                "/auth/register/change-password",
                Optional.of(new JsonObject().put("token", secret.text).put("password", wanted)),
                Optional.empty()),
        answer -> {
          secrets.removeIf(one -> one.owner == owner);
          model.setPasswordByMail(owner, wanted, secret.address.isPresent());
          run.changeWatcher();
        });
  }

  void serviceAccount() {
    if (full()) {
      return;
    }
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var role = run.pick(List.of(ADMIN, "viewer"));
    perform(
        "Workspace service account: " + actor + " makes an " + role + " of " + org,
        4,
        mayManage(actor, org),
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.slug() + "/service-accounts",
                Optional.of(new JsonObject().put("role", role))),
        answer -> {
          var data = answer.json().getJsonObject("data");
          var person = make(data.getString("id").substring(8), data.getString("email"));
          person.program = true;
          person.memberships.put(org.id, role.equals(ADMIN));
          if (org.kind == Kind.ORDINARY) {
            person.home = Optional.of(org);
          }
          run.remember(
              CredentialKind.WORKSPACE_BEARER,
              data.getString("bearer"),
              person,
              Optional.of(org),
              Set.of(),
              false);
        });
  }

  void provision() {
    var org = visibleOrg();
    var actor = onWorkspace(ownerOrSomebody());
    var email = run.pick(EMAILS);
    var name = email.toLowerCase(java.util.Locale.ROOT);
    var known = model.identify(name);
    if (known.isEmpty() && full()) {
      return;
    }
    var verdict =
        accepted(actor).and(Verdict.of(actor.person().administrator || actor.person().owns(org)));
    if (known.isEmpty()) {
      verdict = verdict.and(model.nameIsFree(name, Optional.empty(), List.of(org)));
    } else if (!actor.person().administrator) {
      // A non-member must consent first; for a member, the vendor reports the membership.
      verdict = verdict.and(model.belongs(known.get(), org) ? Verdict.EITHER : Verdict.REFUSED);
    } else {
      verdict = verdict.and(model.joins(known.get(), org));
    }
    perform(
        "Workspace provision: " + actor + " provisions " + email + " in " + org,
        4,
        verdict,
        () ->
            workspace(
                actor,
                "POST",
                "/organizations/" + org.slug() + "/oem/users",
                Optional.of(new JsonObject().put("email", email))),
        answer -> provisioned(answer, name, known, org));
  }

  private void provisioned(Answer answer, String name, Optional<Person> known, Org org) {
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
    var secret = answer.json().getJsonObject("data").getString("oemSecret");
    secrets.add(new Secret(person, secret, Optional.empty(), person.password));
  }
}
