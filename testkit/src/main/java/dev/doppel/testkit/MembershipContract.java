package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.UserFilter;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Specifies the members of organizations. */
abstract class MembershipContract extends StorageTests {

  MembershipContract(StorageContract contract) {
    super(contract);
  }

  private List<String> members(long organization) {
    return names(
        UserQuery.first(10).matching(new UserFilter.In(new OrganizationId(organization), false)));
  }

  @BeforeEach
  void insertUsers() {
    insert(-2, "last");
    insert(5, "first");
  }

  @Test
  void members_areListedInOrderOfUnsignedId() {
    assertThat(members(7)).containsExactly("first", "last");
    assertThat(members(-8)).containsExactly("first", "last");
    assertThat(members(8)).isEmpty();
  }

  @Test
  void members_followChangesOfUser() {
    await(users().update(new UserId(5), u -> u.withoutMembership(new OrganizationId(7))));
    assertThat(members(7)).containsExactly("last");
    await(users().delete(new UserId(-2)));
    assertThat(members(7)).isEmpty();
    assertThat(members(-8)).containsExactly("first");
  }

  @Test
  void memberships_endWithOrganization() {
    await(organizations().delete(new OrganizationId(7)));
    assertThat(members(7)).isEmpty();
    assertThat(members(-8)).containsExactly("first", "last");
    var user = await(users().find(new UserId(5)));
    assertThat(user.memberships()).containsOnlyKeys(new OrganizationId(-8));
    assertThat(user.home()).isEmpty();
    assertThat(user.version()).isEqualTo(2);
  }

  @Test
  void home_isDefaultOrganizationOnceOwnIsLeftOrDeleted() {
    var atHome = new UserFilter.In(new OrganizationId(99), true);
    assertThat(names(UserQuery.first(10).matching(atHome))).isEmpty();
    await(users().update(new UserId(5), u -> u.withoutMembership(new OrganizationId(7))));
    assertThat(await(users().find("first")).home()).isEmpty();
    assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first");
    await(organizations().delete(new OrganizationId(7)));
    assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first", "last");
    assertThat(await(users().list(UserQuery.first(1).matching(atHome).withTotal())).total())
        .isEqualTo(2);
    await(
        users()
            .update(
                new UserId(5), u -> u.withMembership(new OrganizationId(8), Membership.MEMBER)));
    assertThat(names(UserQuery.first(10).matching(atHome))).containsExactly("first", "last");
  }
}
