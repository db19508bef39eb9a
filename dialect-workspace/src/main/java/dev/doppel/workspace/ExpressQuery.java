package dev.doppel.workspace;

import dev.doppel.dialect.Call;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The value of a query parameter as the parser of Express (qs) reads it: {@code a=x} is a text,
 * {@code a=x&a=y}, {@code a[]=x} and {@code a[0]=x} are arrays, and {@code a[b]=x} is an object, as
 * is an array with an index beyond {@value #MAX_INDEX}.
 *
 * @param items the text, or those of the array
 */
record ExpressQuery(List<String> items, boolean isArray, boolean isObject) {

  private static final int MAX_INDEX = 20;
  private static final Pattern INDEX = Pattern.compile("\\[(0|[1-9][0-9]{0,8})]");

  static ExpressQuery of(Call call, String name) {
    var items = new ArrayList<String>();
    var indexed = new TreeMap<Integer, List<String>>();
    var isArray = false;
    var isObject = false;
    for (var parameter : call.queryParameters()) {
      var key = parameter.getKey();
      if (key.equals(name)) {
        items.add(parameter.getValue());
      } else if (key.startsWith(name + "[")) {
        var brackets = key.substring(name.length());
        var index = INDEX.matcher(brackets);
        if (brackets.equals("[]")) {
          items.add(parameter.getValue());
        } else if (index.matches() && Integer.parseInt(index.group(1)) <= MAX_INDEX) {
          indexed
              .computeIfAbsent(Integer.parseInt(index.group(1)), none -> new ArrayList<>())
              .add(parameter.getValue());
        } else {
          isObject = true;
        }
        isArray = true;
      }
    }
    indexed.values().forEach(items::addAll);
    return new ExpressQuery(List.copyOf(items), isArray || items.size() > 1, isObject);
  }

  /** Returns whether this is neither an array nor an object: a text, or missing. */
  boolean isSingle() {
    return !isArray && !isObject;
  }
}
