package dev.doppel.testkit;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/** Collects what loggers log below a name until it is closed. */
public final class TestLog implements AutoCloseable {

  private final Logger logger;
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final SimpleFormatter formatter = new SimpleFormatter();

  private final Handler handler =
      new Handler() {
        @Override
        public void publish(LogRecord entry) {
          lines.add(formatter.formatMessage(entry));
        }

        @Override
        public void flush() {}

        @Override
        public void close() {}
      };

  /**
   * @param name name of a package or a class
   */
  public TestLog(String name) {
    logger = Logger.getLogger(name);
    logger.addHandler(handler);
  }

  /** Returns the formatted messages so far. */
  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void close() {
    logger.removeHandler(handler);
  }
}
