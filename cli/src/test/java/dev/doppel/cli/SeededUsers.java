package dev.doppel.cli;

import static dev.doppel.testkit.Await.await;

import dev.doppel.gateway.Stores;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import dev.doppel.users.UserQuery;
import io.vertx.core.Vertx;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The users of a store that no process has open, without ids, versions and times. */
public final class SeededUsers {

  private static final int PAGE = 1_000;

  private SeededUsers() {}

  /** Returns a line for each user. */
  public static Set<String> in(String store) {
    var vertx = Vertx.vertx();
    var storage = await(Stores.open(vertx, StoreOptions.parsePersistent(store, null)));
    try {
      return lines(storage);
    } finally {
      await(storage.close());
      await(vertx.close());
    }
  }

  private static Set<String> lines(Storage storage) {
    var organizations = new HashMap<OrganizationId, String>();
    await(storage.organizations().list()).forEach(one -> organizations.put(one.id(), one.name()));
    var tokens = new HashMap<UserId, Integer>();
    await(storage.tokens().list(Token.Kind.API))
        .forEach(token -> tokens.merge(token.owner(), 1, Integer::sum));
    var lines = new TreeSet<String>();
    var after = Optional.<UserId>empty();
    do {
      var page = await(storage.users().list(UserQuery.first(PAGE).after(after))).items();
      page.forEach(user -> lines.add(line(user, organizations, tokens)));
      after = page.size() < PAGE ? Optional.empty() : Optional.of(page.get(PAGE - 1).id());
    } while (after.isPresent());
    return lines;
  }

  private static String line(
      User user, Map<OrganizationId, String> organizations, Map<UserId, Integer> tokens) {
    var memberships = new TreeSet<String>();
    user.memberships().forEach((id, role) -> memberships.add(organizations.get(id) + ":" + role));
    return String.join(
        " ",
        user.name(),
        user.email().orElse(""),
        user.status().name(),
        String.valueOf(user.password().isPresent()),
        user.sortedRoles().toString(),
        memberships.toString(),
        user.home().map(organizations::get).orElse(""),
        String.valueOf(tokens.getOrDefault(user.id(), 0)));
  }
}
