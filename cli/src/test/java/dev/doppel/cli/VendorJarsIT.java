package dev.doppel.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged jar with a vendor that is in a jar of its own. */
class VendorJarsIT {

  @TempDir
  @SuppressWarnings("NullAway.Init") // JUnit sets it
  Path folder;

  @SuppressWarnings("NullAway.Init") // set before every test
  private Path jar;

  @BeforeEach
  void packVendor() throws IOException {
    jar = folder.resolve("echo.jar");
    var name = EchoVendor.class.getName();
    var file = name.replace('.', '/') + ".class";
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        var in = Objects.requireNonNull(getClass().getResourceAsStream("/" + file))) {
      out.putNextEntry(new JarEntry(file));
      in.transferTo(out);
      out.putNextEntry(new JarEntry("META-INF/services/" + Vendor.class.getName()));
      out.write(name.getBytes(StandardCharsets.UTF_8));
    }
  }

  @Test
  void vendorInAJar_isServed() throws IOException {
    try (var doppel =
        DoppelProcess.start(
            "--port=0", "--vendor-jars=" + jar, "--dialects=echo,workspace", "--echo-of=hills")) {
      assertThat(doppel.banner())
          .contains(
              "# echo, documented",
              "# workspace, documented (--fidelity workspace=observed answers as the product does)");
      var me =
          new Http(doppel.uri())
              .send("GET", "/api/v2/me", "", "Authorization", "Token doppel-operator-token");
      assertThat(me.statusCode()).isEqualTo(200);
    }
  }

  @Test
  void vendorsOfOnePrefix_areRefused() throws IOException, InterruptedException {
    assertRefused(
        "doppel: --dialects influx,echo: not allowed together; both have paths that begin with"
            + " /api/v2",
        "--port=0",
        "--vendor-jars",
        jar.toString());
  }

  @Test
  void jarThatIsMissing_isRefused() throws IOException, InterruptedException {
    assertRefused(
        "doppel: --vendor-jars 'missing.jar': not allowed; use jar files that can be read",
        "--vendor-jars=missing.jar");
  }

  private static void assertRefused(String line, String... args)
      throws IOException, InterruptedException {
    var process = DoppelProcess.command(args).start();
    var errors = new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(errors.strip()).isEqualTo(line);
    assertThat(process.waitFor()).isEqualTo(2);
  }
}
