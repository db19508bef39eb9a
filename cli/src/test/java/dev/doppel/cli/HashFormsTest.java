package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.passwords.HashFamilies;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Completeness of the lists of password hash formats. */
class HashFormsTest {

  private static final Path ROOT = Path.of("..");

  /** Removes whitespace and comment marks, because the lists break lines in different places. */
  private static String normalize(String text) {
    return text.replaceAll("(?m)^ \\* ?", "").replaceAll("\\s+", "");
  }

  private static void assertListed(String text) {
    assertThat(HashFamilies.forms()).hasSizeGreaterThan(10);
    for (var form : HashFamilies.forms()) {
      assertThat(normalize(text)).contains(normalize(form));
    }
  }

  @Test
  void forms_areListedInTheDocuments() throws IOException {
    assertListed(Files.readString(ROOT.resolve("docs/seeds.md")));
  }

  @Test
  void forms_areListedInTheJavadoc() throws IOException {
    assertListed(
        Files.readString(
            ROOT.resolve("core/src/main/java/dev/doppel/passwords/HashFamilies.java")));
  }

  @Test
  void forms_areListedInTheHelp() {
    var help = new StringWriter();
    Main.commandLine(Defaults.of(new String[0], Map.of()))
        .getSubcommands()
        .get("serve")
        .usage(new PrintWriter(help));
    assertListed(help.toString());
  }
}
