package dev.doppel.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.doppel.dialect.Operation;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** The OpenAPI document of a dialect, to check its operations and answers. */
final class OpenApi {

  private static final Set<String> METHODS =
      Set.of("get", "put", "post", "delete", "patch", "head", "options");
  private static final ObjectMapper JSON = new ObjectMapper();

  private final JsonNode document;
  private final JsonSchemaFactory schemas = JsonSchemaFactory.getInstance(VersionFlag.V202012);

  private OpenApi(JsonNode document) {
    this.document = document;
  }

  /** Reads the resource {@code dev/doppel/openapi/<name>.yaml} of the dialect's module. */
  static OpenApi of(String dialect) {
    var resource = "/dev/doppel/openapi/" + dialect + ".yaml";
    try (var in = OpenApi.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new AssertionError("no " + resource);
      }
      return new OpenApi(new YAMLMapper().readTree(in));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  String version() {
    return document.path("openapi").asText();
  }

  /** Returns each operation as {@code METHOD /path/{parameter} operationId}. */
  Set<String> operations() {
    var lines = new TreeSet<String>();
    document
        .path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        item -> {
                          if (METHODS.contains(item.getKey())) {
                            lines.add(
                                "%s %s %s"
                                    .formatted(
                                        item.getKey().toUpperCase(Locale.ROOT),
                                        path.getKey(),
                                        item.getValue().path("operationId").asText()));
                          }
                        }));
    return lines;
  }

  /** Formats an operation as {@link #operations()} does. */
  static String format(Operation operation) {
    return operation.method() + " " + path(operation) + " " + operation.name();
  }

  private static String path(Operation operation) {
    return operation.path().replaceAll(":([A-Za-z]+)", "{$1}");
  }

  /** Returns how an answer violates the document; empty if it doesn't. */
  List<String> violations(Operation operation, TestServer.Answer answer) {
    var responses =
        document
            .path("paths")
            .path(path(operation))
            .path(operation.method().name().toLowerCase(Locale.ROOT))
            .path("responses");
    var response = resolve(responses.path(Integer.toString(answer.status())));
    if (response.isMissingNode()) {
      return List.of(operation.name() + " does not document status " + answer.status());
    }
    var content = response.path("content");
    if (content.isMissingNode()) {
      return answer.body().isEmpty()
          ? List.of()
          : List.of(operation.name() + " has no body with status " + answer.status());
    }
    var type = answer.headers().getOrDefault("content-type", "").split(";", 2)[0];
    var media = content.path(type);
    if (media.isMissingNode()) {
      return List.of(
          operation.name() + " does not document '" + type + "' with status " + answer.status());
    }
    return type.equals("application/json")
        ? schemaViolations(media.path("schema"), answer.body())
        : List.of();
  }

  private JsonNode resolve(JsonNode node) {
    var reference = node.path("$ref").asText("");
    return reference.isEmpty() ? node : document.at(reference.substring(1));
  }

  private List<String> schemaViolations(JsonNode schema, String body) {
    var whole = (ObjectNode) schema.deepCopy();
    whole.set("components", document.path("components"));
    var violations = new ArrayList<String>();
    try {
      schemas
          .getSchema(whole)
          .validate(JSON.readTree(body))
          .forEach(message -> violations.add(message.toString()));
    } catch (JsonProcessingException e) {
      violations.add("not JSON: " + body);
    }
    return violations;
  }
}
