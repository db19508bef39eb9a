package dev.doppel.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.dialect.Reply;
import dev.doppel.dialect.VendorOperation;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RouteTableTest {

  private record Named(String dialect, String operation) implements VendorOperation {}

  private static Operation operation(String path, String name) {
    return Operation.get(
        path, new Named("test", name), call -> Future.succeededFuture(Reply.noContent()));
  }

  private final List<Operation> operations =
      List.of(
          operation("/v1/users", "list"),
          operation("/v1/users/:id", "get"),
          operation("/v1/users/profile", "profile"),
          operation("/v1/users/:id/tokens/:token", "token"));

  private String name(PathRules rules, String path) {
    return new RouteTable(operations, rules).find(HttpMethod.GET, path).operation().name();
  }

  private Reason reason(PathRules rules, HttpMethod method, String path) {
    try {
      new RouteTable(operations, rules).find(method, path);
      throw new AssertionError("found");
    } catch (Failure failure) {
      return failure.reason();
    }
  }

  @Test
  void find_prefersLiterals() {
    assertThat(name(PathRules.EXACT, "/v1/users/profile")).isEqualTo("profile");
    assertThat(name(PathRules.EXACT, "/v1/users/x")).isEqualTo("get");
  }

  private Map<String, String> parameters(PathRules rules, String path) {
    return new RouteTable(operations, rules).find(HttpMethod.GET, path).parameters();
  }

  @Test
  void find_decodesParametersAfterTheSplit() {
    assertThat(parameters(PathRules.EXACT, "/v1/users/a%2Fb+/tokens/%zz"))
        .isEqualTo(Map.of("id", "a/b+", "token", "%zz"));
  }

  @Test
  void find_followsTheRulesForPathAndParameters() {
    var rules = new PathRules(path -> path.replace("/v2/", "/v1/"), text -> text + "!", false);
    assertThat(parameters(rules, "/v2/users/a%2F")).isEqualTo(Map.of("id", "a%2F!"));
  }

  @Test
  void find_goesBackToTheParameterBesideALiteral() {
    assertThat(name(PathRules.EXACT, "/v1/users/profile/tokens/c")).isEqualTo("token");
  }

  @Test
  void find_missesWhatIsNotThere() {
    for (var path : List.of("", "/", "//", "/v1", "/v1/users//", "/v1/users//tokens/x", "/x/y")) {
      assertThat(reason(PathRules.EXACT, HttpMethod.GET, path))
          .as(path)
          .isEqualTo(Reason.NO_SUCH_PATH);
    }
    assertThat(reason(PathRules.EXACT, HttpMethod.POST, "/v1/users"))
        .isEqualTo(Reason.WRONG_METHOD);
  }

  @Test
  void rules_decideAboutHead() {
    assertThat(reason(PathRules.EXACT, HttpMethod.HEAD, "/v1/users"))
        .isEqualTo(Reason.WRONG_METHOD);
    var rules = PathRules.EXACT.withHeadAsGet();
    assertThat(
            new RouteTable(operations, rules).find(HttpMethod.HEAD, "/v1/users").operation().name())
        .isEqualTo("list");
    assertThat(reason(rules, HttpMethod.HEAD, "/x/y")).isEqualTo(Reason.NO_SUCH_PATH);
  }

  @Test
  void rules_decideAboutSlashAndCase() {
    assertThat(name(PathRules.TRAILING_SLASH_IGNORED, "/v1/users/")).isEqualTo("list");
    assertThat(reason(PathRules.EXACT, HttpMethod.GET, "/v1/users/"))
        .isEqualTo(Reason.NO_SUCH_PATH);
    assertThat(reason(PathRules.TRAILING_SLASH_IGNORED, HttpMethod.GET, "/V1/users"))
        .isEqualTo(Reason.NO_SUCH_PATH);
    assertThat(name(PathRules.TRAILING_SLASH_AND_CASE_IGNORED, "/V1/USERS/Profile"))
        .isEqualTo("profile");
  }

  @Test
  void twoOperationsOnOnePath_areRefused() {
    var twice = List.of(operation("/a/:x", "one"), operation("/a/:y", "two"));
    assertThatThrownBy(() -> new RouteTable(twice, PathRules.EXACT))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
