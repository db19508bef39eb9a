package dev.doppel.milvus;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Parser;
import dev.doppel.dialect.CallServer;
import dev.doppel.users.Deadline;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.grpc.common.GrpcMessage;
import io.vertx.grpc.common.GrpcStatus;
import io.vertx.grpc.common.MessageSizeOverflowException;
import io.vertx.grpc.server.GrpcServerRequest;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/**
 * Reads the messages of calls, with the errors of gRPC's library for Go (grpc-go 1.65: rpc_util.go,
 * server.go). vertx-grpc would not limit the size of a decompressed message, nor report a malformed
 * one.
 */
final class MilvusGrpcPayload {

  /** Stands for the encoding of a call that names none, whose messages must not be compressed. */
  static final String NO_ENCODING = "none";

  private static final String IDENTITY = "identity";
  private static final String GZIP = "gzip";

  private MilvusGrpcPayload() {}

  /**
   * Receives the one message of a call. Fails with {@link MilvusGrpcDeniedException} if there is
   * none, or an invalid one; with {@link java.util.concurrent.TimeoutException}.
   */
  static <Q> Future<Q> receive(
      GrpcServerRequest<?, ?> request, Parser<Q> parser, CallServer server) {
    var limits = server.limits();
    var payload = Promise.<GrpcMessage>promise();
    request.invalidMessageHandler(
        invalid ->
            payload.tryFail(
                invalid instanceof MessageSizeOverflowException overflow
                    ? tooLarge("message", overflow.messageSize(), limits.maxBodyBytes())
                    : invalid));
    request.messageHandler(payload::tryComplete);
    request.endHandler(
        end -> payload.tryFail(new MilvusGrpcDeniedException(GrpcStatus.UNKNOWN, "EOF")));
    return Deadline.within(server.vertx(), limits.bodyTimeout().toMillis(), payload.future())
        .map(message -> read(message, parser, limits.maxBodyBytes()));
  }

  /**
   * Reads one message.
   *
   * @param limit longest message, in bytes, before and after it is decompressed
   * @throws MilvusGrpcDeniedException if the message is invalid
   */
  private static <Q> Q read(GrpcMessage message, Parser<Q> parser, long limit) {
    try {
      return parser.parseFrom(decode(message, limit));
    } catch (InvalidProtocolBufferException e) {
      var text = String.valueOf(e.getMessage());
      throw internal(
          "error unmarshalling request: "
              + (text.contains("UTF-8")
                  ? "string field contains invalid UTF-8"
                  : "proto: cannot parse invalid wire-format data"));
    }
  }

  private static byte[] decode(GrpcMessage message, long limit) {
    var payload = message.payload().getBytes();
    return switch (message.encoding()) {
      case IDENTITY -> payload;
      case GZIP -> unzip(payload, limit);
      case NO_ENCODING -> throw internal("compressed flag set with identity or empty encoding");
      default ->
          throw new MilvusGrpcDeniedException(
              GrpcStatus.UNIMPLEMENTED,
              "grpc: Decompressor is not installed for grpc-encoding \"%s\""
                  .formatted(message.encoding()));
    };
  }

  private static byte[] unzip(byte[] payload, long limit) {
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

  private static MilvusGrpcDeniedException tooLarge(String subject, long length, long limit) {
    return new MilvusGrpcDeniedException(
        GrpcStatus.RESOURCE_EXHAUSTED,
        "grpc: received %s larger than max (%d vs. %d)".formatted(subject, length, limit));
  }

  private static MilvusGrpcDeniedException internal(String text) {
    return new MilvusGrpcDeniedException(GrpcStatus.INTERNAL, "grpc: " + text);
  }
}
