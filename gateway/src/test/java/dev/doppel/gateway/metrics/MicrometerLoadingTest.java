package dev.doppel.gateway.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.gateway.Http;
import java.io.File;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The gateway in class loaders of its own: as a library, with Micrometer and without it. */
class MicrometerLoadingTest {

  /** All libraries of this test but some; keeps the names of Micrometer's classes it loads. */
  private static final class Libraries extends URLClassLoader {

    final Queue<String> ofMicrometer = new ConcurrentLinkedQueue<>();

    Libraries(Predicate<String> wanted) {
      super(urls(wanted), ClassLoader.getPlatformClassLoader());
    }

    private static URL[] urls(Predicate<String> wanted) {
      return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
          .map(Path::of)
          .filter(path -> wanted.test(path.getFileName().toString()))
          .map(Libraries::url)
          .toArray(URL[]::new);
    }

    private static URL url(Path path) {
      try {
        return path.toUri().toURL();
      } catch (MalformedURLException e) {
        throw new IllegalArgumentException(e);
      }
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      var found = super.findClass(name);
      if (name.startsWith("io.micrometer.")
          || name.startsWith("io.vertx.micrometer.")
          || name.startsWith("io.prometheus.")) {
        ofMicrometer.add(name);
      }
      return found;
    }

    /** Starts a gateway, whose class is another one than that of the same name here. */
    AutoCloseable startGateway() throws ReflectiveOperationException {
      var before = Thread.currentThread().getContextClassLoader();
      Thread.currentThread().setContextClassLoader(this);
      try {
        return (AutoCloseable) loadClass("dev.doppel.Doppel").getMethod("start").invoke(null);
      } finally {
        Thread.currentThread().setContextClassLoader(before);
      }
    }
  }

  private static Http client(AutoCloseable gateway) throws ReflectiveOperationException {
    return new Http((URI) gateway.getClass().getMethod("uri").invoke(gateway));
  }

  @Test
  void micrometer_isLoadedByTheFirstRequestForMetrics() throws Exception {
    try (var libraries = new Libraries(name -> !name.startsWith("vertx-micrometer-metrics"));
        var gateway = libraries.startGateway()) {
      var http = client(gateway);
      assertThat(http.send("GET", "/api/v2/me", "").statusCode()).isEqualTo(401);
      assertThat(http.control("GET", "operations", "")).startsWith("200 ");
      assertThat(libraries.ofMicrometer).isEmpty();
      assertThat(http.control("GET", "metrics", ""))
          .contains("operation=\"GetMe\",status=\"401\"} 1");
      assertThat(libraries.ofMicrometer)
          .contains("io.micrometer.prometheusmetrics.PrometheusMeterRegistry");
    }
  }

  @Test
  void metrics_areRefusedWithoutMicrometer_andAllElseIsServed() throws Exception {
    try (var libraries =
            new Libraries(
                name -> !name.contains("micrometer") && !name.startsWith("prometheus-metrics"));
        var gateway = libraries.startGateway()) {
      var http = client(gateway);
      for (int i = 0; i < 2; i++) {
        assertThat(http.control("GET", "metrics", ""))
            .isEqualTo(
                "501 {\"error\":\"no metrics: io.micrometer:micrometer-registry-prometheus is not"
                    + " on the class path\"}\n");
      }
      assertThat(http.send("GET", "/api/v2/me", "").statusCode()).isEqualTo(401);
      assertThat(libraries.ofMicrometer).isEmpty();
    }
  }
}
