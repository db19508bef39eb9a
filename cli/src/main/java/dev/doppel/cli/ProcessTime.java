package dev.doppel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * How long this process has run since it was launched, before there was a JVM in it.
 *
 * <p>On Linux {@link ProcessHandle} adds the process's start, counted from the machine's boot, to a
 * boot time in whole seconds, and so is wrong by up to one. Here both ends are counted from the
 * boot, in hundredths of a second: the result is exact to 10 ms either way, and no clock that is
 * set changes it. On other systems {@link ProcessHandle} knows microseconds.
 */
final class ProcessTime {

  private static final Path STAT = Path.of("/proc/self/stat");
  private static final Path UPTIME = Path.of("/proc/uptime");

  /** The field after the command, which stands in parentheses: proc(5) numbers it 22. */
  private static final int START_AFTER_COMMAND = 22 - 3;

  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 wherever there is a JVM

  private ProcessTime() {}

  /** Returns the time since the launch. */
  static Duration sinceLaunch() {
    try {
      var elapsed = sinceLaunch(Files.readString(STAT), Files.readString(UPTIME));
      if (!elapsed.isNegative()) { // a container may be shown an uptime of its own
        return elapsed;
      }
    } catch (IOException | RuntimeException notLinux) {
      // the other way, then
    }
    var now = Instant.now();
    return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
  }

  /**
   * @param stat such as {@code 4892 (java) R 4887 …}
   * @param uptime such as {@code 490.51 180.20}
   */
  static Duration sinceLaunch(String stat, String uptime) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    var start = Long.parseLong(fields[START_AFTER_COMMAND]) * MILLIS_PER_TICK;
    var now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Duration.ofMillis(Math.round(now * 1000) - start);
  }
}
