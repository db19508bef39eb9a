package dev.doppel.users;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The ids and aliases of users that are created together. No dialect may be unable to distinguish
 * two of them. Not thread-safe.
 */
final class BatchIds {

  private final List<IdForm> forms;
  private final Set<UserId> ids = new HashSet<>();
  private final Set<Alias> aliases = new HashSet<>();

  BatchIds(List<IdForm> forms) {
    this.forms = forms;
  }

  /** Adds a user's ids, or returns false if one of them can't be distinguished from another's. */
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
