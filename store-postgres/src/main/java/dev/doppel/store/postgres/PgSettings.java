package dev.doppel.store.postgres;

import io.vertx.pgclient.PgConnectOptions;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Settings of the server that hold for what is done on a connection: for all of it, or, through
 * PgBouncer, for each transaction, since the next one may be on another connection. Immutable.
 */
record PgSettings(Map<String, String> values) {

  static final PgSettings NONE = new PgSettings(Map.of());

  private static final String SCHEMA = "search_path";

  /** PgBouncer passes these on to whoever has the connection, and refuses others. */
  private static final Set<String> PASSED_ON =
      Set.of("application_name", "client_encoding", "DateStyle", "options");

  PgSettings {
    values = new LinkedHashMap<>(values);
  }

  PgSettings with(String name, Object value) {
    var more = new LinkedHashMap<>(values);
    more.put(name, value.toString());
    return new PgSettings(more);
  }

  /** Tables are looked for in this schema. */
  static PgSettings in(String schema) {
    return NONE.with(SCHEMA, '"' + schema.replace("\"", "\"\"") + '"');
  }

  /** Returns how to connect to a server with these settings, or without them through PgBouncer. */
  PgConnectOptions on(PgConnectOptions server, boolean pooled) {
    var options = new PgConnectOptions(server).setCachePreparedStatements(!pooled);
    if (pooled) {
      options.getProperties().keySet().retainAll(PASSED_ON);
    } else {
      options.getProperties().putAll(values);
    }
    return options;
  }

  /** Returns the statements that make them hold until the transaction ends. */
  String local() {
    return values.entrySet().stream().map(PgSettings::local).collect(Collectors.joining("; "));
  }

  private static String local(Entry<String, String> setting) {
    var name = setting.getKey();
    var value = setting.getValue();
    // A text would be taken for one name, with the quotation marks that are in it.
    return "SET LOCAL %s TO %s".formatted(name, name.equals(SCHEMA) ? value : "'" + value + "'");
  }
}
