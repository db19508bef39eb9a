package dev.doppel.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A report of tables, which are also printed at once, and a plot. */
final class Report {

  private final StringBuilder text = new StringBuilder();
  private final Map<String, List<Double>> plotted = new LinkedHashMap<>();

  void title(String... cells) {
    text.append('\n');
    row(cells);
    text.append("|---".repeat(cells.length)).append("|\n");
  }

  void row(String... cells) {
    line("| " + String.join(" | ", cells) + " |");
  }

  void line(String line) {
    text.append(line).append('\n');
    System.out.println(line);
  }

  /** Adds a group of bars to the plot. */
  void plot(String name, List<Double> values) {
    plotted.put(name, values);
  }

  static String whole(double value) {
    return String.format(Locale.ROOT, "%,.0f", value);
  }

  static String one(double value) {
    return String.format(Locale.ROOT, "%,.1f", value);
  }

  static String ratio(double value) {
    return String.format(Locale.ROOT, "%.2f", value);
  }

  /** Writes {@code comparison.md}, and {@code reads.svg} if anything was plotted. */
  void write(Path folder, List<String> series) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("comparison.md"), text.toString());
    if (!plotted.isEmpty()) {
      Files.writeString(
          folder.resolve("reads.svg"), Plot.bars("Requests a second", series, plotted));
    }
  }
}
