package dev.doppel.store.postgres;

import io.vertx.pgclient.PgConnectOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the server for the statements of a connection. They are sent once when it is opened;
 * or, through PgBouncer, with each transaction, since the next one may be on another connection.
 * Immutable.
 */
record PgSettings(Map<String, String> values) {

  static final PgSettings NONE = new PgSettings(Map.of());

  private static final String SCHEMA = "search_path";

  /**
   * Startup parameters that PgBouncer sets on the connection that a client gets; it refuses others.
   */
  private static final Set<String> POOLER_PARAMETERS =
      Set.of("application_name", "client_encoding", "DateStyle", "options");

  PgSettings {
    values = new LinkedHashMap<>(values);
  }

  PgSettings with(String name, Object value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value.toString());
    return new PgSettings(more);
  }

  /** Returns settings with which tables are looked up in a schema. */
  static PgSettings inSchema(String schema) {
    return NONE.with(SCHEMA, '"' + schema.replace("\"", "\"\"") + '"');
  }

  /** Returns how to connect to a server with these settings, or without them through PgBouncer. */
  PgConnectOptions applyTo(PgConnectOptions server, boolean pooled) {
    var options = new PgConnectOptions(server).setCachePreparedStatements(!pooled);
    if (pooled) {
      options.getProperties().keySet().retainAll(POOLER_PARAMETERS);
    } else {
      options.getProperties().putAll(values);
    }
    return options;
  }

  /**
   * Returns the statements that each transaction begins with; empty where the connection has the
   * settings.
   */
  Optional<String> perTransaction(boolean pooled) {
    return pooled
        ? Optional.of(
            values.entrySet().stream().map(PgSettings::setLocal).collect(Collectors.joining("; ")))
        : Optional.empty();
  }

  private static String setLocal(Entry<String, String> setting) {
    var name = setting.getKey();
    var value = setting.getValue();
    // A quoted text would be one name, quotation marks included.
    return "SET LOCAL %s TO %s".formatted(name, name.equals(SCHEMA) ? value : "'" + value + "'");
  }
}
