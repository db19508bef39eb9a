package dev.doppel.cli;

import dev.doppel.StartupException;
import dev.doppel.Vendors;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceConfigurationError;
import java.util.jar.JarFile;

/** Finds vendors in the jars of {@code --vendor-jars}, before other flags are read. */
final class VendorJars {

  /** The flag; it can't be given in the configuration file, whose keys depend on the vendors. */
  static final String FLAG = "--vendor-jars";

  private static final String VARIABLE = "DOPPEL_VENDOR_JARS";

  private VendorJars() {}

  /**
   * Makes the vendors in the jars available to this process. Does nothing without the flag and the
   * variable {@value #VARIABLE}.
   *
   * @throws StartupException if a jar can't be read or holds a vendor that can't be used
   */
  static void use(String[] args, Map<String, String> environment) {
    var jars = given(args).or(() -> Optional.ofNullable(environment.get(VARIABLE)));
    if (jars.isEmpty() || jars.get().isBlank()) {
      return;
    }
    var urls = new ArrayList<URL>();
    for (var jar : jars.get().split(",", -1)) {
      urls.add(url(jar.strip()));
    }
    Thread.currentThread()
        .setContextClassLoader(
            new URLClassLoader(
                "vendor-jars", urls.toArray(URL[]::new), VendorJars.class.getClassLoader()));
    try {
      Vendors.all();
    } catch (ServiceConfigurationError | LinkageError unusable) {
      var reason = String.valueOf(unusable.getMessage()).lines().findFirst().orElse("");
      throw new StartupException(
          StartupException.CONFIGURATION, FLAG + " '" + jars.get() + "': " + reason);
    }
  }

  private static Optional<String> given(String[] args) {
    for (int i = 0; i < args.length; i++) {
      if (args[i].startsWith(FLAG + "=")) {
        return Optional.of(args[i].substring(FLAG.length() + 1));
      }
      if (args[i].equals(FLAG) && i + 1 < args.length) {
        return Optional.of(args[i + 1]);
      }
    }
    return Optional.empty();
  }

  private static URL url(String jar) {
    try {
      var path = Path.of(jar);
      new JarFile(path.toFile()).close();
      return path.toUri().toURL();
    } catch (InvalidPathException | IOException notJar) {
      // reported below
    }
    throw StartupException.invalidFlag(FLAG, "'" + jar + "'", "jar files that can be read");
  }
}
