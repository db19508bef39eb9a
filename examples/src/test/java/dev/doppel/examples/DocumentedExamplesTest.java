package dev.doppel.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles every Java example of the public API's Javadoc and of the documents. An example is a
 * class, or statements in which {@code doppel} is a {@code Doppel}.
 */
class DocumentedExamplesTest {

  private static final Path ROOT = Path.of("..");
  private static final int MIN_EXAMPLES = 12;

  private static final Pattern JAVADOC =
      Pattern.compile("(?s)<pre>\\{@code\\n(.*?)\\n *\\* \\}</pre>");
  private static final Pattern DOCUMENT = Pattern.compile("(?s)```java\\n(.*?)\\n```");
  private static final Pattern CLASS = Pattern.compile("(?m)^(abstract )?class ");

  /** The imports that an example leaves out. */
  private static final String IMPORTS =
      """
      package dev.doppel.examples;
      import static java.time.Duration.ofSeconds;
      import static org.assertj.core.api.Assertions.assertThat;
      import static org.assertj.core.api.Assertions.assertThatThrownBy;
      import com.influxdb.client.InfluxDBClient;
      import com.influxdb.client.InfluxDBClientFactory;
      import dev.doppel.*;
      import dev.doppel.dialect.Fidelity;
      import dev.doppel.influx.InfluxOperation;
      import dev.doppel.influx.InfluxVendor;
      import dev.doppel.junit5.*;
      import dev.doppel.testcontainers.DoppelContainer;
      import dev.doppel.users.Failure.Reason;
      import io.milvus.v2.client.*;
      import io.milvus.v2.service.rbac.request.*;
      import java.net.URI;
      import java.time.*;
      import java.util.*;
      import org.junit.jupiter.api.*;
      import org.junit.jupiter.api.extension.*;
      import org.springframework.beans.factory.annotation.Autowired;
      import org.springframework.test.context.*;
      import org.springframework.test.context.junit.jupiter.SpringJUnitConfig;
      """;

  /**
   * @param place file and number within it
   */
  private record Example(String place, String code) {

    /** Returns a source file with the example. */
    String source() {
      return CLASS.matcher(code).find()
          ? IMPORTS + code
          : IMPORTS
              + "class Example { Doppel doppel; void run() throws Exception {\n"
              + code
              + "\n}}\n";
    }

    @Override
    public String toString() {
      return place;
    }
  }

  static List<Example> examples() throws IOException {
    try (var javadoc =
            Stream.concat(
                Files.list(ROOT.resolve("gateway/src/main/java/dev/doppel")),
                Stream.concat(
                    Files.list(ROOT.resolve("junit5/src/main/java/dev/doppel/junit5")),
                    Files.list(
                        ROOT.resolve("testcontainers/src/main/java/dev/doppel/testcontainers"))));
        var documents = Files.list(ROOT.resolve("docs"))) {
      return Stream.concat(
              javadoc
                  .filter(file -> file.toString().endsWith(".java"))
                  .flatMap(file -> examples(file, JAVADOC)),
              Stream.concat(documents, Stream.of(ROOT.resolve("README.md")))
                  .filter(file -> file.toString().endsWith(".md"))
                  .flatMap(file -> examples(file, DOCUMENT)))
          .sorted((one, other) -> one.place().compareTo(other.place()))
          .toList();
    }
  }

  private static Stream<Example> examples(Path file, Pattern pattern) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return pattern
        .matcher(text)
        .results()
        .map(found -> found.group(1).replaceAll("(?m)^ *\\* ?", ""))
        .map(
            code ->
                new Example(file.getFileName() + ": " + code.lines().findFirst().orElse(""), code));
  }

  @Test
  void examples_exist() throws IOException {
    assertThat(examples()).hasSizeGreaterThanOrEqualTo(MIN_EXAMPLES);
    assertThat(examples())
        .extracting(Example::place)
        .anyMatch(place -> place.startsWith("testing.md"));
  }

  @ParameterizedTest
  @MethodSource("examples")
  void example_compiles(Example example, @TempDir Path folder) {
    assertThat(errors(example, folder)).isEmpty();
  }

  @Test
  void wrongExample_isNoticed(@TempDir Path folder) {
    assertThat(errors(new Example("wrong", "doppel.cals().never();"), folder))
        .singleElement()
        .asString()
        .contains("cals");
  }

  private static List<String> errors(Example example, Path folder) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var found = new DiagnosticCollector<JavaFileObject>();
    var source =
        new SimpleJavaFileObject(URI.create("string:///Example.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreErrors) {
            return example.source();
          }
        };
    var options =
        List.of(
            "-proc:none",
            "-Xlint:none",
            "-d",
            folder.toString(),
            "-cp",
            System.getProperty("java.class.path"));
    compiler.getTask(null, null, found, options, null, List.of(source)).call();
    return found.getDiagnostics().stream()
        .filter(one -> one.getKind() == Diagnostic.Kind.ERROR)
        .map(one -> one.getMessage(Locale.ROOT))
        .toList();
  }
}
