package dev.doppel.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The counts of a run. Not thread-safe. */
public final class ImportSummary {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final String source;
  private final boolean dryRun;
  private final Map<String, Map<String, Long>> verdicts = new TreeMap<>();
  private final Map<String, Long> passwords = new TreeMap<>();
  private final Map<String, Long> algorithms = new TreeMap<>();
  private final Map<String, Long> refusals = new TreeMap<>();
  private final Map<String, Long> lost = new TreeMap<>();
  private long rows;
  private long notAsWished;

  ImportSummary(String source, boolean dryRun) {
    this.source = source;
    this.dryRun = dryRun;
  }

  void add(RowReport report) {
    rows++;
    notAsWished += report.isAsWished() ? 0 : 1;
    count(
        verdicts.computeIfAbsent(report.kind() + "s", kind -> new TreeMap<>()),
        report.verdict().word());
    report.password().ifPresent(one -> count(passwords, one.word()));
    report.algorithm().ifPresent(one -> count(algorithms, one));
    report.refusal().ifPresent(one -> count(refusals, one.why()));
    report.lost().forEach(one -> count(lost, one));
  }

  private static void count(Map<String, Long> counts, String word) {
    counts.merge(word, 1L, Long::sum);
  }

  /** Returns the number of rows of the source. */
  public long rows() {
    return rows;
  }

  /** Returns whether there was a row, and all are in the store as wished. */
  public boolean isComplete() {
    return rows > 0 && notAsWished == 0;
  }

  /** Returns how many rows of a kind, such as {@code users}, have a verdict. */
  public long count(String kind, RowReport.Verdict verdict) {
    return verdicts.getOrDefault(kind, Map.of()).getOrDefault(verdict.word(), 0L);
  }

  /** Returns all counts as one line of JSON. */
  public String toJson() {
    var all = new LinkedHashMap<String, Object>();
    all.put("source", source);
    all.put("dryRun", dryRun);
    all.put("rows", rows);
    all.put("notAsWished", notAsWished);
    all.put("verdicts", verdicts);
    all.put("passwords", passwords);
    all.put("algorithms", algorithms);
    all.put("refusals", refusals);
    all.put("lost", lost);
    try {
      return JSON.writeValueAsString(all);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps of numbers can be written", e);
    }
  }

  /** Returns all counts as a page of Markdown. */
  public String toMarkdown() {
    var page = new StringBuilder("# Import%s\n\n".formatted(dryRun ? " (dry run)" : ""));
    page.append("%s rows of `%s`\n".formatted(rows, source.replace('`', '\'')));
    verdicts.forEach((kind, counts) -> table(page, kind, "verdict", counts));
    table(page, "Passwords", "password", passwords);
    table(page, "Hashes", "family", algorithms);
    table(page, "Why rows were refused", "reason", refusals);
    table(page, "What has no place in Doppel", "field", lost);
    return page.toString();
  }

  private static void table(
      StringBuilder page, String title, String column, Map<String, Long> counts) {
    if (!counts.isEmpty()) {
      page.append("\n## ").append(title.substring(0, 1).toUpperCase(Locale.ROOT));
      page.append(title.substring(1));
      page.append("\n\n| ").append(column).append(" | rows |\n|---|---|\n");
      counts.forEach((word, count) -> page.append("| %s | %s |\n".formatted(word, count)));
    }
  }
}
