package dev.doppel.influx;

import dev.doppel.dialect.Call;
import dev.doppel.dialect.Reply;
import dev.doppel.influx.InfluxWire.UserView;
import io.vertx.core.Future;
import java.util.Optional;

/** The calling user (2.9.1: tenant/http_server_user.go). */
final class InfluxMe {

  private final InfluxUsers users;

  InfluxMe(InfluxUsers users) {
    this.users = users;
  }

  Future<Reply> get(Call call) {
    var caller = InfluxCaller.of(call);
    caller.require(InfluxPermission.user(InfluxAction.READ, InfluxId.of(caller.user())));
    return Future.succeededFuture(Reply.ok(UserView.of(caller.user())));
  }

  Future<Reply> password(Call call) {
    return users.changePassword(call, Optional.of(call.caller().user().id()));
  }
}
