package dev.doppel.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.ProcessBuilder.Redirect;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The runnable jar in a process of its own, and what it printed until it was ready. */
public record DoppelProcess(Process process, List<String> banner, URI uri)
    implements AutoCloseable {

  /** Its operator token where it is started on a store. */
  public static final String TOKEN = "it-operator-token";

  /** Its control token where it is started on a store. */
  public static final String CONTROL_TOKEN = "it-control-token";

  /** Of a process that isn't started yet. */
  public static ProcessBuilder command(String... args) {
    return command(List.of(), args);
  }

  /** As above, of a JVM with options of its own. */
  public static ProcessBuilder command(List<String> jvmOptions, String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", System.getProperty("doppel.jar")));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /** Returns when it is ready. */
  public static DoppelProcess start(String... args) throws IOException {
    return start(command(args));
  }

  public static DoppelProcess start(ProcessBuilder command) throws IOException {
    return start(command, Redirect.DISCARD);
  }

  /** As above; what it says on standard error goes elsewhere. */
  public static DoppelProcess start(ProcessBuilder command, Redirect errors) throws IOException {
    var process = command.redirectError(errors).start();
    var out =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    var lines = new ArrayList<String>();
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      lines.add(line);
      if (line.matches("doppel ready on http://\\S+ in \\d+ ms")) {
        return new DoppelProcess(process, lines, URI.create(line.split(" ", -1)[3]));
      }
    }
    throw new AssertionError("not ready: " + lines);
  }

  public static DoppelProcess startOn(String store) throws IOException {
    return start(onStore(store));
  }

  public static String[] onStore(String store) {
    return new String[] {
      "--port=0",
      "--store=" + store,
      "--hash=fast",
      "--admin-password=a-password",
      "--operator-token=" + TOKEN,
      "--control-token=" + CONTROL_TOKEN
    };
  }

  /** Whatever it is doing. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
