package dev.doppel.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * The time since this process was launched, including the time before its JVM started.
 *
 * <p>On Linux {@link ProcessHandle} adds the process's start, measured from the machine's boot, to
 * a boot time in whole seconds, and so is wrong by up to a second. This class measures both ends
 * from the boot, in hundredths of a second: the result is exact to 10 ms and independent of clock
 * changes. On other systems {@link ProcessHandle} is exact to microseconds.
 */
final class ProcessTime {

  private static final Path STAT = Path.of("/proc/self/stat");
  private static final Path UPTIME = Path.of("/proc/uptime");

  /** Index of field 22 (starttime in proc(5)) after the command, which is in parentheses. */
  private static final int START_AFTER_COMMAND = 22 - 3;

  private static final long MILLIS_PER_TICK = 10; // USER_HZ is 100 wherever there is a JVM

  private ProcessTime() {}

  /** Returns the time since the process was launched. */
  static Duration sinceLaunch() {
    try {
      var elapsed = sinceLaunch(Files.readString(STAT), Files.readString(UPTIME));
      if (!elapsed.isNegative()) { // a container may have an uptime of its own
        return elapsed;
      }
    } catch (IOException | RuntimeException notLinux) {
      // use the process handle
    }
    var now = Instant.now();
    return Duration.between(ProcessHandle.current().info().startInstant().orElse(now), now);
  }

  /**
   * Returns the time between the start of a process and the machine's uptime.
   *
   * @param stat content of /proc/PID/stat, such as {@code 4892 (java) R 4887 …}
   * @param uptime content of /proc/uptime, such as {@code 490.51 180.20}
   */
  static Duration sinceLaunch(String stat, String uptime) {
    var fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
    var start = Long.parseLong(fields[START_AFTER_COMMAND]) * MILLIS_PER_TICK;
    var now = Double.parseDouble(uptime.substring(0, uptime.indexOf(' ')));
    return Duration.ofMillis(Math.round(now * 1000) - start);
  }
}
