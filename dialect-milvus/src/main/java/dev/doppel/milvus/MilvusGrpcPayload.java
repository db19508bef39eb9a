package dev.doppel.milvus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.doppel.milvus.MilvusGrpcCall.Denied;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * What the message of a call is read from, and how the server says that it can't be (grpc-go 1.65:
 * rpc_util.go, server.go; its texts are gRPC's, not Milvus's). Read here and not by vertx-grpc,
 * which sets no limit to what a compressed message grows to, and says nothing of one it can't read.
 */
final class MilvusGrpcPayload {

  /** Stands for the encoding of a call that names none, which a message may not be encoded by. */
  static final String NO_ENCODING = "none";

  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";

  private MilvusGrpcPayload() {}

  /**
   * Reads one message.
   *
   * @param limit longest message, in bytes, before and after it is decompressed
   * @throws Denied if it isn't one
   */
  static <Q> Q read(GrpcMessage message, Parser<Q> parser, long limit) {
    try {
      return parser.parseFrom(decoded(message, limit));
    } catch (InvalidProtocolBufferException e) {
      var text = String.valueOf(e.getMessage());
      throw internal(
          "error unmarshalling request: "
              + (text.contains("UTF-8")
                  ? "string field contains invalid UTF-8"
                  : "proto: cannot parse invalid wire-format data"));
    }
  }

  private static byte[] decoded(GrpcMessage message, long limit) {
    var payload = message.payload().getBytes();
    return switch (message.encoding()) {
      case IDENTITY -> payload;
      case GZIP -> unzipped(payload, limit);
      case NO_ENCODING -> throw internal("compressed flag set with identity or empty encoding");
      default ->
          throw new Denied(
              GrpcStatus.UNIMPLEMENTED,
              "grpc: Decompressor is not installed for grpc-encoding \"%s\""
                  .formatted(message.encoding()));
    };
  }

  private static byte[] unzipped(byte[] payload, long limit) {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(payload))) {
      var read = in.readNBytes((int) limit + 1);
      if (read.length > limit) {
        throw tooLarge("message after decompression", read.length, limit);
      }
      return read;
    } catch (EOFException e) {
      throw internal("failed to decompress the received message: unexpected EOF");
    } catch (IOException e) {
      throw internal("failed to decompress the received message: gzip: invalid header");
    }
  }

  /** A message whose prefix says that it is longer than may be. */
  static Denied tooLarge(long length, long limit) {
    return tooLarge("message", length, limit);
  }

  private static Denied tooLarge(String what, long length, long limit) {
    return new Denied(
        GrpcStatus.RESOURCE_EXHAUSTED,
        "grpc: received %s larger than max (%d vs. %d)".formatted(what, length, limit));
  }

  /** A call that ends before its message does. */
  static Denied missing() {
    return new Denied(GrpcStatus.UNKNOWN, "EOF");
  }

  private static Denied internal(String text) {
    return new Denied(GrpcStatus.INTERNAL, "grpc: " + text);
  }
}
