/**
 * Reading and writing of bbolt files: InfluxDB's {@code influxd.bolt} and the snapshots that {@code
 * etcdctl} saves. No library for them exists in Java. The format is that of bbolt's {@code
 * internal/common}: {@code page.go}, {@code meta.go}, {@code bucket.go} and {@code inode.go}.
 */
@NullMarked
package dev.doppel.migration.bolt;

import org.jspecify.annotations.NullMarked;
