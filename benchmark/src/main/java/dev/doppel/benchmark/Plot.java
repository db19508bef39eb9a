package dev.doppel.benchmark;

import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Bar charts as SVG. */
final class Plot {

  private static final int WIDTH = 720;
  private static final int LABEL = 220;
  private static final int BAR = 16;
  private static final int GAP = 26;
  private static final List<String> COLOURS = List.of("#2a6f97", "#a9a9a9", "#e09f3e", "#9e2a2b");

  private Plot() {}

  /**
   * Returns a chart with groups of horizontal bars.
   *
   * @param series names of the bars in each group, in the order of its values
   */
  static String bars(String title, List<String> series, Map<String, List<Double>> groups) {
    var most = groups.values().stream().flatMap(List::stream).mapToDouble(v -> v).max().orElse(1);
    var height = 60 + groups.size() * (series.size() * BAR + GAP);
    var svg = new StringBuilder();
    svg.append(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"sans-serif\" font-size=\"12\">%n"
            .formatted(WIDTH, height));
    svg.append("<rect width=\"100%\" height=\"100%\" fill=\"white\"/>\n");
    text(svg, 10, 20, title);
    for (int i = 0; i < series.size(); i++) {
      rectangle(svg, LABEL + i * 120, 10, 12, 12, COLOURS.get(i));
      text(svg, LABEL + i * 120 + 16, 20, series.get(i));
    }
    var y = 40;
    for (var group : groups.entrySet()) {
      text(svg, 10, y + BAR, group.getKey().replace("`", ""));
      for (int i = 0; i < series.size(); i++) {
        var value = group.getValue().get(i);
        var length = (int) Math.round(value / most * (WIDTH - LABEL - 80));
        rectangle(svg, LABEL, y, length, BAR - 3, COLOURS.get(i));
        text(svg, LABEL + length + 4, y + BAR - 5, String.format(Locale.ROOT, "%,.0f", value));
        y += BAR;
      }
      y += GAP;
    }
    return svg.append("</svg>\n").toString();
  }

  private static void rectangle(
      StringBuilder svg, int x, int y, int width, int height, String colour) {
    svg.append(
        "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"%s\"/>\n"
            .formatted(x, y, width, height, colour));
  }

  private static void text(StringBuilder svg, int x, int y, String text) {
    svg.append("<text x=\"%d\" y=\"%d\">%s</text>\n".formatted(x, y, text));
  }
}
