package dev.doppel.users;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids and aliases of users who are created together, of which no two may be one id in a
 * dialect. Not thread-safe.
 */
final class GivenIds {

  private final List<IdForm> forms;
  private final Set<UserId> ids = new HashSet<>();
  private final Set<Alias> aliases = new HashSet<>();

  GivenIds(List<IdForm> forms) {
    this.forms = forms;
  }

  /** Returns whether the user could be told from all before it; adds it if so. */
  boolean add(NewUser user) {
    for (var form : forms) {
      if (user.id().filter(id -> aliases.contains(form.aliasLike(id))).isPresent()
          || user.aliases().stream()
              .flatMap(alias -> form.idLike(alias).stream())
              .anyMatch(ids::contains)) {
        return false;
      }
    }
    user.id().ifPresent(ids::add);
    aliases.addAll(user.aliases());
    return true;
  }
}
