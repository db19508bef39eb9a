package dev.doppel.integration;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/**
 * Runs the seeds of the coverage-guided fuzzer ({@code benchmark/fuzz}), and the inputs that it has
 * found, in {@code src/test/resources/fuzz}.
 */
class FuzzCorpusTest {

  @Test
  void requests_getOwnDialectsResponses() throws Exception {
    HttpFuzz.fuzzerInitialize();
    try {
      FuzzSeeds.http(HttpFuzz.dialects()).forEach(HttpFuzz::fuzzerTestOneInput);
      forEachFound("http", HttpFuzz::fuzzerTestOneInput);
    } finally {
      HttpFuzz.fuzzerTearDown();
    }
  }

  @Test
  void grpcCalls_getMilvusResponses() throws Exception {
    GrpcFuzz.fuzzerInitialize();
    try {
      FuzzSeeds.grpc().forEach(GrpcFuzz::fuzzerTestOneInput);
      forEachFound("grpc", GrpcFuzz::fuzzerTestOneInput);
    } finally {
      GrpcFuzz.fuzzerTearDown();
    }
  }

  private static void forEachFound(String kind, Consumer<byte[]> target)
      throws IOException, URISyntaxException {
    var folder = Objects.requireNonNull(FuzzCorpusTest.class.getResource("/fuzz/" + kind));
    try (var files = Files.list(Path.of(folder.toURI()))) {
      for (var file : files.sorted().toList()) {
        try {
          target.accept(Files.readAllBytes(file));
        } catch (AssertionError strange) {
          throw new AssertionError(file.getFileName().toString(), strange);
        }
      }
    }
  }
}
