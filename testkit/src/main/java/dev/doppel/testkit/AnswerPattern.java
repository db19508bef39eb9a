package dev.doppel.testkit;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Compares a text with an expected one that has placeholders.
 *
 * @param placeholder matches each placeholder
 * @param known what a placeholder stands for, where that is known
 * @param form regular expression for what a placeholder may stand for; empty if it is no
 *     placeholder but text
 * @param varies whether a placeholder may stand for another text each time
 */
record AnswerPattern(
    Pattern placeholder,
    Function<String, Optional<String>> known,
    Function<String, Optional<String>> form,
    Predicate<String> varies) {

  /**
   * Returns what the placeholders stand for that were not known before and do not vary.
   *
   * @return empty if the texts differ
   */
  Optional<Map<String, String>> match(String expected, String actual) {
    var groups = new HashMap<String, Integer>();
    var regex = new StringBuilder();
    int from = 0;
    for (var found = placeholder.matcher(expected); found.find(); from = found.end()) {
      regex.append(Pattern.quote(expected.substring(from, found.start())));
      var name = found.group();
      var value = known.apply(name);
      var possible = form.apply(name);
      if (value.isPresent()) {
        regex.append(Pattern.quote(value.get()));
      } else if (possible.isEmpty()) {
        regex.append(Pattern.quote(name));
      } else if (varies.test(name)) {
        regex.append("(?:").append(possible.get()).append(')');
      } else if (groups.containsKey(name)) {
        regex.append("\\k<g").append(groups.get(name)).append('>');
      } else {
        groups.put(name, groups.size());
        regex.append("(?<g" + groups.get(name) + ">" + possible.get() + ")");
      }
    }
    regex.append(Pattern.quote(expected.substring(from)));
    var matcher = Pattern.compile(regex.toString(), Pattern.DOTALL).matcher(actual);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    var learned = new HashMap<String, String>();
    groups.forEach((name, group) -> learned.put(name, matcher.group("g" + group)));
    return Optional.of(learned);
  }
}
