package dev.doppel.migration.bolt;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.BitSet;

/**
 * Checks a file by the rules of bbolt's {@code Tx.Check}, and more strictly: every page is reached
 * exactly once or free, keys are in ascending order in and across pages, every element is within
 * its page, elements don't overlap, a branch has at least two children, and both meta pages are
 * valid. Shares no code with the reader.
 */
public final class BoltChecker {

  private final ByteBuffer file;
  private final int pageSize;
  private final long pages;
  private final BitSet seen = new BitSet();
  private int values;

  private BoltChecker(ByteBuffer file) {
    this.file = file.order(ByteOrder.LITTLE_ENDIAN);
    pageSize = file.getInt(24);
    pages = file.getLong(newest() * pageSize + 56);
  }

  /** Fails unless the file is valid, and returns the number of its values. */
  public static int check(Path path) throws IOException {
    var checker = new BoltChecker(ByteBuffer.wrap(Files.readAllBytes(path)));
    checker.checkAll();
    return checker.values;
  }

  private int newest() {
    return Long.compareUnsigned(file.getLong(64), file.getLong(pageSize + 64)) > 0 ? 0 : 1;
  }

  private void checkAll() {
    assertThat((long) file.capacity()).as("length").isGreaterThanOrEqualTo(pages * pageSize);
    for (int i = 0; i < 2; i++) {
      checkMeta(i);
    }
    seen.set(0, 2);
    var meta = newest() * pageSize;
    checkFreelist(file.getLong(meta + 48));
    checkPage(file.getLong(meta + 32), null, null, true);
    assertThat(seen.cardinality()).as("pages reached or free").isEqualTo((int) pages);
  }

  private void checkMeta(int id) {
    var at = id * pageSize;
    assertThat(file.getLong(at)).isEqualTo(id);
    assertThat(file.getShort(at + 8)).isEqualTo((short) 4);
    assertThat(file.getInt(at + 16)).isEqualTo(0xED0CDAED);
    assertThat(file.getInt(at + 20)).isEqualTo(2);
    assertThat(file.getInt(at + 24)).isEqualTo(pageSize);
    assertThat(file.getLong(at + 64) % 2).as("a meta page by its transaction").isEqualTo(id);
    var sum = new BigInteger("cbf29ce484222325", 16);
    for (int i = at + 16; i < at + 72; i++) {
      sum =
          sum.xor(BigInteger.valueOf(file.get(i) & 0xff))
              .multiply(new BigInteger("100000001b3", 16))
              .mod(BigInteger.ONE.shiftLeft(64));
    }
    assertThat(file.getLong(at + 72)).as("checksum of meta %s", id).isEqualTo(sum.longValue());
  }

  private void checkFreelist(long id) {
    var at = (int) id * pageSize;
    assertThat(file.getLong(at)).isEqualTo(id);
    assertThat(file.getShort(at + 8)).as("kind of the freelist").isEqualTo((short) 16);
    reach(id, file.getInt(at + 12));
    var count = file.getShort(at + 10);
    for (int i = 0; i < count; i++) {
      reach(file.getLong(at + 16 + 8 * i), 0);
    }
  }

  private void reach(long id, int overflow) {
    for (long page = id; page <= id + overflow; page++) {
      assertThat(page).as("page").isBetween(2L, pages - 1);
      assertThat(seen.get((int) page)).as("page %s seen before", page).isFalse();
      seen.set((int) page);
    }
  }

  private void checkPage(long id, byte[] from, byte[] before, boolean root) {
    var at = (int) id * pageSize;
    assertThat(file.getLong(at)).as("id of page %s", id).isEqualTo(id);
    var overflow = file.getInt(at + 12);
    reach(id, overflow);
    checkElements(at, (1 + overflow) * pageSize, from, before, root);
  }

  private void checkElements(int at, int length, byte[] from, byte[] before, boolean root) {
    var leaf = file.getShort(at + 8) == 2;
    assertThat(file.getShort(at + 8)).isIn((short) 1, (short) 2);
    var count = file.getShort(at + 10) & 0xffff;
    assertThat(count).as("elements").isGreaterThanOrEqualTo(leaf ? (root ? 0 : 1) : 2);
    var end = 16 + 16 * count;
    byte[] last = null;
    for (int i = 0; i < count; i++) {
      var element = at + 16 + 16 * i;
      var position = file.getInt(element + (leaf ? 4 : 0));
      var keySize = file.getInt(element + (leaf ? 8 : 4));
      var valueSize = leaf ? file.getInt(element + 12) : 0;
      var start = element - at + position;
      assertThat(start).as("start of element %s", i).isEqualTo(end);
      end = start + keySize + valueSize;
      assertThat(end).as("end of element %s", i).isLessThanOrEqualTo(length);
      var key = bytes(at + start, keySize);
      assertThat(key).isNotEmpty();
      if (last != null) {
        assertThat(Arrays.compareUnsigned(last, key)).as("order of keys").isNegative();
      } else if (from != null) {
        assertThat(key).as("first key below a branch").isEqualTo(from);
      }
      if (before != null) {
        assertThat(Arrays.compareUnsigned(key, before)).as("order of pages").isNegative();
      }
      last = key;
      if (!leaf) {
        var next = i + 1 < count ? key(at, i + 1) : before;
        checkPage(file.getLong(element + 8), key, next, false);
      } else if (file.getInt(element) == 1) {
        checkBucket(at + start + keySize, valueSize);
      } else {
        assertThat(file.getInt(element)).as("flags").isZero();
        values++;
      }
    }
  }

  private byte[] key(int at, int index) {
    var element = at + 16 + 16 * index;
    return bytes(element + file.getInt(element), file.getInt(element + 4));
  }

  private void checkBucket(int at, int size) {
    var rootPage = file.getLong(at);
    if (rootPage == 0) {
      checkElements(at + 16, size - 16, null, null, true);
    } else {
      assertThat(size).isEqualTo(16);
      checkPage(rootPage, null, null, true);
    }
  }

  private byte[] bytes(int from, int length) {
    var bytes = new byte[length];
    file.get(from, bytes);
    return bytes;
  }
}
