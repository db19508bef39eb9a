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

/** An HTTP/1.1 connection that sends any bytes and reads answers one by one. */
public final class RawHttp implements AutoCloseable {

  /** A server that rejects a protocol repeats its name, which need not start with HTTP. */
  private static final Pattern STATUS_LINE = Pattern.compile("\\S+ (\\d{3}) .*");

  private final Socket socket;
  private final InputStream in;
  private boolean ended;

  public RawHttp(int port) throws IOException {
    socket = new Socket(InetAddress.getLoopbackAddress(), port);
    socket.setTcpNoDelay(true);
    in = new BufferedInputStream(socket.getInputStream());
  }

  /** Sends bytes unchanged. */
  public void send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
  }

  /** Returns whether the connection can deliver no further answer. */
  public boolean isOver() {
    return ended;
  }

  /**
   * Reads the next final answer, as ISO 8859-1.
   *
   * @param method method of the request: answers to HEAD have no body
   * @param millis timeout in milliseconds
   * @return empty if the connection was closed or changed its protocol
   * @throws SocketTimeoutException if no answer arrives in time
   */
  public Optional<TestServer.Answer> answer(String method, int millis) throws IOException {
    socket.setSoTimeout(millis);
    while (true) {
      var line = line();
      if (line.isEmpty()) {
        ended = true;
        return Optional.empty();
      }
      var statusLine = STATUS_LINE.matcher(line);
      if (!statusLine.matches()) {
        throw new AssertionError("not an HTTP answer: " + line);
      }
      var status = Integer.parseInt(statusLine.group(1));
      var headers = headers();
      if (status == 101) {
        ended = true;
        return Optional.empty();
      }
      if (status >= 200) {
        ended = "close".equalsIgnoreCase(headers.get("connection")) || line.startsWith("HTTP/1.0");
        return Optional.of(new TestServer.Answer(status, headers, body(method, status, headers)));
      }
    }
  }

  /** Reads until the connection is closed or idle for the given time in milliseconds. */
  public String rest(int millis) throws IOException {
    socket.setSoTimeout(millis);
    var rest = new ByteArrayOutputStream();
    try {
      in.transferTo(rest);
    } catch (SocketTimeoutException e) {
      // idle: everything has been read
    }
    return latin1(rest.toByteArray());
  }

  private Map<String, String> headers() throws IOException {
    var headers = new TreeMap<String, String>();
    for (var line = line(); !line.isEmpty(); line = line()) {
      var colon = line.indexOf(':');
      if (colon < 1) {
        throw new AssertionError("not a header: " + line);
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
    ended = true;
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

  /** Reads a line without its end; empty at the end of the stream. */
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
