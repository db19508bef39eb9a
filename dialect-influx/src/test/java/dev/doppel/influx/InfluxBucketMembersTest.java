package dev.doppel.influx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.influx.InfluxExtras.BucketMapping;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.TestRealm;
import dev.doppel.testkit.TestServer.Answer;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.User;
import io.vertx.core.json.JsonObject;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Members and owners of buckets: who may list and add them, and what becomes of them. */
class InfluxBucketMembersTest {

  private static final int DEAD = 3;

  private final InfluxApi api = new InfluxApi();
  private String org = "";
  private String bucket = "";
  private String system = "";
  private String alice = "";

  @BeforeEach
  void createBucket() {
    var operator = api.operator();
    org = operator.create("/orgs", new JsonObject().put("name", "acme")).getString("id");
    bucket =
        operator
            .create("/buckets", new JsonObject().put("orgID", org).put("name", "data"))
            .getString("id");
    system =
        new JsonObject(operator.send("GET", "/buckets?name=_tasks&orgID=" + org).body())
            .getJsonArray("buckets")
            .getJsonObject(0)
            .getString("id");
    alice = InfluxId.of(api.user("alice"));
  }

  @AfterEach
  void close() {
    api.close();
  }

  private String members() {
    return "/buckets/" + bucket + "/members";
  }

  private static JsonObject id(String id) {
    return new JsonObject().put("id", id);
  }

  private static void assertError(Answer answer, int status, String code, String message) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(status);
    assertThat(new JsonObject(answer.body()))
        .isEqualTo(new JsonObject().put("code", code).put("message", message));
  }

  private String permissions(String userID) {
    return api.operator().send("GET", "/users/" + userID + "/permissions").body();
  }

  private List<String> storedUsers() {
    return InfluxOrganizationExtras.of(api.organization(org))
        .bucket(bucket)
        .orElseThrow()
        .userIDs();
  }

  // ---- permissions

  @Test
  void member_readsBucketInSession() {
    var session = api.signedIn("alice");
    assertThat(session.send("GET", "/buckets/" + bucket).status()).isEqualTo(401);
    api.operator().create(members(), id(alice));
    assertThat(session.send("GET", "/buckets/" + bucket).status()).isEqualTo(200);
    api.operator().send("DELETE", members() + "/" + alice);
    assertThat(session.send("GET", "/buckets/" + bucket).status()).isEqualTo(401);
  }

  /** Whoever could set the password would have the rights to the bucket. */
  @Test
  void passwordOfMember_cannotBeSetByRightsOfAnotherDialect() {
    var others = api.realm().users().by(Authority.NONE);
    var id = api.user("alice").id();
    api.operator().create(members(), id(alice));
    assertThat(Await.reason(others.setPassword(id, new Password("taken over"))))
        .isEqualTo(Reason.FORBIDDEN);
    api.operator().send("DELETE", members() + "/" + alice);
    Await.await(others.setPassword(id, new Password("given back")));
  }

  @Test
  void session_readsNoOrganization() {
    api.operator().create(members(), id(alice));
    api.store(org, "no JSON");
    assertThat(api.signedIn("alice").send("GET", "/me").status()).isEqualTo(200);
    assertThat(permissions(alice)).contains(bucket);
  }

  @Test
  void recreatedUser_isNoMember() {
    api.operator().create(members(), id(alice));
    var old = api.user("alice");
    api.delete(old);
    var created =
        api.create(
            NewUser.named("alice")
                .withId(Optional.of(old.id()))
                .withPassword(new Password(TestRealm.PASSWORD)));
    assertThat(created.created()).isEqualTo(old.created());

    assertThat(permissions(alice)).doesNotContain(bucket);
    assertThat(api.operator().names(members())).isEmpty();
    assertThat(api.signedIn("alice").send("GET", "/buckets/" + bucket).status()).isEqualTo(401);
    api.operator().create(members(), id(alice));
    assertThat(api.operator().names(members())).containsExactly("alice");
    assertThat(storedUsers()).containsExactly(old.id().toString());
  }

  @Test
  void add_removesRecreatedUsers() {
    api.operator().create(members(), id(alice));
    var old = api.user("alice");
    api.delete(old);
    api.create(NewUser.named("alice").withId(Optional.of(old.id())));
    var bob = api.user("bob");
    api.operator().create(members(), id(InfluxId.of(bob)));
    assertThat(storedUsers()).containsExactly(bob.id().toString());
  }

  @Test
  void add_removesDeletedUsers() {
    var dead =
        IntStream.range(0, DEAD).mapToObj(i -> api.create(NewUser.named("dead" + i))).toList();
    dead.forEach(user -> api.operator().create(members(), id(InfluxId.of(user))));
    assertThat(storedUsers()).hasSize(DEAD);
    dead.forEach(api::delete);
    assertThat(api.operator().names(members())).isEmpty();
    api.operator().create(members(), id(alice));
    assertThat(storedUsers()).containsExactly(api.user("alice").id().toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"/buckets/", "/orgs/"})
  void delete_removesMembers(String path) {
    var dead = api.create(NewUser.named("dead"));
    api.operator().create(members(), id(InfluxId.of(dead)));
    api.operator().create(members(), id(alice));
    api.delete(dead);
    assertThat(permissions(alice)).contains(bucket);
    var gone = path.equals("/orgs/") ? org : bucket;
    assertThat(api.operator().send("DELETE", path + gone).status()).isEqualTo(204);
    assertThat(permissions(alice)).doesNotContain(bucket);
    assertThat(InfluxExtras.mappings(api.user("alice"))).isEmpty();
  }

  @Test
  void add_refusesMemberAsOwner() {
    api.operator().create(members(), id(alice));
    assertError(
        api.operator().send("POST", "/buckets/" + bucket + "/owners", id(alice).encode()),
        500,
        "internal error",
        "Unexpected error when assigning user to a resource: mapping for user "
            + alice
            + " already exists");
    assertThat(api.operator().names("/buckets/" + bucket + "/owners")).isEmpty();
  }

  // ---- limits

  @Test
  void add_refusesTooManyBuckets() {
    var full =
        IntStream.range(1, InfluxExtras.MAX_MAPPINGS)
            .mapToObj(i -> new BucketMapping(org, InfluxId.text(i), Membership.MEMBER))
            .toList();
    var user = create("full", full);
    api.operator().create(members(), id(InfluxId.of(user)));
    assertError(
        api.operator()
            .send("POST", "/buckets/" + system + "/members", id(InfluxId.of(user)).encode()),
        422,
        "unprocessable entity",
        "a user can be a member or an owner of 1000 buckets at most");
  }

  private User create(String name, List<BucketMapping> mappings) {
    return api.create(new InfluxExtras(null, null, mappings).on(NewUser.named(name)));
  }

  @Test
  void add_refusesTooManyUsers() {
    var mapping = List.of(new BucketMapping(org, bucket, Membership.OWNER));
    var full =
        IntStream.range(0, InfluxBucket.MAX_USERS)
            .mapToObj(i -> create("full" + i, mapping).id().toString())
            .toList();
    var extras = InfluxOrganizationExtras.of(api.organization(org));
    var stored = new JsonObject(extras.json());
    stored.getJsonArray("buckets").getJsonObject(0).put("userIDs", full);
    api.store(org, stored.encode());

    assertThat(api.operator().names("/buckets/" + bucket + "/owners")).hasSize(full.size());
    assertError(
        api.operator().send("POST", members(), id(alice).encode()),
        422,
        "unprocessable entity",
        "a bucket can have 1000 members and owners at most");
    assertThat(permissions(alice)).doesNotContain(bucket);
  }

  // ---- tokens with few permissions

  @ParameterizedTest
  @ValueSource(strings = {"members", "owners"})
  void add_hidesUsersFromTokenOfBucket(String role) {
    var path = "/buckets/" + bucket + "/" + role;
    var token = api.holder(org, "read:buckets", "write:buckets");
    var unknown = "00000000000000ff";
    for (var user :
        List.of(unknown, alice, InfluxId.of(api.user("bob")), InfluxId.of(api.user("root")))) {
      assertError(token.send("POST", path, id(user).encode()), 404, "not found", "user not found");
    }
    assertThat(api.operator().names(path)).isEmpty();

    var reader = api.holder(org, "read:buckets", "write:buckets", "read:users");
    assertThat(reader.create(path, id(alice)).getString("name")).isEqualTo("alice");
  }

  @Test
  void add_allowsOwnerOfOrganization() {
    api.operator().create("/orgs/" + org + "/owners", id(alice));
    var carol = api.create(NewUser.named("carol"));
    api.signedIn("alice").create(members(), id(InfluxId.of(carol)));
    assertThat(api.operator().names(members())).containsExactly("carol");
  }

  @Test
  void list_showsMemberOfOrganizationThoseOfIt() {
    var colleague = InfluxId.of(api.create(NewUser.named("colleague")));
    var stranger = InfluxId.of(api.create(NewUser.named("stranger")));
    for (var user : List.of(alice, colleague)) {
      api.operator().create("/orgs/" + org + "/members", id(user));
    }
    for (var user : List.of(alice, colleague, stranger)) {
      api.operator().create(members(), id(user));
    }
    assertThat(api.signedIn("alice").names(members())).containsExactly("alice", "colleague");
    assertThat(api.holder(org, "read:orgs", "read:buckets").names(members()))
        .containsExactly("alice", "colleague", "stranger");
  }

  @ParameterizedTest
  @CsvSource({
    "read:buckets, GET, 404, not found",
    "read:orgs, GET, 404, 404 page not found",
    "write:buckets, GET, 404, 404 page not found",
    "write:buckets, POST, 404, 404 page not found",
    "write:buckets, DELETE, 404, 404 page not found",
    "read:orgs, POST, 404, 404 page not found",
    "read:buckets, POST, 404, user not found",
    "read:buckets read:users, POST, 401, 'write:orgs/%s/buckets/%s is unauthorized'",
    "read:buckets, DELETE, 401, 'write:orgs/%s/buckets/%s is unauthorized'",
  })
  void permission_isNotEnough(String held, String method, int status, String message) {
    api.operator().create("/buckets/" + bucket + "/owners", id(InfluxId.of(api.user("bob"))));
    var token = api.holder(org, held.split(" "));
    for (var role : List.of("members", "owners")) {
      var path = "/buckets/" + bucket + "/" + role;
      var answer =
          switch (method) {
            case "DELETE" -> token.send(method, path + "/" + InfluxId.of(api.user("bob")));
            case "POST" -> token.send(method, path, id(alice).encode());
            default -> token.send(method, path);
          };
      var code = status == 401 ? "unauthorized" : "not found";
      assertError(answer, status, code, message.formatted(org, bucket));
    }
  }

  @Test
  void systemBucket_needsReadingBucketsForMembers() {
    var path = "/buckets/" + system + "/members";
    api.operator().create(path, id(alice));
    assertThat(api.holder(org, "read:orgs").names(path)).isEmpty();
    assertThat(api.holder(org, "read:orgs", "read:buckets").names(path)).containsExactly("alice");
    assertError(
        api.holder(org, "read:buckets").send("GET", path), 404, "not found", "404 page not found");
  }
}
