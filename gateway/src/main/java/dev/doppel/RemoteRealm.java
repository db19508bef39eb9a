package dev.doppel;

import dev.doppel.ControlClient.RefusedException;
import dev.doppel.Doppel.Administrator;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.control.ControlFaults;
import dev.doppel.gateway.control.ControlPlane;
import dev.doppel.gateway.fault.Faults;
import dev.doppel.gateway.journal.JournalFilter;
import dev.doppel.gateway.journal.JournalJson;
import dev.doppel.gateway.mail.MailFilter;
import dev.doppel.gateway.mail.MailJson;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** A realm of a running Doppel, over its control plane. */
final class RemoteRealm implements RealmAccess {

  private static final System.Logger LOG = System.getLogger(RemoteRealm.class.getName());

  private static final int PAGE = 1000;

  /**
   * The description of a running Doppel.
   *
   * @param base URL of all dialects as Doppel knows it; empty for a realm beside the gateway's own
   * @param dialectUrls URLs of dialects with ports of their own, by name
   * @param ownPort whether the control plane has a port of its own
   */
  private record Info(
      Optional<String> version,
      Optional<String> administrator,
      boolean readyToUse,
      int journal,
      Optional<URI> base,
      Map<String, URI> dialectUrls,
      boolean ownPort) {

    static Info of(JsonObject json) {
      var urls = Optional.ofNullable(json.getJsonObject("urls"));
      var dialectUrls = new LinkedHashMap<String, URI>();
      urls.ifPresent(
          all ->
              all.getJsonObject("dialects")
                  .forEach(
                      one -> dialectUrls.put(one.getKey(), URI.create((String) one.getValue()))));
      return new Info(
          Optional.ofNullable(json.getString("version")),
          Optional.ofNullable(json.getString("administrator")),
          json.getBoolean("readyToUse", false),
          json.getInteger("journal"),
          urls.map(all -> URI.create(all.getString("base"))),
          dialectUrls,
          "control".equals(json.getString("port")));
    }

    /** Returns the same without the addresses of the gateway's own realm. */
    Info ofRealm() {
      return new Info(
          version, administrator, readyToUse, journal, Optional.empty(), Map.of(), ownPort);
    }
  }

  /** The clock of the realm; each reading is a request. */
  private final class RemoteClock extends MovableClock {

    @Override
    public void advance(Duration by) {
      move(new JsonObject().put("advance", by.toString()));
    }

    @Override
    public void set(Instant now) {
      move(new JsonObject().put("set", now.toString()));
    }

    private void move(JsonObject change) {
      try {
        control.post("/clock", change.encode());
      } catch (BadRequestException outOfRange) {
        throw new DateTimeException(outOfRange.line(), outOfRange);
      }
    }

    @Override
    public void reset() {
      control.delete("/clock");
    }

    @Override
    public Instant instant() {
      return Instant.parse(control.get("/clock").getString("now"));
    }
  }

  private final ControlClient control;
  private final ConnectOptions options;
  private final Info info;
  private final URI uri;

  /** The realm that was connected to, which opens others; this one if it is. */
  private final RemoteRealm root;

  /** Name of a realm that was opened by this client; empty for others. */
  private final Optional<String> name;

  private final MovableClock clock = new RemoteClock();

  /** The realms that were opened by this one and aren't closed. */
  private final Set<RemoteRealm> open = ConcurrentHashMap.newKeySet();

  /** Creates a realm that is connected to. */
  private RemoteRealm(ControlClient control, ConnectOptions options, Info info, URI uri) {
    this.control = control;
    this.options = options;
    this.info = info;
    this.uri = uri;
    root = this;
    name = Optional.empty();
  }

  /** Creates a realm that another one has opened. */
  private RemoteRealm(RemoteRealm root, String name, ControlClient control, Info info, URI uri) {
    this.control = control;
    this.options = root.options;
    this.info = info.ofRealm();
    this.uri = uri;
    this.root = root;
    this.name = Optional.of(name);
  }

  /**
   * Connects to a running Doppel.
   *
   * @param given URL of its dialects or its control plane
   * @throws IllegalArgumentException if it isn't an HTTP URL
   * @throws IllegalStateException if no Doppel is there, or it refuses access
   */
  static RemoteRealm connect(URI given, ConnectOptions options) {
    if (!Set.of("http", "https").contains(String.valueOf(given.getScheme()))
        || given.getHost() == null
        || given.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "'%s' is not allowed; use a URL such as http://127.0.0.1:8080"
              .formatted(StartupException.withoutUserInfo(given.toString())));
    }
    var base = given.toString().replaceFirst("/+$", "").replaceFirst(ControlPlane.PREFIX + "$", "");
    var control = new ControlClient(URI.create(base + ControlPlane.PREFIX), options);
    var info = info(control);
    if (!info.ownPort()) {
      return new RemoteRealm(control, options, info, URI.create(base));
    }
    var uri =
        info.base()
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        given + ": a realm; connect to the gateway, and open a realm there"));
    return new RemoteRealm(control, options, info, reachable(uri, control.base()));
  }

  /** Returns a URL whose host is that of another one if it names all addresses of a machine. */
  private static URI reachable(URI known, URI other) {
    return Set.of("0.0.0.0", "[::]", "[0:0:0:0:0:0:0:0]").contains(known.getHost())
        ? URI.create("%s://%s:%d".formatted(known.getScheme(), other.getHost(), known.getPort()))
        : known;
  }

  private static Info info(ControlClient control) {
    JsonObject json;
    try {
      json = control.get("/info");
    } catch (RefusedException refused) {
      if (refused.status() == 404 && refused.lines().contains("no such path")) {
        throw new IllegalStateException(
            control.base() + ": a Doppel older than this library" + versions(Optional.empty()),
            refused);
      }
      throw refused;
    } catch (BadRequestException unexpected) {
      throw control.notDoppel(400);
    }
    if (!"doppel".equals(json.getValue("product"))) {
      throw control.notDoppel(200);
    }
    Info info;
    try {
      info = Info.of(json);
    } catch (RuntimeException malformed) {
      throw unreadable(control, Optional.ofNullable(json.getString("version")), malformed);
    }
    if (info.version().isPresent()
        && Doppel.version().isPresent()
        && !info.version().equals(Doppel.version())) {
      LOG.log(System.Logger.Level.WARNING, control.base() + versions(info.version()));
    }
    return info;
  }

  private static String versions(Optional<String> other) {
    return " (Doppel %s; this library is %s)"
        .formatted(other.orElse("unknown"), Doppel.version().orElse("not packaged"));
  }

  private static IllegalStateException unreadable(
      ControlClient control, Optional<String> version, RuntimeException cause) {
    return new IllegalStateException(
        control.base() + ": a response of another version of Doppel" + versions(version), cause);
  }

  /** Returns what is read from a response; fails with both versions if it can't be read. */
  private <T> T decode(Supplier<T> reading) {
    try {
      return reading.get();
    } catch (RuntimeException malformed) {
      throw unreadable(control, info.version(), malformed);
    }
  }

  /**
   * Opens a realm. Its addresses are those that Doppel names if this client reaches Doppel's own
   * port; else, as through the mapped port of a container, they are paths on the port that it
   * reaches.
   */
  @Override
  public RemoteRealm openRealm(RealmOptions wanted) {
    if (root != this) {
      return root.openRealm(wanted);
    }
    JsonObject opened;
    try {
      opened = control.post("/realms", encode(wanted).encode());
    } catch (RefusedException refused) {
      throw refused.status() == 404
          ? new IllegalStateException(
              control.base() + ": a realm opens no others; connect to the gateway", refused)
          : refused;
    }
    var realmName = opened.getString("name");
    var prefixed =
        control.base().toString().replaceFirst(ControlPlane.PREFIX + "$", "/~" + realmName);
    var own = URI.create(opened.getJsonObject("urls").getString("port"));
    var control = this.control.at(URI.create(prefixed + ControlPlane.PREFIX));
    try {
      var address = reaches(onSameHost(own)) ? onSameHost(own) : URI.create(prefixed);
      var realm = new RemoteRealm(this, realmName, control, info(control), address);
      open.add(realm);
      return realm;
    } catch (RuntimeException unusable) {
      closeRealm(realmName);
      throw unusable;
    }
  }

  /** Returns whether this client can connect to a port, as it can't through a container's. */
  private boolean reaches(URI own) {
    if (!info.ownPort()
        && info.base().map(known -> known.getPort() != uri.getPort()).orElse(false)) {
      return false;
    }
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(own.getHost(), own.getPort()),
          (int) ControlClient.CONNECT_TIMEOUT.toMillis());
      return true;
    } catch (IOException unreachable) {
      return false;
    }
  }

  private static JsonObject encode(RealmOptions options) {
    var json = new JsonObject();
    options.name().ifPresent(given -> json.put("name", given));
    options.seed().ifPresent(seed -> json.put("seed", new JsonObject(SeedWriter.json(seed))));
    options.dialects().ifPresent(names -> json.put("dialects", new JsonArray(names)));
    if (!options.fidelities().isEmpty()) {
      json.put("fidelity", list(options.fidelities()).toLowerCase(Locale.ROOT));
    }
    if (!options.versions().isEmpty()) {
      json.put("emulate", list(options.versions()));
    }
    options.stores().ifPresent(kind -> json.put("stores", kind.name().toLowerCase(Locale.ROOT)));
    return json;
  }

  /** Returns a list such as {@code influx=2.7,milvus=2.5}. */
  private static String list(Map<String, ?> byDialect) {
    return byDialect.entrySet().stream()
        .map(one -> one.getKey() + "=" + one.getValue())
        .collect(Collectors.joining(","));
  }

  /** Returns a URL of this Doppel with the host by which this client reaches it. */
  private URI onSameHost(URI known) {
    return URI.create(
        "%s://%s:%d".formatted(known.getScheme(), control.base().getHost(), known.getPort()));
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public URI uri(Vendor<?> vendor) {
    return Optional.ofNullable(info.dialectUrls().get(vendor.name()))
        .map(this::onSameHost)
        .orElse(uri);
  }

  @Override
  public URI controlUri() {
    return control.base();
  }

  @Override
  public Administrator administrator() {
    if (options.administrator().isPresent()) {
      return options.administrator().get();
    }
    var name =
        info.administrator()
            .orElseThrow(
                () -> new IllegalStateException("it was started blank, without an administrator"));
    if (!info.readyToUse()) {
      throw new IllegalStateException(
          "it has credentials of its own; connect with ConnectOptions.withAdministrator");
    }
    return Administrator.readyToUse(name);
  }

  @Override
  public void seed(Seed seed) {
    try {
      control.post("/seed", SeedWriter.json(seed));
    } catch (RefusedException refused) {
      throw refused.status() == 409 ? new SeedConflictException(refused.lines()) : refused;
    }
  }

  @Override
  public void reset() {
    try {
      control.post("/reset?confirm=true", "");
    } catch (RefusedException refused) {
      throw refused.status() == 409
          ? new StartupException(StartupException.CONFIGURATION, String.join("; ", refused.lines()))
          : refused;
    }
  }

  @Override
  public MovableClock clock() {
    return clock;
  }

  @Override
  public boolean recordsCalls() {
    return info.journal() > 0;
  }

  @Override
  public List<JournalEntry> calls(JournalFilter filter) {
    var all = new ArrayList<JournalEntry>();
    Optional<Long> after = Optional.of(0L);
    while (after.isPresent()) {
      var query = query(filter) + "limit=" + PAGE + "&after=" + after.get();
      var page = control.get("/requests?" + query);
      after =
          decode(
              () -> {
                page.getJsonArray("requests")
                    .forEach(call -> all.add(JournalJson.decode((JsonObject) call)));
                return Optional.ofNullable(page.getLong("next"));
              });
    }
    return all;
  }

  @Override
  public long countCalls(JournalFilter filter) {
    return control.get("/requests/count?" + query(filter)).getLong("count");
  }

  @Override
  public List<MailEntry> mails(MailFilter filter) {
    var all = new ArrayList<MailEntry>();
    Optional<Long> after = Optional.of(0L);
    while (after.isPresent()) {
      var query = encode(filter.conditions()) + "limit=" + PAGE + "&after=" + after.get();
      var page = control.get("/mails?" + query);
      after =
          decode(
              () -> {
                page.getJsonArray("mails")
                    .forEach(mail -> all.add(MailJson.decode((JsonObject) mail)));
                return Optional.ofNullable(page.getLong("next"));
              });
    }
    return all;
  }

  @Override
  public void clearMails() {
    control.delete("/mails");
  }

  @Override
  public String twoFactorCode(String userName) {
    try {
      return control
          .get("/two-factor-code?user=" + URLEncoder.encode(userName, StandardCharsets.UTF_8))
          .getString("code");
    } catch (RefusedException refused) {
      throw refused.status() == 404 ? RealmAccess.newNoCodeException(userName) : refused;
    }
  }

  /** Returns the query of a filter, each parameter followed by an ampersand. */
  private static String query(JournalFilter filter) {
    var scope = filter.scope();
    var all = new LinkedHashMap<String, String>();
    scope.dialect().ifPresent(name -> all.put("dialect", name));
    scope.operation().ifPresent(name -> all.put("operation", name));
    scope.user().ifPresent(name -> all.put("user", name));
    scope.path().ifPresent(pattern -> all.put("path", pattern));
    filter.status().ifPresent(status -> all.put("status", status));
    filter.since().ifPresent(since -> all.put("since", since.toString()));
    filter.deviates().ifPresent(wanted -> all.put("deviates", wanted.toString()));
    return encode(all);
  }

  private static String encode(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(one -> one.getKey() + "=" + URLEncoder.encode(one.getValue(), StandardCharsets.UTF_8))
        .map(parameter -> parameter + "&")
        .collect(Collectors.joining());
  }

  @Override
  public Faults.Status planFault(PlannedFault fault) {
    var planned = control.post("/faults", ControlFaults.encode(fault).encode());
    return decode(() -> ControlFaults.decode(planned));
  }

  @Override
  public List<Faults.Status> faults() {
    var all = control.get("/faults").getJsonArray("faults");
    return decode(() -> all.stream().map(one -> ControlFaults.decode((JsonObject) one)).toList());
  }

  @Override
  public Optional<Faults.Status> findFault(long id) {
    return found(() -> control.get("/faults/" + id));
  }

  @Override
  public Optional<Faults.Status> removeFault(long id) {
    return found(() -> control.delete("/faults/" + id).getJsonObject("fault"));
  }

  private Optional<Faults.Status> found(Supplier<JsonObject> request) {
    try {
      var fault = request.get();
      return Optional.of(decode(() -> ControlFaults.decode(fault)));
    } catch (RefusedException refused) {
      if (refused.status() == 404) {
        return Optional.empty();
      }
      throw refused;
    }
  }

  @Override
  public void clearFaults() {
    control.delete("/faults");
  }

  @Override
  public void close() {
    Optional<RuntimeException> failure = Optional.empty();
    for (var realm : open) {
      try {
        realm.close();
      } catch (RuntimeException thrown) { // The others are closed nevertheless.
        failure.ifPresent(thrown::addSuppressed);
        failure = Optional.of(thrown);
      }
    }
    if (name.isPresent() && root.open.contains(this)) {
      root.closeRealm(name.get());
      root.open.remove(this);
    }
    failure.ifPresent(
        thrown -> {
          throw thrown;
        });
  }

  private void closeRealm(String opened) {
    try {
      control.delete("/realms/" + opened);
    } catch (RefusedException refused) {
      if (refused.status() != 404) { // closed by others
        throw refused;
      }
    }
  }
}
