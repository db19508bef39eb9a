package dev.doppel.migration.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/**
 * Files with random damage are read to the end or refused with a {@link BoltException}, with no
 * other exception, and never for ever: a reader that followed a loop would not come back.
 */
class BoltFuzzTest {

  private static final byte[] INFLUX = bytes("/influxd.bolt");
  private static final byte[] ETCD = bytes("/etcd-snapshot.bolt");

  private static byte[] bytes(String resource) {
    try (var in = BoltFuzzTest.class.getResourceAsStream(resource)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Property(tries = 1500)
  void damagedFile_isReadOrRefused(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 12) int changes,
      @ForAll boolean etcd,
      @ForAll boolean structure)
      throws IOException {
    var random = new Random(seed);
    var bytes = (etcd ? ETCD : INFLUX).clone();
    for (int i = 0; i < changes; i++) {
      damage(random, bytes, structure);
    }
    readOrRefuse(bytes, bytes.length);
  }

  /** Changes a byte anywhere, or in the header or the first elements of a page. */
  private static void damage(Random random, byte[] bytes, boolean structure) {
    var page = 2 + random.nextInt(bytes.length / 4096 - 2);
    var at = structure ? page * 4096 + random.nextInt(80) : random.nextInt(bytes.length);
    bytes[at] =
        switch (random.nextInt(4)) {
          case 0 -> (byte) 0;
          case 1 -> (byte) 0xff;
          case 2 -> (byte) random.nextInt(64);
          default -> (byte) (bytes[at] ^ (1 << random.nextInt(8)));
        };
  }

  /** A file that is cut off anywhere is refused, or was whole without its end. */
  @Property(tries = 300)
  void truncatedFile_isRefused(@ForAll long seed) throws IOException {
    var length = new Random(seed).nextInt(INFLUX.length);
    readOrRefuse(INFLUX, length);
  }

  private static void readOrRefuse(byte[] bytes, int length) throws IOException {
    var file = Files.createTempFile("fuzz", ".bolt");
    try {
      Files.write(file, Arrays.copyOf(bytes, length));
      var read = read(file);
      assertThat(read).isLessThanOrEqualTo(bytes.length);
    } finally {
      Files.delete(file);
    }
  }

  private static int read(Path file) {
    int entries = 0;
    try (var bolt = BoltFile.open(file)) {
      for (var bucket : bolt.root()) {
        bolt.root().bucket(bucket.keyText());
        if (bucket.bucket().isPresent()) {
          for (var entry : bucket.bucket().get()) {
            bucket.bucket().get().find(entry.key());
            entries++;
          }
        }
      }
      bolt.check();
    } catch (BoltException refused) {
      assertThat(refused.getMessage()).isNotBlank().doesNotContain("\n", "$2a$");
    }
    return entries;
  }
}
