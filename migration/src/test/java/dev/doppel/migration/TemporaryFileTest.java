package dev.doppel.migration;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Deletion of temporary files, however the process ends. */
class TemporaryFileTest {

  @TempDir Path folder;

  /** A process that reads a source from its standard input, and waits. */
  static final class Waiting {

    private Waiting() {}

    public static void main(String[] args) throws IOException {
      try (var file = TemporaryFile.create("doppel-test", ".tmp");
          var index = new SourceIndex()) {
        System.out.println(file.path());
        System.out.println(index.add("name", "anna", 1));
        var end = System.in.read();
        assert end < 0;
      }
    }
  }

  private List<Path> files() {
    try (var files = Files.list(folder)) {
      return files.toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Djava.io.tmpdir=" + folder,
            "-XX:-UsePerfData",
            "-cp",
            System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
            Waiting.class.getName())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  @Test
  void files_areDeletedAtTheEndAndAfterSigterm() throws Exception {
    for (var terminate : List.of(false, true)) {
      var process = start();
      try (var out = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        var file = Path.of(out.readLine());
        assertThat(out.readLine()).isEqualTo("OptionalLong.empty");
        assertThat(files()).containsExactly(file); // the index has no name any more
        if (terminate) {
          process.destroy();
        } else {
          process.getOutputStream().close();
        }
        process.waitFor();
        assertThat(files()).isEmpty();
      } finally {
        process.destroyForcibly();
      }
    }
  }
}
