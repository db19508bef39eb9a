package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Links between the documents. */
class DocumentLinksTest {

  private static final Path ROOT = Path.of("..");
  private static final int MAX_README_LINES = 150;

  private static final Pattern LINK =
      Pattern.compile("\\]\\((?!https?:)([^)#\\s]*)(?:#([^)]+))?\\)");
  private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.+)$");
  private static final Pattern CODE = Pattern.compile("(?ms)^```.*?^```$");

  private static List<Path> documents() throws IOException {
    try (Stream<Path> top = Files.list(ROOT);
        Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      return Stream.of(
              top,
              docs,
              Stream.of(ROOT.resolve("examples/README.md")),
              Stream.of(ROOT.resolve("benchmark/README.md")))
          .flatMap(files -> files)
          .filter(file -> file.toString().endsWith(".md"))
          .sorted()
          .toList();
    }
  }

  private static String prose(Path document) throws IOException {
    return CODE.matcher(Files.readString(document)).replaceAll("");
  }

  /** Returns the anchors that GitHub generates for the headings. */
  private static Set<String> anchors(Path document) throws IOException {
    return HEADING
        .matcher(prose(document))
        .results()
        .map(heading -> heading.group(1).toLowerCase(Locale.ROOT))
        .map(text -> text.replaceAll("[^\\p{L}\\p{N}\\s_-]", "").replace(' ', '-'))
        .collect(Collectors.toSet());
  }

  @Test
  void links_pointToExistingFilesAndHeadings() throws IOException {
    int count = 0;
    for (var document : documents()) {
      for (var link : LINK.matcher(prose(document)).results().toList()) {
        var where = document + ": " + link.group();
        var target =
            link.group(1).isEmpty() ? document : document.resolveSibling(link.group(1)).normalize();
        assertThat(target).as(where).exists();
        if (link.group(2) != null) {
          assertThat(anchors(target)).as(where).contains(link.group(2));
        }
        count++;
      }
    }
    assertThat(count).isGreaterThan(50);
  }

  @Test
  void index_listsEveryPage() throws IOException {
    var index = ROOT.resolve("docs/README.md");
    var text = Files.readString(index);
    for (var page : documents()) {
      if (page.getParent().equals(index.getParent()) && !page.equals(index)) {
        assertThat(text).contains("(" + page.getFileName() + ")");
      }
    }
  }

  @Test
  void readme_isShort() throws IOException {
    assertThat(Files.readAllLines(ROOT.resolve("README.md")))
        .hasSizeLessThanOrEqualTo(MAX_README_LINES);
  }
}
