package dev.doppel.workspace;

import io.nayuki.qrcodegen.QrCode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;

/** A QR code as a data URI of a PNG image, with one pixel for each module to keep it short. */
final class QrImage {

  /** The width of the white border, as the standard of QR codes demands it. */
  private static final int BORDER = 4;

  private static final byte[] SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'};

  private QrImage() {}

  static String dataUri(String text) {
    return "data:image/png;base64,"
        + Base64.getEncoder().encodeToString(png(QrCode.encodeText(text, QrCode.Ecc.LOW)));
  }

  private static byte[] png(QrCode code) {
    var size = code.size + 2 * BORDER;
    var image = new ByteArrayOutputStream();
    try (var out = new DataOutputStream(image)) {
      out.write(SIGNATURE);
      writeChunk(out, "IHDR", header(size));
      writeChunk(out, "IDAT", deflate(rows(code, size)));
      writeChunk(out, "IEND", new byte[0]);
    } catch (IOException e) {
      throw new UncheckedIOException("an array takes every byte", e);
    }
    return image.toByteArray();
  }

  /** Size twice, one bit for each pixel, grayscale, and the only methods that there are. */
  private static byte[] header(int size) throws IOException {
    var header = new ByteArrayOutputStream();
    var out = new DataOutputStream(header);
    out.writeInt(size);
    out.writeInt(size);
    out.write(new byte[] {1, 0, 0, 0, 0});
    return header.toByteArray();
  }

  /** The rows, each preceded by the number of its filter: none. A white pixel is 1. */
  private static byte[] rows(QrCode code, int size) {
    var length = 1 + (size + 7) / 8;
    var rows = new byte[size * length];
    for (int y = 0; y < size; y++) {
      for (int x = 0; x < size; x++) {
        if (!code.getModule(x - BORDER, y - BORDER)) {
          rows[y * length + 1 + x / 8] |= (byte) (0x80 >> (x % 8));
        }
      }
    }
    return rows;
  }

  private static byte[] deflate(byte[] bytes) throws IOException {
    var deflated = new ByteArrayOutputStream();
    var deflater = new Deflater(Deflater.BEST_COMPRESSION);
    try (var out = new DeflaterOutputStream(deflated, deflater)) {
      out.write(bytes);
    } finally {
      deflater.end();
    }
    return deflated.toByteArray();
  }

  private static void writeChunk(DataOutputStream out, String type, byte[] data)
      throws IOException {
    var name = type.getBytes(StandardCharsets.US_ASCII);
    var checksum = new CRC32();
    checksum.update(name);
    checksum.update(data);
    out.writeInt(data.length);
    out.write(name);
    out.write(data);
    out.writeInt((int) checksum.getValue());
  }
}
