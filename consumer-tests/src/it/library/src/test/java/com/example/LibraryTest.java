package com.example;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.doppel.Doppel;
import io.netty.util.Version;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The library with its dependencies, without JUnit's extension. */
class LibraryTest {

  @Test
  void doppel_starts() {
    try (var doppel = Doppel.start()) {
      doppel.seed().user("ann").put();
      assertEquals(0, doppel.calls().count());
    }
  }

  /** Not the older one that Vert.x asks for. */
  @Test
  void netty_isTheOneThatDoppelIsBuiltWith() {
    var versions = new TreeSet<String>();
    Version.identify().values().forEach(version -> versions.add(version.artifactVersion()));
    assertEquals(Set.of(System.getProperty("doppel.netty")), versions);
  }

  @Test
  void programAndDatabase_areMissing() {
    assertThrows(ClassNotFoundException.class, () -> Class.forName("picocli.CommandLine"));
    assertThrows(ClassNotFoundException.class, () -> Class.forName("org.postgresql.Driver"));
  }
}
