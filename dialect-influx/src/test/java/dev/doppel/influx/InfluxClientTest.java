package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.influxdb.client.AuthorizationsApi;
import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.InfluxDBClientFactory;
import com.influxdb.client.domain.Authorization;
import com.influxdb.client.domain.AuthorizationPostRequest;
import com.influxdb.client.domain.AuthorizationUpdateRequest;
import com.influxdb.client.domain.Bucket;
import com.influxdb.client.domain.HealthCheck;
import com.influxdb.client.domain.Label;
import com.influxdb.client.domain.Organization;
import com.influxdb.client.domain.Permission;
import com.influxdb.client.domain.PermissionResource;
import com.influxdb.client.domain.ResourceMember;
import com.influxdb.client.domain.ResourceOwner;
import com.influxdb.client.domain.User;
import com.influxdb.client.domain.WritePrecision;
import com.influxdb.exceptions.BadRequestException;
import com.influxdb.exceptions.ForbiddenException;
import com.influxdb.exceptions.InfluxException;
import com.influxdb.exceptions.InternalServerErrorException;
import com.influxdb.exceptions.NotFoundException;
import com.influxdb.exceptions.UnauthorizedException;
import com.influxdb.exceptions.UnprocessableEntityException;
import dev.doppel.dialect.Fidelity;
import dev.doppel.store.MvStorage;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer;
import io.vertx.core.Vertx;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The vendor's own Java client, unmodified, against the dialect. */
class InfluxClientTest {

  private final Vertx vertx = Vertx.vertx();
  private TestRealm realm;
  private TestServer server;
  private InfluxDBClient operator;

  @BeforeEach
  void start() {
    realm = TestRealm.over(vertx, MvStorage.inMemory());
    server = new TestServer(vertx, new InfluxDialect(realm.realm(), Fidelity.DOCUMENTED));
    operator = InfluxDBClientFactory.create(url(), TestRealm.OPERATOR_TOKEN.toCharArray());
  }

  @AfterEach
  void stop() {
    operator.close();
    server.close();
    realm.close();
    Await.await(vertx.close());
  }

  private String url() {
    return "http://127.0.0.1:" + server.port();
  }

  private InfluxDBClient signedIn(String password) {
    return InfluxDBClientFactory.create(url(), "alice", password.toCharArray());
  }

  @Test
  void system_answersReadyPingAndVersion() {
    assertThat(operator.ready().getStatus()).hasToString("ready");
    assertThat(operator.ping()).isTrue();
    assertThat(operator.version()).isEqualTo("v2.9.1");
  }

  @Test
  void users_areCreatedFoundUpdatedAndDeleted() {
    var users = operator.getUsersApi();
    var carol = users.createUser("carol");
    assertThat(carol.getStatus()).isEqualTo(User.StatusEnum.ACTIVE);
    assertThat(users.findUserByID(carol.getId()).getName()).isEqualTo("carol");
    assertThat(users.findUsers()).extracting(User::getName).contains("root", "alice", "carol");

    carol.setName("caroline");
    assertThat(users.updateUser(carol).getName()).isEqualTo("caroline");

    users.deleteUser(carol);
    assertThatThrownBy(() -> users.findUserByID(carol.getId()))
        .isInstanceOf(NotFoundException.class)
        .hasMessageContaining("user not found");
  }

  @Test
  void createUser_rejectsTakenName() {
    assertThatThrownBy(() -> operator.getUsersApi().createUser("alice"))
        .isInstanceOf(UnprocessableEntityException.class)
        .hasMessageContaining("user with name alice already exists");
  }

  @Test
  void me_answersTokenAndSession() {
    assertThat(operator.getUsersApi().me().getName()).isEqualTo("root");
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    }
  }

  @Test
  void updateUserPassword_setsPasswordOfAnother() {
    var users = operator.getUsersApi();
    var alice =
        users.findUsers().stream()
            .filter(u -> u.getName().equals("alice"))
            .findFirst()
            .orElseThrow();
    users.updateUserPassword(alice, TestRealm.PASSWORD, "set-by-operator");
    try (var client = signedIn("set-by-operator")) {
      assertThat(client.getUsersApi().me().getName()).isEqualTo("alice");
    }
  }

  @Test
  void meUpdatePassword_changesOwnPassword() {
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      alice.getUsersApi().meUpdatePassword(TestRealm.PASSWORD, "changed-by-alice");
    }
    try (var alice = signedIn("changed-by-alice")) {
      assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    }
    try (var alice = signedIn(TestRealm.PASSWORD)) {
      assertThatThrownBy(() -> alice.getUsersApi().me()).isInstanceOf(InfluxException.class);
    }
  }

  @Test
  void close_signsOut() {
    var alice = signedIn(TestRealm.PASSWORD);
    assertThat(alice.getUsersApi().me().getName()).isEqualTo("alice");
    alice.close();
    assertThatThrownBy(() -> alice.getUsersApi().me())
        .isInstanceOf(UnauthorizedException.class)
        .hasMessageContaining("unauthorized access");
  }

  @Test
  @SuppressWarnings("deprecation") // the client still has it, so callers still use it
  void health_passes() {
    var health = operator.health();
    assertThat(health.getStatus()).isEqualTo(HealthCheck.StatusEnum.PASS);
    assertThat(health.getMessage()).isEqualTo("ready for queries and writes");
    assertThat(health.getVersion()).isEqualTo("v2.9.1");
  }

  private Organization doppel() {
    return operator.getOrganizationsApi().findOrganizations().get(0);
  }

  private User user(String name) {
    return operator.getUsersApi().findUsers().stream()
        .filter(user -> user.getName().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private static Permission permission(Permission.ActionEnum action, String type, String id) {
    var resource = new PermissionResource();
    resource.setType(type);
    resource.setId(id);
    var permission = new Permission();
    permission.setAction(action);
    permission.setResource(resource);
    return permission;
  }

  @Nested
  class Authorizations {

    private AuthorizationsApi authorizations;

    @BeforeEach
    void find() {
      authorizations = operator.getAuthorizationsApi();
    }

    private Authorization create(Permission... permissions) {
      return authorizations.createAuthorization(doppel(), List.of(permissions));
    }

    @Test
    void create_showsTokenOnce() {
      var id = user("alice").getId();
      var created = create(permission(Permission.ActionEnum.READ, "users", id));
      assertThat(created.getToken()).hasSize(88);
      assertThat(created.getUser()).isEqualTo("root");
      assertThat(created.getOrg()).isEqualTo("doppel");
      assertThat(created.getPermissions().get(0).getResource().getName()).isEqualTo("alice");
      assertThat(created.getCreatedAt().toInstant()).isEqualTo(realm.clock().instant());
      assertThat(authorizations.findAuthorizations())
          .extracting(Authorization::getDescription)
          .containsExactly("root's Token", "");
      assertThat(authorizations.findAuthorizationsByUserName("alice")).isEmpty();
      assertThat(authorizations.findAuthorizationsByUser(user("root"))).hasSize(2);
      assertThat(authorizations.findAuthorizationsByOrg(doppel())).hasSize(2);
      var found = authorizations.findAuthorizationByID(created.getId());
      assertThat(found.getToken()).isEmpty();
      assertThat(found.getPermissions()).isEqualTo(created.getPermissions());
    }

    @Test
    void token_permitsOnlyItsPermissions() {
      var alice = user("alice");
      var created = create(permission(Permission.ActionEnum.READ, "users", alice.getId()));
      try (var client = InfluxDBClientFactory.create(url(), created.getToken().toCharArray())) {
        assertThat(client.getUsersApi().findUserByID(alice.getId()).getName()).isEqualTo("alice");
        assertThatThrownBy(() -> client.getUsersApi().me())
            .isInstanceOf(UnauthorizedException.class)
            .hasMessage(
                "HTTP status code: 401; Message: read:users/"
                    + user("root").getId()
                    + " is unauthorized");
        assertThatThrownBy(() -> client.getUsersApi().createUser("carol"))
            .isInstanceOf(UnauthorizedException.class)
            .hasMessage("HTTP status code: 401; Message: write:users is unauthorized");
      }
    }

    @Test
    void inactiveToken_permitsNothing() {
      var id = user("alice").getId();
      var created = create(permission(Permission.ActionEnum.READ, "users", id));
      created.setStatus(AuthorizationUpdateRequest.StatusEnum.INACTIVE);
      assertThat(authorizations.updateAuthorization(created).getStatus())
          .isEqualTo(AuthorizationUpdateRequest.StatusEnum.INACTIVE);
      try (var client = InfluxDBClientFactory.create(url(), created.getToken().toCharArray())) {
        assertThat(client.getUsersApi().findUsers()).isEmpty();
        assertThatThrownBy(() -> client.getUsersApi().findUserByID(id))
            .isInstanceOf(UnauthorizedException.class)
            .hasMessage("HTTP status code: 401; Message: token is inactive");
      }
    }

    @Test
    void delete_endsToken() {
      var created = create(permission(Permission.ActionEnum.READ, "users", user("alice").getId()));
      authorizations.deleteAuthorization(created);
      assertThatThrownBy(() -> authorizations.findAuthorizationByID(created.getId()))
          .isInstanceOf(NotFoundException.class)
          .hasMessage("HTTP status code: 404; Message: authorization not found");
      try (var client = InfluxDBClientFactory.create(url(), created.getToken().toCharArray())) {
        assertThatThrownBy(() -> client.getUsersApi().findUsers())
            .isInstanceOf(UnauthorizedException.class)
            .hasMessage("HTTP status code: 401; Message: unauthorized access");
      }
    }

    @Test
    void create_rejectsMissingPermissions() {
      assertThatThrownBy(() -> create())
          .isInstanceOf(BadRequestException.class)
          .hasMessage("HTTP status code: 400; Message: authorization must include permissions");
    }

    /** Users, then authorizations, then passwords: the flow of the page "Create a user". */
    @Test
    void create_worksForNewUserAsDocumented() {
      var carol = operator.getUsersApi().createUser("carol");
      var request = new AuthorizationPostRequest();
      request.setOrgID(doppel().getId());
      request.setUserID(carol.getId());
      request.setPermissions(
          List.of(permission(Permission.ActionEnum.READ, "users", carol.getId())));
      var token = authorizations.createAuthorization(request).getToken();
      operator.getUsersApi().updateUserPassword(carol, "", "carols-password");
      try (var client = InfluxDBClientFactory.create(url(), token.toCharArray())) {
        assertThat(client.getUsersApi().me().getName()).isEqualTo("carol");
      }
      try (var client =
          InfluxDBClientFactory.create(url(), "carol", "carols-password".toCharArray())) {
        assertThat(client.getUsersApi().me().getName()).isEqualTo("carol");
      }
    }
  }

  @Test
  void organizations_haveMembersAndOwners() {
    var orgs = operator.getOrganizationsApi();
    var acme = orgs.createOrganization("acme");
    assertThat(acme.getLinks().getOwners()).isEqualTo("/api/v2/orgs/" + acme.getId() + "/owners");
    assertThat(orgs.findOrganizations())
        .extracting(Organization::getName)
        .containsExactlyInAnyOrder("doppel", "acme");

    var alice = user("alice");
    assertThat(orgs.addMember(alice, acme).getRole()).isEqualTo(ResourceMember.RoleEnum.MEMBER);
    assertThat(orgs.getMembers(acme)).extracting(ResourceMember::getName).containsExactly("alice");
    assertThatThrownBy(() -> orgs.addOwner(alice, acme))
        .isInstanceOf(InternalServerErrorException.class)
        .hasMessage(
            "HTTP status code: 500; Message: Unexpected error when assigning user to a resource:"
                + " mapping for user %s already exists",
            alice.getId());
    orgs.deleteMember(alice, acme);
    assertThat(orgs.addOwner(alice, acme).getRole()).isEqualTo(ResourceOwner.RoleEnum.OWNER);
    assertThat(orgs.getOwners(acme))
        .extracting(ResourceOwner::getName)
        .containsExactly("root", "alice");
    try (var client = signedIn(TestRealm.PASSWORD)) {
      assertThat(client.getOrganizationsApi().findOrganizations())
          .extracting(Organization::getName)
          .containsExactly("acme");
    }
    orgs.deleteOwner(alice, acme);

    acme.setName("acme and sons");
    assertThat(orgs.updateOrganization(acme).getName()).isEqualTo("acme and sons");
    orgs.deleteOrganization(acme);
    assertThatThrownBy(() -> orgs.findOrganizationByID(acme.getId()))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("HTTP status code: 404; Message: organization not found");
    assertThatThrownBy(() -> orgs.createOrganization("doppel"))
        .isInstanceOf(UnprocessableEntityException.class)
        .hasMessage("HTTP status code: 422; Message: organization with name doppel already exists");
  }

  @Test
  void buckets_haveLabels() {
    var buckets = operator.getBucketsApi();
    var data = buckets.createBucket("data", doppel());
    assertThat(data.getRetentionRules().get(0).getShardGroupDurationSeconds()).isEqualTo(604_800);
    assertThat(buckets.findBucketByName("data").getId()).isEqualTo(data.getId());
    assertThat(buckets.findBucketByName("nope")).isNull();
    assertThat(buckets.findBucketsByOrg(doppel()))
        .extracting(Bucket::getName)
        .containsExactly("_monitoring", "_tasks", "data");

    var red =
        operator.getLabelsApi().createLabel("red", Map.of("color", "ff0000"), doppel().getId());
    buckets.addLabel(red, data);
    assertThat(buckets.getLabels(data)).extracting(Label::getName).containsExactly("red");
    assertThat(buckets.findBucketByID(data.getId()).getLabels()).hasSize(1);
    buckets.deleteLabel(red, data);
    red.setProperties(Map.of("color", "00ff00"));
    assertThat(operator.getLabelsApi().updateLabel(red).getProperties())
        .containsEntry("color", "00ff00");
    operator.getLabelsApi().deleteLabel(red);
    assertThat(operator.getLabelsApi().findLabels()).isEmpty();

    data.setName("more");
    assertThat(buckets.updateBucket(data).getName()).isEqualTo("more");
    buckets.deleteBucket(data);
    assertThatThrownBy(() -> buckets.findBucketByID(data.getId()))
        .isInstanceOf(NotFoundException.class)
        .hasMessage("HTTP status code: 404; Message: bucket not found");
  }

  @Test
  void unsupportedOperation_answersNotImplemented() {
    assertThatThrownBy(
            () ->
                operator
                    .getWriteApiBlocking()
                    .writeRecord("data", "doppel", WritePrecision.NS, "m f=1"))
        .isInstanceOf(InfluxException.class)
        .hasMessage("HTTP status code: 501; Message: POST /api/v2/write is not implemented");
    assertThatThrownBy(() -> operator.getTasksApi().findTasks())
        .isInstanceOf(InfluxException.class)
        .hasMessage("HTTP status code: 501; Message: GET /api/v2/tasks is not implemented");
  }

  @Test
  void onboarding_worksOnce() {
    var blank = TestRealm.blankOver(vertx, MvStorage.inMemory());
    try (var fresh = new TestServer(vertx, new InfluxDialect(blank.realm(), Fidelity.DOCUMENTED))) {
      var url = "http://127.0.0.1:" + fresh.port();
      try (var nobody = InfluxDBClientFactory.create(url)) {
        assertThat(nobody.isOnboardingAllowed()).isTrue();
      }
      assertThatThrownBy(
              () -> InfluxDBClientFactory.onBoarding(url, "root", "short", "acme", "data"))
          .isInstanceOf(BadRequestException.class)
          .hasMessageContaining("passwords must be between 8 and 72 characters long");
      var done = InfluxDBClientFactory.onBoarding(url, "root", "long-enough", "acme", "data");
      assertThat(done.getUser().getName()).isEqualTo("root");
      assertThat(done.getOrg().getName()).isEqualTo("acme");
      assertThat(done.getBucket().getName()).isEqualTo("data");
      assertThat(done.getAuth().getPermissions()).hasSize(44);
      try (var first = InfluxDBClientFactory.create(url, done.getAuth().getToken().toCharArray())) {
        assertThat(first.isOnboardingAllowed()).isFalse();
        assertThat(first.getUsersApi().me().getName()).isEqualTo("root");
        assertThatThrownBy(
                () -> InfluxDBClientFactory.onBoarding(url, "root", "long-enough", "acme", "b"))
            .isInstanceOf(UnprocessableEntityException.class)
            .hasMessage("HTTP status code: 422; Message: onboarding has already been completed");
      }
    } finally {
      blank.close();
    }
  }

  @Test
  void inactiveUser_isRefused() {
    try (var client = signedIn(TestRealm.PASSWORD)) {
      assertThat(client.getUsersApi().me().getName()).isEqualTo("alice");
      var alice = user("alice");
      alice.setStatus(User.StatusEnum.INACTIVE);
      operator.getUsersApi().updateUser(alice);
      assertThatThrownBy(() -> client.getUsersApi().me())
          .isInstanceOf(ForbiddenException.class)
          .hasMessage("HTTP status code: 403; Message: User is inactive");
    }
  }

  @Test
  void updateUserPassword_rejectsShortPassword() {
    var alice = user("alice");
    assertThatThrownBy(() -> operator.getUsersApi().updateUserPassword(alice, "", "short"))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(
            "HTTP status code: 400; Message: passwords must be between 8 and 72 characters long");
  }

  @Test
  void wrongPassword_failsFirstCall() {
    try (var client = signedIn("wrong-password")) {
      assertThatThrownBy(() -> client.getUsersApi().me())
          .isInstanceOf(UnauthorizedException.class)
          .hasMessage("HTTP status code: 401; Message: unauthorized access");
    }
  }
}
