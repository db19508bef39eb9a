package dev.doppel.migration;

import java.util.Iterator;

/** A file or a product that users come from. Not thread-safe. */
public interface Source extends AutoCloseable {

  /** Returns the source as a report names it, without secrets. */
  String description();

  /**
   * Returns all rows: organizations, then roles, then users, then tokens. Reads them as they are
   * needed. Can be called again to start over.
   *
   * @throws MigrationException also from the iterator, if the source can't be read
   */
  Iterator<EstateRow> rows();

  @Override
  void close();
}
