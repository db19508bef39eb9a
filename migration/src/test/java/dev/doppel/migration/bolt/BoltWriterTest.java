package dev.doppel.migration.bolt;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files that the writer makes, by the rules of {@link BoltChecker} and through the reader. */
class BoltWriterTest {

  @TempDir Path folder;

  private static Iterator<BoltEntry> entries(Map<byte[], byte[]> sorted) {
    return sorted.entrySet().stream()
        .map(entry -> BoltEntry.of(entry.getKey(), entry.getValue()))
        .iterator();
  }

  private static void write(Path file, int pageSize, Map<String, Map<byte[], byte[]>> buckets)
      throws IOException {
    Files.write(file, new byte[0]);
    try (var writer = BoltWriter.open(file, pageSize)) {
      buckets.forEach((name, content) -> writer.add(name, name.length(), entries(content)));
      writer.finish();
    }
  }

  private static TreeMap<byte[], byte[]> random(
      Random random, int count, int maxKey, int maxValue) {
    var result = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
    for (int i = 0; i < count; i++) {
      var key = new byte[1 + random.nextInt(maxKey)];
      random.nextBytes(key);
      var value = new byte[random.nextInt(maxValue + 1)];
      random.nextBytes(value);
      result.put(key, value);
    }
    return result;
  }

  private static void assertContent(Path file, Map<String, Map<byte[], byte[]>> buckets)
      throws IOException {
    assertThat(BoltChecker.check(file))
        .isEqualTo(buckets.values().stream().mapToInt(Map::size).sum());
    try (var bolt = BoltFile.open(file)) {
      bolt.check();
      assertThat(bolt.root()).map(BoltEntry::keyText).containsExactlyElementsOf(buckets.keySet());
      for (var expected : buckets.entrySet()) {
        var bucket = bolt.root().bucket(expected.getKey()).orElseThrow();
        assertThat(bucket.sequence()).isEqualTo(expected.getKey().length());
        var read = bucket.iterator();
        for (var entry : expected.getValue().entrySet()) {
          var next = read.next();
          assertThat(next.key()).isEqualTo(entry.getKey());
          assertThat(next.value()).isEqualTo(entry.getValue());
          assertThat(bucket.find(entry.getKey())).contains(entry.getValue());
        }
        assertThat(read.hasNext()).isFalse();
      }
    }
  }

  /** Sizes around those of a page, with keys of up to the maximum. */
  @Property(tries = 150)
  void write_isReadBack(
      @ForAll long seed,
      @ForAll @IntRange(min = 0, max = 400) int count,
      @ForAll @IntRange(min = 0, max = 4) int sizes,
      @ForAll @IntRange(min = 10, max = 14) int pageBits)
      throws IOException {
    var random = new Random(seed);
    var maxKey = new int[] {8, 40, 1000, 5000, BoltPage.MAX_KEY}[sizes];
    var maxValue = new int[] {0, 200, 9000, 1000, 20_000}[sizes];
    var some = sizes > 1 ? count / 8 : count;
    var buckets = new TreeMap<String, Map<byte[], byte[]>>();
    buckets.put("a", random(random, some, maxKey, maxValue));
    buckets.put("b", Map.of());
    buckets.put("long name of a bucket", random(random, 3, maxKey, maxValue));
    var file = Files.createTempFile("bolt", ".bolt");
    try {
      write(file, 1 << pageBits, buckets);
      assertContent(file, buckets);
    } finally {
      Files.delete(file);
    }
  }

  @Test
  void write_makesTreesOfManyLevels() throws IOException {
    var file = folder.resolve("deep.bolt");
    var content = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
    IntStream.range(0, 50_000)
        .forEach(i -> content.put(ByteBuffer.allocate(64).putInt(i).array(), new byte[90]));
    var buckets = new TreeMap<String, Map<byte[], byte[]>>(Map.of("usersv1", content));
    write(file, 1024, buckets);
    assertContent(file, buckets);
  }

  /** Any number of children up to some pages' worth: the last page always has two. */
  @Test
  void write_neverLeavesBranchWithOneChild() throws IOException {
    var file = folder.resolve("branches.bolt");
    for (int count = 1; count < 60; count++) {
      for (int key : new int[] {300, 500, 2000}) {
        var content = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
        for (int i = 0; i < count; i++) {
          content.put(ByteBuffer.allocate(key).putInt(i).array(), new byte[600]);
        }
        var buckets = new TreeMap<String, Map<byte[], byte[]>>(Map.of("b", content));
        write(file, 1024, buckets);
        assertContent(file, buckets);
      }
    }
  }

  @Test
  void copy_keepsEveryEntryOfARealFile() throws IOException {
    var original = folder.resolve("influxd.bolt");
    try (var in = BoltWriterTest.class.getResourceAsStream("/influxd.bolt")) {
      Files.copy(in, original);
    }
    var copy = folder.resolve("copy.bolt");
    Files.write(copy, new byte[0]);
    try (var from = BoltFile.open(original);
        var writer = BoltWriter.open(copy, from.pageSize())) {
      from.root().forEach(writer::copy);
      writer.finish();
    }
    assertThat(BoltChecker.check(copy)).isEqualTo(BoltChecker.check(original));
    try (var from = BoltFile.open(original);
        var to = BoltFile.open(copy)) {
      for (var bucket : from.root()) {
        var copied = to.root().bucket(bucket.keyText()).orElseThrow();
        var entries = copied.iterator();
        for (var entry : bucket.bucket().orElseThrow()) {
          var next = entries.next();
          assertThat(next.key()).isEqualTo(entry.key());
          assertThat(next.value()).isEqualTo(entry.value());
        }
        assertThat(entries.hasNext()).isFalse();
        assertThat(copied.sequence()).isEqualTo(bucket.bucket().orElseThrow().sequence());
      }
    }
  }

  @Test
  void add_refusesWrongKeys() throws IOException {
    var file = Files.createFile(folder.resolve("wrong.bolt"));
    for (var keys : List.of(List.of("b", "a"), List.of("a", "a"), List.of(""))) {
      try (var writer = BoltWriter.open(file, 4096)) {
        assertThatThrownBy(
                () ->
                    writer.add(
                        "bucket",
                        0,
                        keys.stream().map(key -> BoltEntry.of(key, new byte[0])).iterator()))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
    try (var writer = BoltWriter.open(file, 4096)) {
      writer.add("b", 0, List.<BoltEntry>of().iterator());
      assertThatThrownBy(() -> writer.add("a", 0, List.<BoltEntry>of().iterator()))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void incompleteFile_isNotABoltFile() throws IOException {
    var file = Files.createFile(folder.resolve("incomplete.bolt"));
    try (var writer = BoltWriter.open(file, 4096)) {
      writer.add("b", 0, List.of(BoltEntry.of("key", "value".getBytes(UTF_8))).iterator());
    }
    assertThatThrownBy(() -> BoltFile.open(file)).isInstanceOf(BoltException.class);
  }
}
