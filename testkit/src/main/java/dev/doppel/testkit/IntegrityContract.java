package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.builtIn;
import static dev.doppel.testkit.StorageFixture.organization;
import static dev.doppel.testkit.StorageFixture.user;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Status;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Specifies which users and organizations are rejected: users refer to existing roles and
 * organizations only, and no two users are shown under the same name.
 */
abstract class IntegrityContract extends StorageTests {

  IntegrityContract(StorageContract contract) {
    super(contract);
  }

  @Test
  void missingOrganizationOrRole_isRejected() {
    insert(5, "alice");
    var users = users();
    var nowhere = new OrganizationId(99);
    assertThat(
            reason(
                users.update(
                    new UserId(5), user -> user.withMembership(nowhere, Membership.MEMBER))))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(reason(users.update(new UserId(5), user -> user.withRole("gone"))))
        .isEqualTo(Reason.NO_SUCH_ROLE);
    assertThat(reason(users.insert(user(6, "bob").withMembership(nowhere, Membership.MEMBER))))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(reason(users.insert(user(6, "bob").withRole("gone"))))
        .isEqualTo(Reason.NO_SUCH_ROLE);
    assertThat(await(users.find("alice"))).isEqualTo(user(5, "alice"));
    assertThat(reason(users.find("bob"))).isEqualTo(Reason.NO_SUCH_USER);
  }

  @Test
  void shownName_isUniqueInEachOrganization() {
    var users = users();
    var seven = new OrganizationId(7);
    await(organizations().update(seven, one -> one.withName("acme")));
    insert(5, "bob");
    assertThat(reason(users.insert(user(6, "bob@acme")))).isEqualTo(Reason.USER_EXISTS);
    await(users.insert(user(6, "bob@acme").withoutMembership(seven)));
    assertThat(
            reason(
                users.update(new UserId(6), user -> user.withMembership(seven, Membership.MEMBER))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users.update(new UserId(5), user -> user.withName("rob")));
    await(users.update(new UserId(6), user -> user.withMembership(seven, Membership.MEMBER)));
    assertThat(reason(users.update(new UserId(5), user -> user.withName("bob"))))
        .isEqualTo(Reason.USER_EXISTS);
  }

  @Test
  void shownName_isUniqueAmongAdministratorsAndInDefaultOrganization() {
    var users = users();
    await(organizations().insert(organization(1, "System", Organization.Kind.SYSTEM)));
    await(organizations().insert(organization(2, "doppel", Organization.Kind.DEFAULT)));
    await(users.insert(atHome(5, "bob")));
    assertThat(reason(users.insert(atHome(6, "bob@doppel")))).isEqualTo(Reason.USER_EXISTS);
    await(users.update(new UserId(5), user -> user.withAdministrator(true)));
    await(users.insert(atHome(7, "bob@System")));
    assertThat(reason(users.update(new UserId(7), user -> user.withAdministrator(true))))
        .isEqualTo(Reason.USER_EXISTS);
  }

  /**
   * In stores that are older than the rule, and where the default organization is created later
   * than users.
   */
  @Test
  void usersAlreadySharingShownName_canBeChanged() {
    var users = users();
    await(users.insert(atHome(5, "bob").withAdministrator(true)));
    await(users.insert(atHome(6, "bob@doppel")));
    await(users.insert(atHome(7, "bob@System").withAdministrator(true)));
    await(organizations().insert(organization(1, "System", Organization.Kind.SYSTEM)));
    await(organizations().insert(organization(2, "doppel", Organization.Kind.DEFAULT)));
    for (var id : List.of(1L, 2L)) {
      await(organizations().update(new OrganizationId(id), one -> one.withDescription("other")));
    }
    for (var id : List.of(5L, 6L, 7L)) {
      var changed =
          await(users.update(new UserId(id), user -> user.withFullName(Optional.of("other"))));
      assertThat(changed.fullName()).contains("other");
    }
    await(users.update(new UserId(7), user -> user.withStatus(Status.INACTIVE)));
    assertThat(
            reason(
                users.update(
                    new UserId(6),
                    user -> user.withAdministrator(true).withName("bob@System@doppel"))))
        .isEqualTo(Reason.USER_EXISTS);
  }

  @Test
  void renameOfOrganization_rejectsDuplicateShownNames() {
    insert(5, "bob");
    insert(6, "bob@acme");
    assertThat(reason(organizations().update(new OrganizationId(7), one -> one.withName("acme"))))
        .isEqualTo(Reason.USER_EXISTS);
    assertThat(await(organizations().find(new OrganizationId(7))).name())
        .isEqualTo("organization 7");
    await(organizations().update(new OrganizationId(7), one -> one.withName("beta")));
  }

  @Test
  void reservedShownName_isRejectedExceptForBuiltInUser() {
    var users = users();
    var seven = new OrganizationId(7);
    await(organizations().insert(organization(1, "System", Organization.Kind.SYSTEM)));
    await(organizations().insert(organization(2, "doppel", Organization.Kind.DEFAULT)));
    await(organizations().update(seven, one -> one.withName("acme")));
    assertThat(reason(users.insert(atHome(5, "Root@doppel")))).isEqualTo(Reason.USER_EXISTS);
    assertThat(reason(users.insert(user(5, "x@doppel.invalid@acme"))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users.insert(atHome(5, "administrator@System")));
    assertThat(reason(users.update(new UserId(5), user -> user.withAdministrator(true))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users.insert(atHome(6, "root@acme")));
    assertThat(
            reason(
                users.update(new UserId(6), user -> user.withMembership(seven, Membership.MEMBER))))
        .isEqualTo(Reason.USER_EXISTS);
    assertThat(reason(users.update(new UserId(6), user -> user.withName("root@doppel"))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users.insert(user(8, "root@beta")));
    assertThat(reason(organizations().update(seven, one -> one.withName("beta"))))
        .isEqualTo(Reason.USER_EXISTS);
    await(users.insert(builtIn(9, "root@System").withAdministrator(true)));
    await(users.update(new UserId(9), user -> user.withName("administrator@acme")));
  }

  @Test
  void deletionOfOrganization_rejectsDuplicateShownNames() {
    var organizations = organizations();
    var seven = new OrganizationId(7);
    await(organizations.insert(organization(2, "doppel", Organization.Kind.DEFAULT)));
    await(users().insert(atHome(5, "bob")));
    for (var name : List.of("bob@doppel", "root@doppel")) {
      await(users().insert(user(6, name))); // at home in 7
      assertThat(reason(organizations.delete(seven))).isEqualTo(Reason.USER_EXISTS);
      await(users().delete(new UserId(6)));
    }
    await(organizations.delete(seven));
  }

  private User atHome(long id, String name) {
    return user(id, name)
        .withoutMembership(new OrganizationId(7))
        .withoutMembership(new OrganizationId(-8));
  }
}
