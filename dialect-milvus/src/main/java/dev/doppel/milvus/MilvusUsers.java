package dev.doppel.milvus;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.milvus.MilvusWire.NewPasswordReq;
import dev.doppel.milvus.MilvusWire.PasswordReq;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.UserQuery;
import dev.doppel.users.Users;
import io.vertx.core.Future;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Users and their passwords (2.6.19: httpserver/handler_v2.go, internal/proxy/impl.go). */
final class MilvusUsers {

  private static final int LONGEST_DESCRIPTION = 1024;

  private final Users users;
  private final MilvusRules rules;

  MilvusUsers(Realm realm, MilvusRules rules) {
    this.users = realm.users();
    this.rules = rules;
  }

  Future<Reply> create(Call call, PasswordReq body) {
    var given = new LinkedHashMap<String, Boolean>();
    given.put("UserName", isGiven(body.userName()));
    given.put("Password", isGiven(body.password()));
    require("PasswordReq", given);
    MilvusPrivilege.CREATE_OWNERSHIP.requireOf(call);
    var name = MilvusNames.checked(given(body.userName()), rules);
    checkDescription(body.description());
    var password = MilvusPasswords.checked(given(body.password()), rules);
    var wanted = MilvusExtras.describing(NewUser.named(name).withPassword(password), body);
    return checkLimit(name).compose(room -> users.create(wanted)).map(user -> MilvusWire.success());
  }

  private static String given(@Nullable String text) {
    return text == null ? "" : text;
  }

  private static Password given(@Nullable Password password) {
    return password == null ? new Password("") : password;
  }

  private static boolean isGiven(@Nullable String text) {
    return !given(text).isEmpty();
  }

  private static boolean isGiven(@Nullable Password password) {
    return isGiven(given(password).clearText());
  }

  /** Of members that are not given, each is named as the server's validator does. */
  private static void require(String type, Map<String, Boolean> given) {
    var missing =
        given.entrySet().stream()
            .filter(member -> !member.getValue())
            .map(Map.Entry::getKey)
            .map(
                field ->
                    "Key: '%s.%s' Error:Field validation for '%s' failed on the 'required' tag"
                        .formatted(type, field, field))
            .collect(Collectors.joining("\n"));
    if (!missing.isEmpty()) {
      throw MilvusFaults.MISSING_PARAMETERS.refuse(Reason.INVALID_VALUE, missing);
    }
  }

  private static void checkDescription(@Nullable String description) {
    var length = given(description).getBytes(StandardCharsets.UTF_8).length;
    if (length > LONGEST_DESCRIPTION) {
      throw MilvusFaults.INVALID.refuse(
          Reason.INVALID_VALUE,
          "invalid user description with length %s, the length of user description must be less than or equal to %s"
              .formatted(length, LONGEST_DESCRIPTION));
    }
  }

  /** The server looks whether the name is taken before it looks whether there is room. */
  private Future<Void> checkLimit(String name) {
    if (rules.mostUsers().isEmpty()) {
      return Future.succeededFuture();
    }
    int most = rules.mostUsers().get();
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name))
        .compose(taken -> taken.isPresent() ? Future.succeededFuture(0L) : count())
        .compose(
            count ->
                count < most
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        MilvusFaults.TOO_MANY_USERS.refuse(Reason.INVALID_VALUE)));
  }

  private Future<Long> count() {
    return users.list(UserQuery.first(0).withTotal()).map(page -> page.total());
  }

  Future<Reply> updatePassword(Call call, NewPasswordReq body) {
    require("NewPasswordReq", required(body));
    var caller = call.caller().user().name();
    // A user made elsewhere may have blanks around its name.
    var name = caller.equals(body.userName()) ? caller : given(body.userName()).strip();
    if (!name.equals(caller)) {
      MilvusPrivilege.UPDATE_USER.requireOf(call);
    }
    checkDescription(body.description());
    if (!isGiven(body.newPassword())) {
      return describe(name, body.description());
    }
    var wanted = MilvusPasswords.checked(given(body.newPassword()), rules);
    return change(name, given(body.password()), wanted, body.description())
        .recover(wrong -> Future.failedFuture(about(name, wrong)));
  }

  private Map<String, Boolean> required(NewPasswordReq body) {
    var members = new LinkedHashMap<String, Boolean>();
    members.put("UserName", isGiven(body.userName()));
    if (rules.passwordsAreRequired() && body.description() == null) {
      members.put("Password", isGiven(body.password()));
      members.put("NewPassword", isGiven(body.newPassword()));
    }
    return members;
  }

  private Future<Reply> change(
      String name, Password current, Password wanted, @Nullable String description) {
    return users
        .verify(name, current)
        .compose(
            user ->
                users.changePassword(
                    user.id(),
                    current,
                    () -> wanted,
                    one -> description == null ? one : MilvusExtras.describing(one, description)))
        .map(user -> MilvusWire.success());
  }

  /** An unknown user and a wrong password are told alike, and take the same time. */
  private static Throwable about(String name, Throwable thrown) {
    return switch (Failure.from(thrown).reason()) {
      case WRONG_SIGN_IN, WRONG_PASSWORD, NO_SUCH_USER -> Failure.of(Reason.WRONG_PASSWORD, name);
      default -> thrown;
    };
  }

  private Future<Reply> describe(String name, @Nullable String description) {
    if (description == null) {
      throw MilvusFaults.INVALID.refuse(
          Reason.INVALID_VALUE, "must update either password or description");
    }
    return Failure.emptyIf(Reason.NO_SUCH_USER, users.find(name))
        .map(
            user ->
                user.orElseThrow(
                    () -> MilvusFaults.NO_USER_TO_DESCRIBE.refuse(Reason.NO_SUCH_USER)))
        .compose(user -> users.update(user.id(), one -> MilvusExtras.describing(one, description)))
        .map(user -> MilvusWire.success());
  }
}
