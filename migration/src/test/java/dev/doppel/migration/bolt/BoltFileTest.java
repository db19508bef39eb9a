package dev.doppel.migration.bolt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading of files that bbolt 1.3.6 and etcd 3.4.23 wrote, whole and damaged. */
class BoltFileTest {

  private static final int PAGE_SIZE = 4096;

  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void copy() throws IOException {
    file = resource("/influxd.bolt");
  }

  private Path resource(String name) throws IOException {
    var copy = folder.resolve(name.substring(1));
    try (var in = BoltFileTest.class.getResourceAsStream(name)) {
      Files.copy(in, copy);
    }
    return copy;
  }

  private static List<String> keys(BoltBucket bucket) {
    var keys = new ArrayList<String>();
    bucket.forEach(entry -> keys.add(entry.keyText()));
    return keys;
  }

  @Test
  void root_holdsTheBucketsInOrder() {
    try (var bolt = BoltFile.open(file)) {
      assertThat(keys(bolt.root()))
          .containsExactly(
              "authorizationhashedindexv1",
              "authorizationindexv1",
              "authorizationsv1",
              "bucketindexv1",
              "bucketsv1",
              "migrationsv1",
              "onboardingv1",
              "organizationindexv1",
              "organizationsv1",
              "secretsv1",
              "userindexv1",
              "userresourcemappingsbyuserindexv1",
              "userresourcemappingsv1",
              "userspasswordv1",
              "usersv1");
      bolt.check();
    }
  }

  /** The names and hashes are those of the list from which the file was made. */
  @Test
  void buckets_holdEveryUserWithItsHash() throws IOException {
    var expected = new HashMap<String, String>();
    var json = new ObjectMapper();
    try (var in = BoltFileTest.class.getResourceAsStream("/users.json")) {
      for (JsonNode user : json.readTree(in)) {
        expected.put(user.get("name").asText(), user.get("hash").asText());
      }
    }
    var found = new HashMap<String, String>();
    try (var bolt = BoltFile.open(file)) {
      var hashes = bolt.root().bucket("userspasswordv1").orElseThrow();
      var index = bolt.root().bucket("userindexv1").orElseThrow();
      for (var entry : bolt.root().bucket("usersv1").orElseThrow()) {
        var name = json.readTree(entry.value()).get("name").asText();
        assertThat(index.find(name.getBytes(UTF_8)).orElseThrow()).isEqualTo(entry.key());
        found.put(name, new String(hashes.find(entry.key()).orElse(new byte[0]), UTF_8));
      }
      assertThat(hashes.find("no such key".getBytes(UTF_8))).isEmpty();
      assertThat(bolt.root().bucket("no such bucket")).isEmpty();
      assertThat(bolt.root().find("usersv1".getBytes(UTF_8))).isEmpty();
    }
    assertThat(found).hasSize(200).isEqualTo(expected);
  }

  @Test
  void snapshotOfEtcd_isRead() throws IOException {
    try (var bolt = BoltFile.open(resource("/etcd-snapshot.bolt"))) {
      bolt.check();
      var values = new StringBuilder();
      bolt.root()
          .bucket("key")
          .orElseThrow()
          .forEach(entry -> values.append(new String(entry.value(), UTF_8)));
      assertThat(values).contains("by-dev/meta/root-coord/credential/users/");
    }
  }

  @Test
  void checker_acceptsWhatBboltWrote() throws IOException {
    assertThat(BoltChecker.check(file)).isEqualTo(10 + 10 + 20 + 2 + 2 + 200 * 4 + 196);
  }

  private void overwrite(long at, byte... bytes) throws IOException {
    try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
      writing.seek(at);
      writing.write(bytes);
    }
  }

  private static byte[] number(long value, int size) {
    return Arrays.copyOf(
        ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(0, value).array(), size);
  }

  /** Returns the root page of a bucket whose tree has branches. */
  private int page(String bucket) {
    try (var bolt = BoltFile.open(file)) {
      return (int) bolt.root().bucket(bucket).orElseThrow().rootPage();
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(
            () -> {
              try (var bolt = BoltFile.open(file)) {
                bolt.check();
              }
            })
        .isInstanceOf(BoltException.class)
        .hasMessageContaining(message);
  }

  @Test
  void open_survivesOneDamagedMetaPage() throws IOException {
    for (int id = 0; id < 2; id++) {
      Files.delete(file);
      copy();
      overwrite((long) id * PAGE_SIZE, new byte[100]);
      try (var bolt = BoltFile.open(file)) {
        bolt.check();
        assertThat(keys(bolt.root())).contains("usersv1");
      }
    }
  }

  @Test
  void open_refusesTwoDamagedMetaPages() throws IOException {
    overwrite(20, (byte) 9);
    overwrite(PAGE_SIZE + 72, (byte) 1, (byte) 2);
    assertRefused("both of its meta pages are damaged");
  }

  @Test
  void open_refusesFileThatIsCutOff() throws IOException {
    try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
      writing.setLength(20 * PAGE_SIZE + 100);
    }
    assertRefused("cut off: it has 82020 bytes of at least");
  }

  @Test
  void open_refusesOtherFiles() throws IOException {
    Files.write(file, new byte[0]);
    assertRefused("not a bbolt file");
    Files.writeString(file, "dn: cn=anna\n".repeat(1000));
    assertRefused("not a bbolt file");
    try (var gzip = new GZIPOutputStream(Files.newOutputStream(file))) {
      gzip.write(1);
    }
    assertRefused("gzip");
    Files.delete(file);
    assertRefused("no such file");
  }

  @Test
  void check_refusesPageThatWasReused() throws IOException {
    overwrite((long) page("usersv1") * PAGE_SIZE, number(7, 8));
    assertRefused("take a backup, or stop the server first");
  }

  @Test
  void check_refusesLoop() throws IOException {
    var page = page("usersv1");
    overwrite((long) page * PAGE_SIZE + 16 + 8, number(page, 8));
    assertRefused("is reached twice");
  }

  @Test
  void check_refusesPageOutsideOfTheFile() throws IOException {
    var page = (long) page("usersv1") * PAGE_SIZE;
    for (long id : new long[] {0, 1, 64, Long.MAX_VALUE, -1}) {
      overwrite(page + 16 + 8, number(id, 8));
      assertRefused("outside of the file");
    }
  }

  @Test
  void check_refusesOverflowBeyondTheFile() throws IOException {
    var page = (long) page("usersv1") * PAGE_SIZE;
    for (long overflow : new long[] {1000, 0xFFFFFFFFL}) {
      overwrite(page + 12, number(overflow, 4));
      assertRefused("outside of the file");
    }
  }

  @Test
  void check_refusesElementsOutsideOfTheirPage() throws IOException {
    var page = (long) page("usersv1") * PAGE_SIZE;
    overwrite(page + 10, number(0xFFFF, 2));
    assertRefused("outside of its bounds");
    overwrite(page + 10, number(9, 2));
    overwrite(page + 16, number(0xFFFFFFFFL, 4)); // position
    assertRefused("outside of its bounds");
    overwrite(page + 16, number(4090, 4));
    assertRefused("outside of its bounds");
    overwrite(page + 16 + 4, number(0xFFFFFFFFL, 4)); // size of the key
    assertRefused("has a key of 4294967295 bytes");
  }

  @Test
  void check_refusesKeysOutOfOrder() throws IOException {
    var page = (long) page("usersv1") * PAGE_SIZE;
    var bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    var first = bytes.getLong((int) page + 16 + 8);
    overwrite(page + 16 + 8, number(bytes.getLong((int) page + 32 + 8), 8));
    overwrite(page + 32 + 8, number(first, 8));
    assertRefused("not in ascending order");
  }

  /**
   * Writes pages of 16 MiB, nearly all of it holes, each with one element that leads to the next.
   */
  private void writeChain(int pages, int kind) throws IOException {
    var size = 16 << 20;
    try (var writing = new RandomAccessFile(file.toFile(), "rw")) {
      writing.setLength((long) pages * size + 2L * PAGE_SIZE);
      var perPage = size / PAGE_SIZE;
      for (int i = 0; i < pages; i++) {
        var last = i == pages - 1;
        var page = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        page.putLong(0, 2L + (long) i * perPage);
        page.putShort(8, (short) (last ? BoltPage.LEAF : kind));
        page.putShort(10, (short) (last ? 0 : 1));
        page.putInt(12, perPage - 1);
        var next = 2L + (i + 1L) * perPage;
        if (kind == BoltPage.BRANCH) {
          page.putInt(16, 16).putInt(20, 1).putLong(24, next).put(32, (byte) 'k');
        } else { // a bucket in a bucket
          page.putInt(16, 1).putInt(20, 16).putInt(24, 1).putInt(28, 16).put(32, (byte) 'k');
          page.putLong(33, next);
        }
        writing.seek(2L * PAGE_SIZE + (long) i * size);
        writing.write(page.array());
      }
      for (int id = 0; id < 2; id++) {
        writing.seek((long) id * PAGE_SIZE);
        writing.write(
            new BoltMeta(PAGE_SIZE, 2, 0, -1, 2L + (long) pages * perPage, 1).encode(id).array());
      }
    }
  }

  @Test
  void check_limitsTheBytesOfPagesInMemory() throws IOException {
    for (int kind : new int[] {BoltPage.BRANCH, BoltPage.LEAF}) {
      Files.delete(file);
      writeChain(4, kind);
      try (var bolt = BoltFile.open(file)) {
        bolt.check();
      }
      Files.delete(file);
      writeChain(40, kind);
      assertRefused("is below pages of more than 67108864 bytes, which is not supported");
    }
  }

  @Test
  void entry_isNotPrinted() {
    assertThat(BoltEntry.of("key", "$2a$10$secret".getBytes(UTF_8)).toString())
        .doesNotContain("key", "secret");
  }
}
