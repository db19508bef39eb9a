package dev.doppel.milvus;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.users.Failure.Reason;
import dev.doppel.wire.go.GoJson;
import io.vertx.core.Future;
import java.time.Clock;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The operations on the server itself, its clock, resource groups and components (2.6.19:
 * internal/proxy/impl.go, internal/querycoordv2/services.go, pkg/util/metricsinfo). It runs on one
 * node, about whose hardware it says nothing. Thread-safe.
 */
final class MilvusServerInfo {

  /** The id of the one node. */
  static final long NODE = 1;

  /** The role of the component that clients talk to. */
  static final String PROXY = "proxy";

  static final String DEFAULT_RESOURCE_GROUP = "__default_resource_group";

  /** The nodes that the default resource group can have. */
  static final int CAPACITY = 1_000_000;

  /** The bits of a timestamp that count within a millisecond. */
  private static final int LOGICAL_BITS = 18;

  private static final List<String> COMPONENTS =
      List.of(PROXY, "rootcoord", "querycoord", "datacoord", "querynode", "datanode");

  private static final ObjectMapper JSON = GoJson.compact();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSS '+0000 UTC'")
          .withZone(ZoneOffset.UTC);

  private final MilvusAccess access;
  private final Clock clock;
  private final AtomicLong last = new AtomicLong();

  MilvusServerInfo(MilvusAccess access, Clock clock) {
    this.access = access;
    this.clock = clock;
  }

  /**
   * Returns a timestamp greater than all before it: milliseconds, and {@value #LOGICAL_BITS} bits
   * of a counter.
   */
  long allocateTimestamp() {
    var now = clock.millis() << LOGICAL_BITS;
    return last.updateAndGet(previous -> Math.max(previous + 1, now));
  }

  // ---- resource groups

  /** Returns the names of all resource groups. */
  Future<List<String>> resourceGroups(MilvusCaller caller) {
    return access
        .require(caller, MilvusPrivilege.LIST_RESOURCE_GROUPS)
        .map(List.of(DEFAULT_RESOURCE_GROUP));
  }

  /** Fails unless it is the default resource group. */
  Future<Void> requireResourceGroup(MilvusCaller caller, String name) {
    return access
        .require(caller, MilvusPrivilege.DESCRIBE_RESOURCE_GROUP)
        .compose(
            may ->
                name.equals(DEFAULT_RESOURCE_GROUP)
                    ? Future.succeededFuture()
                    : Future.failedFuture(
                        MilvusError.proxy(300, "resource group not found[rg=%s]")
                            .newException(Reason.INVALID_VALUE, name)));
  }

  // ---- metrics

  private record Hardware(
      String ip,
      @JsonProperty("cpu_core_count") int cpuCoreCount,
      @JsonProperty("cpu_core_usage") int cpuCoreUsage,
      long memory,
      @JsonProperty("memory_usage") long memoryUsage,
      long disk,
      @JsonProperty("disk_usage") long diskUsage) {

    static final Hardware UNKNOWN = new Hardware("", 0, 0, 0, 0, 0, 0);
  }

  private record Build(
      @JsonProperty("system_version") String systemVersion,
      @JsonProperty("deploy_mode") String deployMode,
      @JsonProperty("build_version") String buildVersion,
      @JsonProperty("build_time") String buildTime,
      @JsonProperty("used_go_version") String usedGoVersion) {}

  private record Component(
      @JsonProperty("has_error") boolean hasError,
      @JsonProperty("error_reason") String errorReason,
      String name,
      @JsonProperty("hardware_infos") Hardware hardware,
      @JsonProperty("system_info") Build build,
      @JsonProperty("created_time") String createdTime,
      @JsonProperty("updated_time") String updatedTime,
      String type,
      long id) {}

  private record Node(int identifier, List<String> connected, Component infos) {}

  private record Topology(@JsonProperty("nodes_info") List<Node> nodes) {}

  /**
   * Returns the metrics of a request, in JSON.
   *
   * @param request JSON, whose member {@code metric_type} names what is wanted
   * @param version of the server, in its own form
   */
  String metrics(String request, String version) {
    var wanted = metricType(request);
    if (wanted.isEmpty()) {
      throw MilvusError.proxy(
              MilvusErrors.UNEXPECTED, "metric_type or req_type not found in request")
          .newException(Reason.INVALID_VALUE);
    }
    if (!wanted.equals("system_info")) {
      throw MilvusError.proxy(1200, "metric not found[metric=%s]")
          .newException(Reason.INVALID_VALUE, wanted);
    }
    var nodes =
        IntStream.range(0, COMPONENTS.size())
            .mapToObj(i -> new Node(i + 1, List.of(), component(COMPONENTS.get(i), version)))
            .toList();
    try {
      return JSON.writeValueAsString(new Topology(nodes));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a topology that isn't JSON", e);
    }
  }

  private static String metricType(String request) {
    try {
      var json = JSON.readTree(request);
      return Stream.of("req_type", "metric_type")
          .map(json::path)
          .filter(member -> !member.isMissingNode())
          .map(JsonNode::asText)
          .findFirst()
          .orElse("");
    } catch (JsonProcessingException malformed) {
      return "";
    }
  }

  private Component component(String type, String version) {
    var now = TIME.format(clock.instant());
    return new Component(
        false,
        "",
        type + NODE,
        Hardware.UNKNOWN,
        new Build("", "STANDALONE", version, "", ""),
        now,
        now,
        type,
        NODE);
  }
}
