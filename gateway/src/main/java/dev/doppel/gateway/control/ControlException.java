package dev.doppel.gateway.control;

/** An error response of the control plane, with its HTTP status and a one-line message. */
final class ControlException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final int status;
  private final String line;

  private ControlException(int status, String line) {
    super(line, null, false, false);
    this.status = status;
    this.line = line;
  }

  /** Creates a 401: the token is missing or wrong. */
  static ControlException unauthorized(String line) {
    return new ControlException(401, line);
  }

  /** Creates a 403: the request isn't allowed. */
  static ControlException forbidden(String line) {
    return new ControlException(403, line);
  }

  /** Creates a 404. */
  static ControlException notFound(String line) {
    return new ControlException(404, line);
  }

  /** Creates a 409: not possible in the present state. */
  static ControlException conflict(String line) {
    return new ControlException(409, line);
  }

  int status() {
    return status;
  }

  String line() {
    return line;
  }
}
