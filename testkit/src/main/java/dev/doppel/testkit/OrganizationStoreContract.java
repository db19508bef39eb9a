package dev.doppel.testkit;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.testkit.Await.reason;
import static dev.doppel.testkit.StorageFixture.NOW;
import static dev.doppel.testkit.StorageFixture.organization;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Specifies the storage of organizations. */
abstract class OrganizationStoreContract extends StorageTests {

  OrganizationStoreContract(StorageContract contract) {
    super(contract);
  }

  private static Organization ordinary(long id, String name) {
    return new Organization(
        new OrganizationId(id),
        name,
        "about " + name,
        Organization.Kind.ORDINARY,
        NOW,
        NOW,
        Map.of("dialect", "{}"));
  }

  @Test
  void organization_canBeInsertedUpdatedAndDeleted() {
    await(storage().clear());
    var organizations = organizations();
    await(organizations.insert(ordinary(7, "b")));
    await(organizations.insert(ordinary(6, "a")));
    assertThat(await(organizations.find(new OrganizationId(7)))).isEqualTo(ordinary(7, "b"));
    assertThat(await(organizations.find("a"))).isEqualTo(ordinary(6, "a"));
    assertThat(reason(organizations.insert(ordinary(8, "a"))))
        .isEqualTo(Reason.ORGANIZATION_EXISTS);
    assertThat(reason(organizations.insert(ordinary(7, "c"))))
        .isEqualTo(Reason.ORGANIZATION_EXISTS);
    assertThat(await(organizations.list()).stream().map(Organization::name))
        .containsExactly("a", "b");
    assertThat(reason(organizations.update(new OrganizationId(7), o -> ordinary(7, "a"))))
        .isEqualTo(Reason.ORGANIZATION_EXISTS);
    await(organizations.update(new OrganizationId(7), o -> ordinary(7, "z")));
    assertThat(reason(organizations.find("b"))).isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(await(organizations.delete(new OrganizationId(7))).name()).isEqualTo("z");
    assertThat(reason(organizations.find("z"))).isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(reason(organizations.find(new OrganizationId(7))))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(reason(organizations.delete(new OrganizationId(7))))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
  }

  @Test
  void findByKind_followsEveryChange() {
    var organizations = organizations();
    assertThat(reason(organizations.find(Organization.Kind.DEFAULT)))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    var home = organization(5, "home", Organization.Kind.DEFAULT);
    await(organizations.insert(home));
    await(organizations.insert(organization(6, "other", Organization.Kind.ORDINARY)));
    assertThat(reason(organizations.find(Organization.Kind.ORDINARY)))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
    assertThat(reason(organizations.insert(organization(7, "x", Organization.Kind.DEFAULT))))
        .isEqualTo(Reason.ORGANIZATION_EXISTS);
    await(organizations.update(home.id(), one -> one.withName("renamed")));
    assertThat(await(organizations.find(Organization.Kind.DEFAULT)).name()).isEqualTo("renamed");
    await(organizations.delete(home.id()));
    assertThat(reason(organizations.find(Organization.Kind.DEFAULT)))
        .isEqualTo(Reason.NO_SUCH_ORGANIZATION);
  }
}
