package dev.doppel.junit5;

import dev.doppel.BadRequestException;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.RealmOptions;
import dev.doppel.Seed;
import dev.doppel.StartupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.platform.commons.support.AnnotationSupport;

/** Reads the configuration that {@link DoppelTest} states. */
final class AnnotatedConfig {

  private final Class<?> test;
  private final DoppelTest annotation;

  private AnnotatedConfig(Class<?> test, DoppelTest annotation) {
    this.test = test;
    this.annotation = annotation;
  }

  /** Returns whether a class, or a superclass, has the annotation, or one that has it. */
  static boolean isPresent(Class<?> test) {
    return AnnotationSupport.isAnnotated(test, DoppelTest.class);
  }

  /**
   * Returns a configuration with what the annotation of a class changes, if it has one.
   *
   * @throws ExtensionConfigurationException that says which member of which class is wrong
   */
  static DoppelConfig of(Class<?> test, DoppelConfig defaults) {
    return AnnotationSupport.findAnnotation(test, DoppelTest.class)
        .map(annotation -> new AnnotatedConfig(test, annotation).apply(defaults.toBuilder()))
        .orElse(defaults);
  }

  private DoppelConfig apply(DoppelConfig.Builder builder) {
    try {
      builder.fidelity(annotation.fidelity()).emulate(annotation.emulate());
    } catch (StartupException wrong) {
      throw invalid("", wrong.line());
    }
    if (!annotation.seed().isEmpty()) {
      builder.seed(seed());
    }
    if (annotation.stores() == Stores.SEPARATE) {
      builder.stores(Stores.SEPARATE);
    }
    return builder.build();
  }

  /**
   * Returns what the annotation of a class states, if it has one, for a realm of a running Doppel.
   *
   * @param defaults for what it doesn't state
   * @throws ExtensionConfigurationException as {@link #of}
   */
  static RealmOptions options(Class<?> test, RealmOptions defaults) {
    return AnnotationSupport.findAnnotation(test, DoppelTest.class)
        .map(annotation -> new AnnotatedConfig(test, annotation).apply(defaults))
        .orElse(defaults);
  }

  private RealmOptions apply(RealmOptions options) {
    var all = options;
    try {
      if (!annotation.fidelity().isEmpty()) {
        all = all.withFidelity(annotation.fidelity());
      }
      if (!annotation.emulate().isEmpty()) {
        all = all.withVersions(annotation.emulate());
      }
    } catch (BadRequestException wrong) {
      throw invalid("", wrong.line());
    }
    if (!annotation.seed().isEmpty()) {
      all = all.withSeed(seed());
    }
    return annotation.stores() == Stores.SEPARATE ? all.withStores(Stores.SEPARATE) : all;
  }

  private Seed seed() {
    var file = annotation.seed();
    var url = find(file).orElseThrow(() -> invalid(seedMember(), notFound(file)));
    try {
      return Seed.parse(text(url));
    } catch (BadRequestException wrong) {
      throw invalid(seedMember(), url + "\n  " + String.join("\n  ", wrong.lines()));
    }
  }

  private String seedMember() {
    return "(seed = \"" + annotation.seed() + "\")";
  }

  /** Finds a resource next to the test class or one of its superclasses. */
  private Optional<URL> find(String file) {
    for (Class<?> next = test; next != null; next = next.getSuperclass()) {
      var url = next.getResource(file);
      if (url != null) {
        return Optional.of(url);
      }
    }
    return Optional.empty();
  }

  private String notFound(String file) {
    var places = new ArrayList<String>();
    if (file.startsWith("/")) {
      places.add(file);
    } else {
      for (Class<?> next = test;
          next != null && next != Object.class;
          next = next.getSuperclass()) {
        var place = "/" + next.getPackageName().replace('.', '/') + "/" + file;
        if (!places.contains(place)) {
          places.add(place);
        }
      }
    }
    var elsewhere = List.of("/" + file, file.substring(file.lastIndexOf('/') + 1));
    var suggestion =
        elsewhere.stream()
            .filter(other -> !other.equals(file) && find(other).isPresent())
            .findFirst()
            .map(other -> "; did you mean \"" + other + "\"?")
            .orElse("");
    return "not on the class path at " + String.join(" or ", places) + suggestion;
  }

  private String text(URL url) {
    try (var in = url.openStream()) {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(in.readAllBytes()))
          .toString();
    } catch (CharacterCodingException notUtf8) {
      throw invalid(seedMember(), url + " is not in UTF-8");
    } catch (IOException e) {
      throw new UncheckedIOException(url.toString(), e);
    }
  }

  private ExtensionConfigurationException invalid(String member, String line) {
    return new ExtensionConfigurationException(
        "@DoppelTest%s of %s: %s".formatted(member, test.getName(), line));
  }
}
