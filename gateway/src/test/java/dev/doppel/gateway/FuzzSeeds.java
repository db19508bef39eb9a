package dev.doppel.gateway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Writes what a fuzzer begins with: {@code http} or {@code grpc}, and the folder to write to. */
final class FuzzSeeds {

  private FuzzSeeds() {}

  public static void main(String[] arguments) throws IOException {
    var folder = Files.createDirectories(Path.of(arguments[1]));
    write(folder, arguments[0].equals("grpc") ? GrpcFuzz.seeds() : http());
  }

  private static List<byte[]> http() {
    HttpFuzz.fuzzerInitialize();
    try {
      return HttpFuzz.seeds();
    } finally {
      HttpFuzz.fuzzerTearDown();
    }
  }

  private static void write(Path folder, List<byte[]> seeds) throws IOException {
    for (int i = 0; i < seeds.size(); i++) {
      Files.write(folder.resolve("seed" + i), seeds.get(i));
    }
  }
}
