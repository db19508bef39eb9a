package dev.doppel.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.h2.mvstore.MVStore;

/** Makes batches of changes last in a store's file, as long as the disk has room for them. */
final class FileJournal implements GroupCommitWriter.Journal {

  /**
   * Free bytes that are left alone. MVStore gives its file up for good when it can't write to it,
   * so nothing is begun that might not end well.
   */
  private static final long RESERVE = 4 << 20;

  private static final long USUAL = 1 << 20;

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
   * @throws UncheckedIOException if the disk has no room for what was changed since the last commit
   */
  @Override
  public void commit() {
    var unsaved = store.getUnsavedMemory();
    if (!hasRoomFor(2L * unsaved)) {
      throw new UncheckedIOException(
          new FileSystemException(file.toString(), null, "the disk is full"));
    }
    compaction.committing(unsaved);
    store.commit();
    store.sync();
    seal.version(store.getCurrentVersion());
  }

  /** Whether changes that come together as they often do could be kept now. */
  boolean hasRoom() {
    return hasRoomFor(USUAL);
  }

  private boolean hasRoomFor(long bytes) {
    try {
      return disk.getUsableSpace() >= RESERVE + bytes;
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
  public boolean tidy(boolean idle) {
    return !store.isClosed()
        && compaction.isDue(idle)
        && hasRoomToTidy()
        && (idle ? compaction.stepIdle() : compaction.stepBusy());
  }

  private boolean hasRoomToTidy() {
    return hasRoomFor(4L * Compaction.IDLE_STEP);
  }

  /**
   * Compacts the file for a limited time.
   *
   * @param published called after each step
   */
  void compact(Runnable published) {
    if (!store.isClosed() && hasRoomToTidy()) {
      compaction.finish(published);
    }
  }
}
