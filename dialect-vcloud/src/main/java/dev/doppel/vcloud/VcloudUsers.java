package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.users.Alias;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import dev.doppel.users.UserFilter;
import dev.doppel.vcloud.VcloudWire.PasswordChangeRequest;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Finding users, and changing one's own password (CloudAPI "User Operations"). */
final class VcloudUsers {

  private static final int SHORTEST_PASSWORD = 6;
  private static final int LONGEST_PASSWORD = 128;
  private static final String CONTEXT = "X-VMWARE-VCLOUD-TENANT-CONTEXT";

  private final Realm realm;
  private final VcloudRules rules;

  VcloudUsers(Realm realm, VcloudRules rules) {
    this.realm = realm;
    this.rules = rules;
  }

  Future<Reply> query(Call call) {
    var paging = VcloudPaging.of(call);
    return context(call).compose(organization -> page(call, paging, organization));
  }

  private Future<Reply> page(Call call, VcloudPaging paging, Organization organization) {
    var filter =
        call.query("filter")
            .filter(text -> !text.isEmpty())
            .map(text -> VcloudFilter.parse(text, organization))
            .orElse(UserFilter.EVERYONE);
    if (!manages(call, organization)) {
      throw VcloudFaults.NO_VIEW.refuse(
          Reason.FORBIDDEN, VcloudUrn.of(organization).uuid().toString());
    }
    var members = realm.organizations().membersOf(organization);
    var version = VcloudVersion.of(call, rules);
    return realm
        .users()
        .list(paging.query().matching(new UserFilter.All(List.of(members, filter))))
        .map(
            page -> {
              var views =
                  page.items().stream()
                      .map(one -> new VcloudUserView(one, organization, version, true).properties())
                      .toList();
              var reply = Reply.ok(paging.envelope(page.total(), views));
              return paging.linked(reply, call, page.total(), "VcdUsers");
            });
  }

  /** The organisation of the session, or the one a provider acts in. */
  private Future<Organization> context(Call call) {
    return realm
        .organizations()
        .find(VcloudSession.of(call).organizationId())
        .compose(own -> call.header(CONTEXT).map(text -> other(own, text)).orElse(kept(own)));
  }

  private static Future<Organization> kept(Organization own) {
    return Future.succeededFuture(own);
  }

  /** By bare UUID or by URN. */
  private Future<Organization> other(Organization own, String text) {
    var wanted = VcloudUrn.parse(text).or(() -> VcloudUrn.parse("urn:vcloud:org:" + text));
    if (wanted.filter(VcloudUrn.of(own)::equals).isPresent()) {
      return kept(own);
    }
    var id = wanted.filter(urn -> urn.type().equals("org")).flatMap(VcloudUrn::organizationId);
    if (id.isEmpty() || !own.name().equals(Realm.SYSTEM)) {
      throw VcloudFaults.NO_CONTEXT.refuse(Reason.FORBIDDEN);
    }
    return Failure.emptyIf(Reason.NO_SUCH_ORGANIZATION, realm.organizations().find(id.get()))
        .map(
            organization ->
                organization.orElseThrow(() -> VcloudFaults.NO_CONTEXT.refuse(Reason.FORBIDDEN)));
  }

  /** A provider's administrator manages every organisation. */
  private static boolean manages(Call call, Organization organization) {
    return VcloudRole.of(call.caller().user(), organization).managesUsers();
  }

  Future<Reply> get(Call call) {
    var urn = urn(call);
    return context(call)
        .compose(
            organization ->
                find(urn)
                    .map(user -> user.filter(one -> sees(call, one, organization)))
                    .map(
                        user ->
                            user.orElseThrow(
                                () ->
                                    VcloudFaults.NO_VIEW.refuse(
                                        Reason.NO_SUCH_USER, urn.uuid().toString())))
                    .map(user -> view(call, user, organization)));
  }

  private boolean sees(Call call, User user, Organization organization) {
    return user.id().equals(call.caller().user().id())
        || (realm.organizations().has(organization, user) && manages(call, organization));
  }

  private Reply view(Call call, User user, Organization organization) {
    var whole = manages(call, organization);
    return Reply.ok(
        new VcloudUserView(user, organization, VcloudVersion.of(call, rules), whole).properties());
  }

  private static VcloudUrn urn(Call call) {
    var text = call.parameter("userUrn");
    return VcloudUrn.parseUser(text)
        .orElseThrow(
            () ->
                Failure.of(
                    Reason.INVALID_ID, "The value '" + text + "' is not a URN of type user."));
  }

  /** By the id that the URN carries, or by the URN it was imported with. */
  private Future<Optional<User>> find(VcloudUrn urn) {
    var imported = new Alias(VcloudDialect.NAME, urn.toString());
    return urn.userId()
        .map(id -> Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(id)))
        .orElse(Future.succeededFuture(Optional.empty()))
        .compose(
            user ->
                user.isPresent()
                    ? Future.succeededFuture(user)
                    : Failure.emptyIf(Reason.NO_SUCH_USER, realm.users().find(imported)));
  }

  Future<Reply> changePassword(Call call, PasswordChangeRequest body) {
    var urn = urn(call);
    var current = required("currentPassword", body.currentPassword());
    var wanted = required("newPassword", body.newPassword());
    if (wanted.length() < SHORTEST_PASSWORD || wanted.length() > LONGEST_PASSWORD) {
      throw bad(
          "The property newPassword must have %s to %s characters."
              .formatted(SHORTEST_PASSWORD, LONGEST_PASSWORD));
    }
    return find(urn)
        .map(user -> user.filter(one -> one.id().equals(call.caller().user().id())))
        .map(
            user ->
                user.orElseThrow(
                    () -> VcloudFaults.NO_EDIT.refuse(Reason.FORBIDDEN, urn.uuid().toString())))
        .compose(
            user ->
                realm.users().changePassword(user.id(), current, () -> another(wanted, current)))
        .map(changed -> Reply.noContent());
  }

  private static Password another(Password wanted, Password current) {
    if (wanted.clearText().equals(current.clearText())) {
      throw bad("The new password must be different from the current password.");
    }
    return wanted;
  }

  private static Password required(String property, @Nullable Password value) {
    if (value == null) {
      throw bad("The property " + property + " is required.");
    }
    return value;
  }

  private static Failure bad(String text) {
    return Failure.of(Reason.INVALID_VALUE, text);
  }
}
