package dev.doppel.gateway.control;

/** What the control plane says no to, in one line for whoever asked. */
final class ControlRefusal extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String line;

  private ControlRefusal(int status, String line) {
    super(line, null, false, false);
    this.status = status;
    this.line = line;
  }

  /** The caller doesn't say who it is. */
  static ControlRefusal unauthorized(String line) {
    return new ControlRefusal(401, line);
  }

  /** The caller may not. */
  static ControlRefusal forbidden(String line) {
    return new ControlRefusal(403, line);
  }

  /** There is no such thing. */
  static ControlRefusal missing(String line) {
    return new ControlRefusal(404, line);
  }

  /** It can't be as things are. */
  static ControlRefusal conflict(String line) {
    return new ControlRefusal(409, line);
  }

  int status() {
    return status;
  }

  String line() {
    return line;
  }
}
