package dev.doppel.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/** Commits batches of changes to a store's file, as long as the disk has room for them. */
final class FileJournal implements GroupCommitWriter.Journal {

  /**
   * Bytes of the disk that stay free. MVStore closes its file for good after a failed write, so no
   * write begins that might not succeed.
   */
  private static final long RESERVED_BYTES = 4 << 20;

  private static final long TYPICAL_COMMIT_BYTES = 1 << 20;

  private final MVStore store;
  private final Path file;
  private final FileStore disk;
  private final Seal seal;
  private final Compaction compaction;

  FileJournal(MVStore store, Path file, Seal seal) throws IOException {
    this.store = store;
    this.file = file;
    this.seal = seal;
    disk = Files.getFileStore(file);
    compaction = new Compaction(store);
  }

  /**
   * @throws UncheckedIOException if the disk has no room for the changes since the last commit
   */
  @Override
  public void commit() {
    var unsaved = store.getUnsavedMemory();
    if (!hasRoomFor(2L * unsaved)) {
      throw new UncheckedIOException(
          new FileSystemException(file.toString(), null, "the disk is full"));
    }
    compaction.onCommit(unsaved);
    store.commit();
    store.sync();
    seal.writeVersion(store.getCurrentVersion());
  }

  /** Returns whether the disk has room for a commit of typical size. */
  boolean hasRoom() {
    return hasRoomFor(TYPICAL_COMMIT_BYTES);
  }

  private boolean hasRoomFor(long bytes) {
    try {
      return disk.getUsableSpace() >= RESERVED_BYTES + bytes;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void rollback() {
    if (!store.isClosed()) {
      store.rollback();
    }
  }

  @Override
  public boolean maintain(boolean idle) {
    return !store.isClosed()
        && compaction.isDue(idle)
        && hasRoomToCompact()
        && (idle ? compaction.stepIdle() : compaction.stepBusy());
  }

  private boolean hasRoomToCompact() {
    return hasRoomFor(4L * Compaction.IDLE_STEP_BYTES);
  }

  /**
   * Compacts the file for a limited time.
   *
   * @param publish called after each step
   */
  void compact(Runnable publish) {
    if (!store.isClosed() && hasRoomToCompact()) {
      compaction.finish(publish);
    }
  }
}
