package dev.doppel.integration;

import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor.JavaType;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import dev.doppel.milvus.grpc.HealthCheckRequest;
import dev.doppel.milvus.grpc.HealthCheckResponse;
import dev.doppel.milvus.grpc.MilvusProto;
import dev.doppel.testkit.Await;
import dev.doppel.testkit.GrpcClient;
import dev.doppel.testkit.GrpcClient.Answer;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;

/** A gRPC client of all Milvus operations, by name. */
final class MilvusCalls implements AutoCloseable {

  /**
   * A call.
   *
   * @param path service and method
   */
  record Method(String path, Descriptor asked, Descriptor answered) {}

  static final Map<String, Method> METHODS = methods();

  private final Vertx vertx = Vertx.vertx();
  private final GrpcClient client;

  MilvusCalls(URI gateway) {
    client = new GrpcClient(vertx, gateway.getPort());
  }

  private static Map<String, Method> methods() {
    var methods = new LinkedHashMap<String, Method>();
    var service = MilvusProto.getDescriptor().findServiceByName("MilvusService");
    for (var method : service.getMethods()) {
      var path = "/" + service.getFullName() + "/" + method.getName();
      methods.put(
          method.getName(), new Method(path, method.getInputType(), method.getOutputType()));
    }
    methods.put(
        "Check",
        new Method(
            "/grpc.health.v1.Health/Check",
            HealthCheckRequest.getDescriptor(),
            HealthCheckResponse.getDescriptor()));
    return methods;
  }

  static Set<String> names() {
    return METHODS.keySet();
  }

  /**
   * Calls an operation with a message whose text fields are all set.
   *
   * @param text returns the text for a message and its field, whose names are separated by a dot
   */
  Answer call(String name, UnaryOperator<String> text, Map<String, String> metadata) {
    var method = Objects.requireNonNull(METHODS.get(name));
    return client.call(method.path(), filled(method.asked(), text).toByteArray(), metadata);
  }

  static Message filled(Descriptor type, UnaryOperator<String> text) {
    var message = DynamicMessage.newBuilder(type);
    for (var field : type.getFields()) {
      if (field.getJavaType() == JavaType.MESSAGE) {
        set(message, field, filled(field.getMessageType(), text));
      } else if (field.getJavaType() == JavaType.STRING) {
        set(message, field, text.apply(type.getName() + "." + field.getName()));
      }
    }
    return message.build();
  }

  private static void set(DynamicMessage.Builder message, FieldDescriptor field, Object value) {
    if (field.isMapField()) {
      return;
    }
    if (field.isRepeated()) {
      message.addRepeatedField(field, value);
    } else {
      message.setField(field, value);
    }
  }

  /** Formats a response: gRPC's status, and Milvus's own code if there is one. */
  static String shown(String name, Answer answer) {
    if (!answer.status().equals("0")) {
      return answer.status();
    }
    var type = Objects.requireNonNull(METHODS.get(name)).answered();
    Message message = answer.message(bytes -> DynamicMessage.parseFrom(type, bytes));
    var status = type.findFieldByName("status");
    if (status != null && status.getJavaType() == JavaType.MESSAGE) {
      message = (Message) message.getField(status);
    }
    var code = message.getDescriptorForType().findFieldByName("code");
    return code == null ? "0" : "0 " + message.getField(code);
  }

  @Override
  public void close() {
    client.close();
    Await.await(vertx.close());
  }
}
