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

/** A process that runs the jar, with its output until it was ready. */
public record DoppelProcess(Process process, List<String> banner, URI uri)
    implements AutoCloseable {

  /** Operator token of a process that was started with {@link #onStore}. */
  public static final String TOKEN = "it-operator-token";

  /** Control token of a process that was started with {@link #onStore}. */
  public static final String CONTROL_TOKEN = "it-control-token";

  /** Returns the command of a process, without starting it. */
  public static ProcessBuilder command(String... args) {
    return command(List.of(), args);
  }

  /** Returns the command of a process with options of the JVM, without starting it. */
  public static ProcessBuilder command(List<String> jvmOptions, String... args) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(jvmOptions);
    command.addAll(List.of("-jar", System.getProperty("doppel.jar")));
    command.addAll(List.of(args));
    return new ProcessBuilder(command);
  }

  /** Starts a process and waits until it is ready. */
  public static DoppelProcess start(String... args) throws IOException {
    return start(command(args));
  }

  /** Starts a process and waits until it is ready. Discards its standard error. */
  public static DoppelProcess start(ProcessBuilder command) throws IOException {
    return start(command, Redirect.DISCARD);
  }

  /** Starts a process, with its standard error redirected, and waits until it is ready. */
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

  /** Starts a process on a store and waits until it is ready. */
  public static DoppelProcess startOn(String store) throws IOException {
    return start(onStore(store));
  }

  /** Returns flags for a store, with fast hashes and known credentials. */
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

  /** Kills the process and waits for its end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
