package dev.doppel.users;

import java.util.List;
import java.util.function.Function;

/**
 * A part of a list. Immutable.
 *
 * @param total length of the whole list, or -1 if the query didn't ask for it
 */
public record Page<T>(List<T> items, long total) {

  public Page {
    items = List.copyOf(items);
  }

  public <R> Page<R> map(Function<? super T, ? extends R> view) {
    return new Page<>(items.stream().<R>map(view).toList(), total);
  }
}
