package dev.doppel.junit5;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a project has on its class path with this module: nothing that it could have already. */
class PackagedJarIT {

  private static JarFile jar;
  private static List<String> names;

  @BeforeAll
  static void open() throws IOException {
    jar = new JarFile(Path.of(System.getProperty("doppel.junit5.jar")).toFile());
    names = jar.stream().filter(entry -> !entry.isDirectory()).map(JarEntry::getName).toList();
  }

  @AfterAll
  static void close() throws IOException {
    jar.close();
  }

  @Test
  void everything_isInPackagesOfOurOwn() {
    assertThat(names)
        .allMatch(name -> name.startsWith("dev/doppel/") || name.startsWith("META-INF/"));
    assertThat(names).anyMatch(name -> name.startsWith("dev/doppel/shaded/io/netty/"));
  }

  @Test
  void metaInf_hasNothingThatOthersRead() {
    assertThat(names)
        .filteredOn(name -> name.startsWith("META-INF/"))
        .filteredOn(name -> !name.startsWith("META-INF/services/dev.doppel.shaded."))
        .filteredOn(name -> !name.startsWith("META-INF/dev/doppel/"))
        .filteredOn(name -> !name.startsWith("META-INF/licenses/"))
        .containsExactlyInAnyOrder(
            "META-INF/MANIFEST.MF",
            "META-INF/NOTICE",
            "META-INF/FastDoubleParser-LICENSE",
            "META-INF/FastDoubleParser-ThirdParty-LICENSE",
            "META-INF/Schubfach-LICENSE");
  }

  @Test
  void services_areFound() throws IOException {
    var services = names.stream().filter(name -> name.startsWith("META-INF/services/")).toList();
    assertThat(services)
        .contains("META-INF/services/dev.doppel.shaded.org.slf4j.spi.SLF4JServiceProvider");
    for (var service : services) {
      assertThat(read(service).lines().filter(line -> !line.isBlank() && !line.startsWith("#")))
          .as(service)
          .isNotEmpty()
          .allSatisfy(line -> assertThat(names).contains(line.replace('.', '/') + ".class"));
    }
  }

  /** Netty's transports in native code would be found by names that relocation changes. */
  @Test
  void nothing_isNative() {
    assertThat(names).noneMatch(name -> name.matches(".*\\.(so|dll|jnilib|dylib)"));
  }

  @Test
  void databasesAndMetrics_areMissing() {
    assertThat(names)
        .noneMatch(name -> name.contains("postgres") || name.contains("/pgclient/"))
        .noneMatch(name -> name.startsWith("dev/doppel/shaded/io/micrometer/"));
  }

  @Test
  void licenses_areTold() throws IOException {
    var libraries = read("META-INF/licenses/LIBRARIES.txt");
    assertThat(libraries).contains("io.netty:netty-common:", "com.google.protobuf:protobuf-java:");
    assertThat(names)
        .contains(
            "META-INF/licenses/Apache-2.0.txt",
            "META-INF/licenses/BSD-3-Clause.txt",
            "META-INF/licenses/MIT.txt",
            "META-INF/licenses/MPL-2.0.txt");
  }

  @Test
  void moduleName_isOurs() throws IOException {
    assertThat(jar.getManifest().getMainAttributes().getValue("Automatic-Module-Name"))
        .isEqualTo("dev.doppel.junit5");
  }

  private static String read(String name) throws IOException {
    try (var in = jar.getInputStream(jar.getEntry(name))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
