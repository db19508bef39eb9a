package dev.doppel.serve;

import dev.doppel.dialect.Operation;
import dev.doppel.dialect.PathRules;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.http.HttpMethod;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the operation for a method and a path: a tree of segments, in which a literal wins over a
 * parameter if it has the method, as in every vendor's product. Immutable.
 */
final class RouteTable {

  /**
   * The operation of a request.
   *
   * @param parameters of the path, decoded
   */
  record Match(Operation operation, Map<String, String> parameters) {}

  private static final class Node {
    final Map<String, Node> literals = new HashMap<>();
    @Nullable Node parameter;
    final Map<HttpMethod, Operation> operations = new HashMap<>();
  }

  private final Node root = new Node();
  private final PathRules rules;

  /**
   * @throws IllegalArgumentException if two operations have the same method and path
   */
  RouteTable(List<Operation> operations, PathRules rules) {
    this.rules = rules;
    for (var operation : operations) {
      var node = root;
      for (var segment : segments(operation.path())) {
        node = child(node, segment);
      }
      if (node.operations.put(operation.method(), operation) != null) {
        throw new IllegalArgumentException(
            "two operations for " + operation.method() + " " + operation.path());
      }
    }
  }

  private Node child(Node node, String segment) {
    if (!segment.startsWith(":")) {
      return node.literals.computeIfAbsent(literal(segment), ignored -> new Node());
    }
    if (node.parameter == null) {
      node.parameter = new Node();
    }
    return node.parameter;
  }

  private static String[] segments(String path) {
    return path.substring(1).split("/", -1);
  }

  private String literal(String segment) {
    return rules.ignoresCase() ? segment.toLowerCase(Locale.ROOT) : segment;
  }

  /**
   * Returns the operation for a method and a path.
   *
   * @throws Failure NO_SUCH_PATH, or WRONG_METHOD if the path has other methods, which it names
   */
  Match find(HttpMethod sentMethod, String sent) {
    var method =
        rules.headAsGet() && sentMethod.equals(HttpMethod.HEAD) ? HttpMethod.GET : sentMethod;
    var path = rules.lookup().apply(sent);
    var node = path.isEmpty() ? null : find(root, method, path, 1, path.length());
    if (node == null) {
      throw Failure.of(Reason.NO_SUCH_PATH);
    }
    var operation = node.operations.get(method);
    if (operation == null) {
      throw Failure.of(Reason.WRONG_METHOD, String.join(", ", methods(node)));
    }
    return new Match(operation, parameters(operation, path));
  }

  private static List<String> methods(Node node) {
    return node.operations.keySet().stream().map(HttpMethod::name).sorted().toList();
  }

  /** Returns a node that has the method if there is one, else the most literal; null for none. */
  private @Nullable Node find(Node node, HttpMethod method, String path, int from, int end) {
    if (from > end) {
      return node.operations.isEmpty() ? null : node;
    }
    var slash = path.indexOf('/', from);
    var to = slash < 0 || slash > end ? end : slash;
    var segment = path.substring(from, to);
    var literal = node.literals.get(literal(segment));
    var found = literal == null ? null : find(literal, method, path, to + 1, end);
    if ((found == null || !found.operations.containsKey(method))
        && node.parameter != null
        && !segment.isEmpty()) {
      var other = find(node.parameter, method, path, to + 1, end);
      return found == null || (other != null && other.operations.containsKey(method))
          ? other
          : found;
    }
    return found;
  }

  private Map<String, String> parameters(Operation operation, String path) {
    if (operation.path().indexOf(':') < 0) {
      return Map.of();
    }
    var parameters = new HashMap<String, String>();
    var names = segments(operation.path());
    var values = segments(path);
    for (int i = 0; i < names.length; i++) {
      if (names[i].startsWith(":")) {
        parameters.put(names[i].substring(1), rules.parameter().apply(values[i]));
      }
    }
    return parameters;
  }
}
