package dev.doppel.influx;

import dev.doppel.dialect.Caller;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.UserId;
import java.util.List;
import java.util.Optional;

/**
 * A right to do something with a type of resource, with all of that type or with one (2.9.1:
 * authz.go).
 *
 * @param id of the one resource it is about; empty for all of the type
 */
record InfluxPermission(Action action, String type, Optional<UserId> id) {

  enum Action {
    READ("read"),
    WRITE("write");

    private final String word;

    Action(String word) {
      this.word = word;
    }
  }

  private static final String INSTANCE = "instance";
  private static final String USERS = "users";

  static InfluxPermission read(UserId user) {
    return new InfluxPermission(Action.READ, USERS, Optional.of(user));
  }

  static InfluxPermission write(UserId user) {
    return new InfluxPermission(Action.WRITE, USERS, Optional.of(user));
  }

  static InfluxPermission writeUsers() {
    return new InfluxPermission(Action.WRITE, USERS, Optional.empty());
  }

  /** What a caller holds: an administrator owns the instance, everyone else itself. */
  static List<InfluxPermission> heldBy(Caller caller) {
    var user = caller.user();
    return user.administrator()
        ? List.of(
            new InfluxPermission(Action.READ, INSTANCE, Optional.empty()),
            new InfluxPermission(Action.WRITE, INSTANCE, Optional.empty()))
        : List.of(read(user.id()), write(user.id()));
  }

  /** Fails with FORBIDDEN, whose subject is this permission, if the caller doesn't hold it. */
  void requireOf(Caller caller) {
    if (!isHeldBy(caller)) {
      throw Failure.of(Reason.FORBIDDEN, toString());
    }
  }

  boolean isHeldBy(Caller caller) {
    return heldBy(caller).stream().anyMatch(held -> held.allows(this));
  }

  private boolean allows(InfluxPermission needed) {
    return action == needed.action
        && (type.equals(INSTANCE)
            || (type.equals(needed.type) && (id.isEmpty() || id.equals(needed.id))));
  }

  /** As in the vendor's messages: {@code write:users/020f755c3c082000}. */
  @Override
  public String toString() {
    return action.word + ":" + type + id.map(one -> "/" + one).orElse("");
  }
}
