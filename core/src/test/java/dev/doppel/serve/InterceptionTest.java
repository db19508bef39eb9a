package dev.doppel.serve;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.dialect.CallInfo;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.Difference;
import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Limits;
import dev.doppel.dialect.Proxies;
import dev.doppel.dialect.TransportCall;
import dev.doppel.serve.InjectedFault.Breakage;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Interception around a transport that writes down what happens to its calls. */
class InterceptionTest {

  private record Text(int httpStatus, Optional<Buffer> body, Optional<Reason> reason)
      implements TransportCall.Response {}

  /** A call whose steps are named in {@link #steps}; its subject exists until it is performed. */
  private final class RecordedCall implements TransportCall<Text> {

    private final CountDownLatch finished = new CountDownLatch(1);
    private final Future<String> result;
    private boolean clientIsGone;
    private List<Difference> deviates = List.of();

    RecordedCall(Future<String> result) {
      this.result = result;
    }

    private Text text(int status, String body, Optional<Reason> reason) {
      return new Text(status, Optional.of(Buffer.buffer(body)), reason);
    }

    @Override
    public String dialectName() {
      return "test";
    }

    @Override
    public Fidelity fidelity() {
      return Fidelity.DOCUMENTED;
    }

    @Override
    public Optional<String> operationName() {
      return Optional.of("Operation");
    }

    @Override
    public String method() {
      return "POST";
    }

    @Override
    public String path() {
      return "/path";
    }

    @Override
    public String uri() {
      return "/path?query";
    }

    @Override
    public String address() {
      return "192.0.2.1";
    }

    @Override
    public CallMessage request() {
      return new CallMessage(MultiMap.caseInsensitiveMultiMap(), Buffer.buffer("request"));
    }

    @Override
    public Duration elapsed() {
      return Duration.ZERO;
    }

    @Override
    public Future<Optional<String>> callerName() {
      return Future.succeededFuture(Optional.of("caller"));
    }

    @Override
    public Future<Optional<String>> subjectName() {
      steps.add("subject");
      return Future.succeededFuture(Optional.of("subject"));
    }

    @Override
    public Future<?> authenticate() {
      steps.add("authenticate");
      return Future.succeededFuture();
    }

    @Override
    public Future<Text> perform() {
      steps.add("perform");
      return result.map(body -> text(200, body, Optional.empty()));
    }

    @Override
    public Text refusal(Throwable thrown, boolean injected) {
      var reason = Failure.from(thrown).reason();
      return text(500, reason + (injected ? " injected" : ""), Optional.of(reason));
    }

    @Override
    public boolean begin(Text response) {
      if (clientIsGone) {
        finished.countDown();
      }
      return !clientIsGone;
    }

    @Override
    public List<Difference> deviates() {
      return deviates;
    }

    @Override
    public void addHeader(String name, String value) {
      steps.add(name + ": " + value);
    }

    @Override
    public CallMessage recorded(Text response, Optional<Buffer> sent) {
      return new CallMessage(MultiMap.caseInsensitiveMultiMap(), sent.orElseThrow());
    }

    @Override
    public void send(Text response, Optional<Buffer> sent, boolean closes) {
      steps.add("send " + sent.orElseThrow().length() + (closes ? " and close" : ""));
      finished.countDown();
    }

    @Override
    public void close() {
      steps.add("close");
      finished.countDown();
    }
  }

  private final Vertx vertx = Vertx.vertx();
  private final List<String> steps = Collections.synchronizedList(new ArrayList<>());
  private boolean marks;
  private final List<CompletedCall> completed = Collections.synchronizedList(new ArrayList<>());

  private final CallInterceptor recorder =
      new CallInterceptor() {
        @Override
        public boolean recordsCalls() {
          return true;
        }

        @Override
        public void onCompleted(CompletedCall call) {
          completed.add(call);
        }
      };

  private static CallInterceptor injecting(InjectedFault fault) {
    return new CallInterceptor() {
      @Override
      public boolean hasFaults() {
        return true;
      }

      @Override
      public Future<Optional<InjectedFault>> fault(CallInfo call) {
        return Future.succeededFuture(Optional.of(fault));
      }
    };
  }

  private static InjectedFault fault(Breakage breakage, boolean after) {
    return new InjectedFault(1, Duration.ZERO, Optional.empty(), breakage, after);
  }

  private static InjectedFault fault(Reason reason, boolean after) {
    return new InjectedFault(
        1, Duration.ZERO, Optional.of(Failure.of(reason)), Breakage.NONE, after);
  }

  private RecordedCall served(Future<String> result, CallInterceptor... interceptors)
      throws InterruptedException {
    return served(new RecordedCall(result), interceptors);
  }

  private RecordedCall served(RecordedCall call, CallInterceptor... interceptors)
      throws InterruptedException {
    var limits = new Limits(100, Duration.ofSeconds(5), Duration.ofMillis(50));
    new Interception(vertx, limits, Proxies.NONE, CallInterceptor.of(List.of(interceptors)), marks)
        .serve(call);
    assertThat(call.finished.await(20, SECONDS)).as("finished").isTrue();
    return call;
  }

  @AfterEach
  void close() {
    vertx.close();
  }

  @Test
  void serve_authenticatesThenPerforms() throws InterruptedException {
    served(Future.succeededFuture("body"));
    assertThat(steps).containsExactly("authenticate", "perform", "send 4");
  }

  @Test
  void serve_looksUpSubjectBeforeTheActionIfRecorded() throws InterruptedException {
    served(Future.succeededFuture("body"), recorder);
    assertThat(steps).containsExactly("authenticate", "subject", "perform", "subject", "send 4");
  }

  @Test
  void serve_recordsBeforeSending() throws InterruptedException {
    served(Future.succeededFuture("body"), recorder);
    assertThat(completed)
        .singleElement()
        .satisfies(
            call -> {
              assertThat(call.status()).isEqualTo(200);
              assertThat(call.caller()).contains("caller");
              assertThat(call.subject()).contains("subject");
              assertThat(call.request().body()).hasToString("request");
              assertThat(call.response().body()).hasToString("body");
              assertThat(call.reason()).isEmpty();
              assertThat(call.fault()).isEmpty();
            });
  }

  /** A difference, by the text of its mark. */
  private static Difference difference(String subject) {
    return () -> new Difference.Description("test", subject, "", "");
  }

  @Test
  void serve_recordsDeviationsWithoutHeaders() throws InterruptedException {
    var call = new RecordedCall(Future.succeededFuture("body"));
    call.deviates = List.of(difference("one"), difference("other"));
    served(call, recorder);
    assertThat(completed).extracting(CompletedCall::deviates).containsExactly(call.deviates);
    assertThat(steps).containsExactly("authenticate", "subject", "perform", "subject", "send 4");
  }

  @Test
  void serve_marksDeviationsInHeadersIfConfigured() throws InterruptedException {
    marks = true;
    var call = new RecordedCall(Future.succeededFuture("body"));
    call.deviates = List.of(difference("one"), difference("other"));
    served(call);
    assertThat(steps)
        .containsExactly(
            "authenticate",
            "perform",
            "Doppel-Deviates: test: one",
            "Doppel-Deviates: test: other",
            "send 4");
  }

  @Test
  void serve_refusesCallThatExceedsItsTime() throws InterruptedException {
    served(Promise.<String>promise().future(), recorder);
    assertThat(completed).extracting(CompletedCall::reason).containsExactly(timedOut());
  }

  private static Optional<Reason> timedOut() {
    return Optional.of(Reason.TIMED_OUT);
  }

  @Test
  void fault_replacesTheCallByAFailure() throws InterruptedException {
    served(Future.succeededFuture("body"), injecting(fault(Reason.UNAVAILABLE, false)), recorder);
    assertThat(steps).containsExactly("subject", "send 20");
    assertThat(completed.get(0).response().body()).hasToString("UNAVAILABLE injected");
    assertThat(completed.get(0).fault()).isPresent();
  }

  @Test
  void fault_failsAfterTheCallIfWanted() throws InterruptedException {
    served(Future.succeededFuture("body"), injecting(fault(Reason.UNAVAILABLE, true)));
    assertThat(steps).containsExactly("authenticate", "perform", "send 20");
  }

  @Test
  void fault_dropsTheConnection() throws InterruptedException {
    served(Future.succeededFuture("body"), injecting(fault(Breakage.DROPPED, true)), recorder);
    assertThat(steps).endsWith("close");
    assertThat(completed).extracting(CompletedCall::status).containsExactly(0);
  }

  @Test
  void fault_sendsHalfThenCloses() throws InterruptedException {
    served(Future.succeededFuture("body"), injecting(fault(Breakage.TRUNCATED, true)));
    assertThat(steps).endsWith("send 2 and close");
  }

  @Test
  void fault_sendsGarbageOfTheSameLength() throws InterruptedException {
    served(Future.succeededFuture("body"), injecting(fault(Breakage.GARBAGE, true)), recorder);
    assertThat(steps).endsWith("send 4");
    assertThat(completed.get(0).response().body().toString()).isNotEqualTo("body");
  }

  @Test
  void fault_isDelayed() throws InterruptedException {
    var delayed =
        new InjectedFault(1, Duration.ofMillis(30), Optional.empty(), Breakage.NONE, false);
    var began = System.nanoTime();
    served(Future.succeededFuture("body"), injecting(delayed));
    assertThat(System.nanoTime() - began).isGreaterThanOrEqualTo(30_000_000L);
    assertThat(steps).endsWith("send 4");
  }

  @Test
  void of_takesTheFirstFault() throws InterruptedException {
    served(
        Future.succeededFuture("body"),
        recorder,
        injecting(fault(Reason.OVERLOADED, false)),
        injecting(fault(Reason.UNAVAILABLE, false)));
    assertThat(completed.get(0).response().body()).hasToString("OVERLOADED injected");
  }

  @Test
  void send_recordsNoResponseIfTheClientIsGone() throws InterruptedException {
    var call = new RecordedCall(Future.succeededFuture("body"));
    call.clientIsGone = true;
    served(call, recorder);
    assertThat(completed).extracting(CompletedCall::status).containsExactly(0);
  }
}
