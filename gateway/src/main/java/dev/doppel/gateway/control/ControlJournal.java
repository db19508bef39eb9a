package dev.doppel.gateway.control;

import static dev.doppel.BadRequestException.check;

import dev.doppel.BadRequestException;
import dev.doppel.CallScope;
import dev.doppel.JournalEntry;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Suggestions;
import dev.doppel.gateway.journal.Journal;
import dev.doppel.gateway.journal.JournalFilter;
import dev.doppel.gateway.journal.JournalJson;
import dev.doppel.gateway.realm.HostedRealm;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The operations of the control plane to list, count, delete and follow calls. */
final class ControlJournal implements ControlRoutes {

  private static final int DEFAULT_PAGE = 100;
  private static final int MAX_PAGE = 1000;
  private static final int MAX_STREAMS = 32;
  private static final long HEARTBEAT_MILLIS = 15_000;
  private static final int BATCH_SIZE = 50;
  private static final String LAST_EVENT_ID = "Last-Event-ID";

  private static final Set<String> FILTERS =
      Set.of("dialect", "operation", "status", "path", "user", "since", "deviates");
  private static final Set<String> FILTERS_AND_PAGE =
      Set.of(
          "dialect", "operation", "status", "path", "user", "since", "deviates", "limit", "after");

  private final Vertx vertx;
  private final Journal journal;
  private final List<Dialect> dialects;

  ControlJournal(Vertx vertx, HostedRealm realm) {
    this.vertx = vertx;
    journal = realm.journal();
    dialects = realm.dialects();
  }

  @Override
  public void mount(Router api) {
    api.get("/requests").handler(context -> new ControlCall(context).answer(this::list));
    api.get("/requests/count").handler(context -> new ControlCall(context).answer(this::count));
    api.get("/requests/stream").handler(this::stream);
    api.delete("/requests").handler(context -> new ControlCall(context).answer(this::clear));
  }

  private JournalFilter filter(ControlCall call) {
    if (!journal.recordsCalls()) {
      throw ControlException.conflict("the journal is off (--journal 0)");
    }
    var scope =
        new CallScope(
            call.query("dialect"), call.query("operation"), call.query("user"), call.query("path"));
    ControlFaults.checkScope(dialects, scope);
    var status = call.query("status");
    check(
        status.isEmpty() || status.get().matches("0|[1-5](\\d\\d|xx)"),
        () ->
            "status: "
                + Suggestions.notAllowed(
                    status.get(), "one such as 404, a class such as 4xx, or 0 for no answer"));
    var deviates = call.query("deviates");
    check(
        deviates.isEmpty() || deviates.get().matches("true|false"),
        () -> "deviates: " + Suggestions.notAllowed(deviates.get(), List.of("true", "false")));
    return new JournalFilter(
        scope,
        status,
        call.query("since").map(ControlJournal::instant),
        deviates.map(Boolean::valueOf));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException e) {
      throw new BadRequestException(
          "since: " + Suggestions.notAllowed(text, "a time such as 2026-01-31T12:00:00Z"));
    }
  }

  private Future<JsonObject> list(ControlCall call) {
    call.checkQuery(FILTERS_AND_PAGE);
    var filter = filter(call);
    var limit = call.number("limit", DEFAULT_PAGE, MAX_PAGE);
    var after = call.number("after", 0, Long.MAX_VALUE);
    var found = journal.entries(filter).stream().filter(one -> one.id() > after).toList();
    var shown = found.stream().limit(limit).toList();
    var requests = new JsonArray();
    shown.forEach(entry -> requests.add(JournalJson.encode(entry)));
    var json = new JsonObject().put("requests", requests);
    if (found.size() > shown.size()) {
      json.put("next", shown.isEmpty() ? after : shown.get(shown.size() - 1).id());
    }
    journal.oldest().ifPresent(id -> json.put("oldest", id));
    return Future.succeededFuture(json);
  }

  private Future<JsonObject> count(ControlCall call) {
    call.checkQuery(FILTERS);
    return Future.succeededFuture(new JsonObject().put("count", journal.count(filter(call))));
  }

  private Future<JsonObject> clear(ControlCall call) {
    return Future.succeededFuture(new JsonObject().put("removed", journal.clear()));
  }

  /**
   * Streams server-sent events, one for each call, from now on or after the one that {@code
   * Last-Event-ID} names. A slow client gets them later, and an event with the number of calls that
   * the journal has dropped in the meantime.
   */
  private void stream(RoutingContext context) {
    var call = new ControlCall(context);
    JournalFilter filter;
    long seen;
    try {
      call.checkQuery(FILTERS);
      filter = filter(call);
      seen = seen(context.request().getHeader(LAST_EVENT_ID));
    } catch (BadRequestException | ControlException refused) {
      call.refuse(refused);
      return;
    }
    if (journal.listeners() >= MAX_STREAMS) {
      call.refuse(503, MAX_STREAMS + " streams at most");
      return;
    }
    new Stream(context, filter, seen).start();
  }

  /**
   * Returns the number after which a stream starts. A number that isn't reached yet is from an
   * earlier process and restarts at 0.
   */
  private long seen(@Nullable String lastEvent) {
    if (lastEvent == null) {
      return journal.latest();
    }
    check(
        lastEvent.matches("\\d{1,18}"),
        () -> LAST_EVENT_ID + ": " + Suggestions.notAllowed(lastEvent, "the id of an event"));
    var number = Long.parseLong(lastEvent);
    return number > journal.latest() ? 0 : number;
  }

  /** An open stream. Sends on its own event loop only. */
  private final class Stream {
    private final RoutingContext context;
    private final JournalFilter filter;
    private final Context loop = vertx.getOrCreateContext();
    private final AtomicBoolean ended = new AtomicBoolean();

    /** Whether reading the journal is already scheduled. */
    private final AtomicBoolean scheduled = new AtomicBoolean();

    private long seen;

    Stream(RoutingContext context, JournalFilter filter, long seen) {
      this.context = context;
      this.filter = filter;
      this.seen = seen;
    }

    void start() {
      var response = context.response();
      response
          .setChunked(true)
          .putHeader("Content-Type", "text/event-stream")
          .putHeader("Cache-Control", "no-store");
      var stop = journal.listen(this::wake);
      var timer = vertx.setPeriodic(HEARTBEAT_MILLIS, fired -> write(": still here\n\n"));
      response.closeHandler(closed -> end(stop, timer));
      response.exceptionHandler(broken -> end(stop, timer));
      response.drainHandler(drained -> wake());
      write(seen == journal.latest() ? ": the calls from now on\n\n" : ": the calls since\n\n");
      wake();
    }

    private void end(Runnable stop, long timer) {
      if (ended.compareAndSet(false, true)) {
        stop.run();
        vertx.cancelTimer(timer);
      }
    }

    private void wake() {
      if (scheduled.compareAndSet(false, true)) {
        loop.runOnContext(
            now -> {
              scheduled.set(false);
              sendMore();
            });
      }
    }

    private void sendMore() {
      while (!ended.get() && !context.response().writeQueueFull()) {
        var more = journal.after(seen, BATCH_SIZE);
        if (more.isEmpty()) {
          return;
        }
        more.forEach(this::send);
      }
    }

    private void send(JournalEntry entry) {
      var missed = entry.id() - seen - 1;
      if (missed > 0) {
        write("event: missed\ndata: {\"count\":" + missed + "}\n\n");
      }
      seen = entry.id();
      if (filter.has(entry)) {
        write(
            "id: "
                + entry.id()
                + "\nevent: request\ndata: "
                + JournalJson.encode(entry).encode()
                + "\n\n");
      }
    }

    private void write(String text) {
      var response = context.response();
      if (!ended.get() && !response.closed()) {
        response.write(text);
      }
    }
  }
}
