package dev.doppel.testkit;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** A connection that bytes are sent through as they are, and answers are read from one by one. */
public final class RawHttp implements AutoCloseable {

  /** The protocol is what the client called it, where it is refused. */
  private static final Pattern STATUS_LINE = Pattern.compile("\\S+ (\\d{3}) .*");

  private final Socket socket;
  private final InputStream in;
  private boolean over;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Whether nothing more can come. */
  public boolean isOver() {
    return over;
  }

  /**
   * The next answer that is final, its texts as ISO 8859-1; empty if the connection was closed
   * instead.
   *
   * @param method of the request, for answers to HEAD have no body
   * @throws SocketTimeoutException if none comes in time
   */
  public Optional<TestServer.Answer> answer(String method, int millis) throws IOException {
    socket.setSoTimeout(millis);
    while (true) {
      var line = line();
      if (line.isEmpty()) {
        over = true;
        return Optional.empty();
      }
      var statusLine = STATUS_LINE.matcher(line);
      if (!statusLine.matches()) {
        throw new AssertionError("no answer of HTTP: " + line);
      }
      var status = Integer.parseInt(statusLine.group(1));
      var headers = headers();
      if (status == 101) {
        over = true;
        return Optional.empty();
      }
      if (status >= 200) {
        over = "close".equalsIgnoreCase(headers.get("connection")) || line.startsWith("HTTP/1.0");
        return Optional.of(new TestServer.Answer(status, headers, body(method, status, headers)));
      }
    }
  }

  /** Whatever comes until nothing more does. */
  public String rest(int millis) throws IOException {
    socket.setSoTimeout(millis);
    var rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketTimeoutException quiet) {
      // that was all
    }
    return latin1(rest.toByteArray());
  }

  private Map<String, String> headers() throws IOException {
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      if (colon < 1) {
        throw new AssertionError("no header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return headers;
  }

  private String body(String method, int status, Map<String, String> headers) throws IOException {
    if (method.equals("HEAD") || status == 204 || status == 304) {
      return "";
    }
    var length = headers.get("content-length");
    if (length != null) {
      return latin1(in.readNBytes(Integer.parseInt(length)));
    }
    if ("chunked".equals(headers.get("transfer-encoding"))) {
      return chunks();
    }
    over = true;
    return latin1(in.readAllBytes());
  }

  private String chunks() throws IOException {
    var whole = new StringBuilder();
    for (int size = chunkSize(); size > 0; size = chunkSize()) {
      whole.append(latin1(in.readNBytes(size)));
      line();
    }
    line();
    return whole.toString();
  }

  private int chunkSize() throws IOException {
    return Integer.parseInt(line(), 16);
  }

  private static String latin1(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  /** Without its end; empty, too, where nothing more comes. */
  private String line() throws IOException {
    var line = new ByteArrayOutputStream();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.write(next);
    }
    return latin1(line.toByteArray()).strip();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
