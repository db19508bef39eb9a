package dev.doppel.testkit;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The recorded exchanges of one dialect: the {@code *.http} of a folder in the form of {@link
 * Exchange}, and the headers in its file {@value #EVERY_ANSWER}.
 *
 * @param headersOfEveryAnswer headers that the vendor sends with every answer, so that exchanges
 *     need not repeat them
 * @param headersNotCompared headers that differ from answer to answer; names in lower case
 */
public record ExchangeSet(
    List<Path> files, Map<String, String> headersOfEveryAnswer, Set<String> headersNotCompared) {

  /** A file with lines {@code name: value}, or {@code name: <any>} if the value isn't compared. */
  static final String EVERY_ANSWER = "every-answer.headers";

  private static final String ANY = "<any>";

  public ExchangeSet {
    files = List.copyOf(files);
    headersOfEveryAnswer = Map.copyOf(headersOfEveryAnswer);
    headersNotCompared = Set.copyOf(headersNotCompared);
  }

  /** Reads the exchanges of a folder, in the order of their file names. */
  public static ExchangeSet read(Path folder) throws IOException {
    var compared = new TreeMap<String, String>();
    var others = new TreeSet<String>();
    var headers = folder.resolve(EVERY_ANSWER);
    if (Files.exists(headers)) {
      for (var line : Files.readAllLines(headers)) {
        var parts = line.split(": ", 2);
        if (parts[1].equals(ANY)) {
          others.add(parts[0]);
        } else {
          compared.put(parts[0], parts[1]);
        }
      }
    }
    try (var files = Files.list(folder)) {
      return new ExchangeSet(
          files.filter(file -> file.toString().endsWith(".http")).sorted().toList(),
          compared,
          others);
    }
  }
}
