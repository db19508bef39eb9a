package dev.doppel.users;

import java.util.List;
import java.util.function.Function;

/**
 * A slice of a list.
 *
 * @param total how many there are in all, or -1 if the query did not ask
 */
public record Page<T>(List<T> items, long total) {

  public Page {
    items = List.copyOf(items);
  }

  public <R> Page<R> map(Function<? super T, ? extends R> view) {
    return new Page<>(items.stream().<R>map(view).toList(), total);
  }
}
