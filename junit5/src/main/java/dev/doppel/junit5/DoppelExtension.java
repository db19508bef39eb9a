package dev.doppel.junit5;

import dev.doppel.Calls;
import dev.doppel.ConnectOptions;
import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.FaultInjection;
import dev.doppel.Mails;
import dev.doppel.MovableClock;
import dev.doppel.RealmOptions;
import dev.doppel.SeedBuilder;
import dev.doppel.dialect.VendorOperation;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionConfigurationException;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.extension.TestInstanceFactoryContext;
import org.junit.jupiter.api.extension.TestInstancePreConstructCallback;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs Doppel for tests, by default with the memory store and the ready-to-use credentials.
 *
 * <p>All test classes of a run with the same configuration share one gateway, which starts with the
 * first class and closes at the end of the run. Each class has its own realm, with its own address
 * and what {@link DoppelTest} states. Before each test, the realm's users, clock, journal and
 * faults are reset. Tests that run concurrently within a class have a realm each; they take it as a
 * parameter.
 *
 * <p>Use it with {@link DoppelTest}, which can name a seed; with {@code @ExtendWith}; or with
 * {@code @RegisterExtension} on a static field, which has the same accessors as the parameters:
 *
 * <pre>{@code
 * class UsersTest {
 *   @RegisterExtension
 *   static final DoppelExtension doppel =
 *       new DoppelExtension(
 *           DoppelConfig.DEFAULT.toBuilder()
 *               .fidelity(InfluxVendor.INSTANCE, Fidelity.OBSERVED)
 *               .build());
 *
 *   @Test
 *   void noCall_isMade() {
 *     doppel.calls().never();
 *   }
 * }
 * }</pre>
 *
 * <p>A parameter can be a {@link Doppel}, {@link BaseUrl}, {@link Doppel.Administrator}, {@link
 * SeedBuilder}, {@link Calls}, {@link FaultInjection} or {@link MovableClock}.
 *
 * <p>With the configuration parameter {@value #URL}, as in {@code
 * -Ddoppel.url=http://127.0.0.1:8080}, the realms are opened in a running Doppel, see {@link
 * Doppel#connect(URI)}, with its configuration; a class can bring what {@link DoppelTest} states,
 * but no other configuration. If its control plane needs a token, it is the configuration parameter
 * {@value #CONTROL_TOKEN}.
 */
public final class DoppelExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        TestInstancePreConstructCallback,
        ParameterResolver {

  /** Configuration parameter of JUnit with the URL of a running Doppel. */
  public static final String URL = "doppel.url";

  /** Configuration parameter of JUnit with the token of a running Doppel's control plane. */
  public static final String CONTROL_TOKEN = "doppel.control-token";

  private static final Namespace NAMESPACE = Namespace.create(DoppelExtension.class);

  private static final Map<Class<?>, Function<Doppel, Object>> PARTS =
      Map.of(
          Doppel.class, doppel -> doppel,
          Doppel.Administrator.class, Doppel::administrator,
          SeedBuilder.class, Doppel::seed,
          Calls.class, Doppel::calls,
          FaultInjection.class, Doppel::faults,
          MovableClock.class, Doppel::clock);

  private final DoppelConfig given;

  @SuppressWarnings("ThreadLocalUsage") // a class may have two extensions
  private final ThreadLocal<@Nullable Doppel> current = new ThreadLocal<>();

  /** Creates an extension with the configuration of {@link DoppelTest}, or else the default one. */
  public DoppelExtension() {
    this(DoppelConfig.DEFAULT);
  }

  /**
   * Creates an extension with a configuration. If its store is persistent, each class has its own
   * gateway, and nothing is reset between tests.
   *
   * @param config the configuration; its port is ignored, and a free one is used
   */
  public DoppelExtension(DoppelConfig config) {
    given = config.toBuilder().port(0).build();
  }

  // ---- accessors for tests with a static extension

  /**
   * Returns the Doppel of the test that runs on this thread, or of its class before its tests.
   *
   * @throws IllegalStateException if no test with this extension runs on this thread
   */
  public Doppel doppel() {
    var doppel = current.get();
    if (doppel == null) {
      throw new IllegalStateException(
          "no test of this extension runs on this thread; take a Doppel as a parameter");
    }
    return doppel;
  }

  /** Returns the base URL, as {@link Doppel#uri}. */
  public URI uri() {
    return doppel().uri();
  }

  /** Returns the administrator's credentials, as {@link Doppel#administrator}. */
  public Doppel.Administrator administrator() {
    return doppel().administrator();
  }

  /** Returns a builder for users, as {@link Doppel#seed()}. */
  public SeedBuilder seed() {
    return doppel().seed();
  }

  /** Returns the mails that the products would have sent, as {@link Doppel#mails()}. */
  public Mails mails() {
    return doppel().mails();
  }

  /** Returns the code with which a user completes a sign-in, as {@link Doppel#twoFactorCode}. */
  public String twoFactorCode(String userName) {
    return doppel().twoFactorCode(userName);
  }

  /** Returns the recorded calls, as {@link Doppel#calls()}. */
  public Calls calls() {
    return doppel().calls();
  }

  /** Returns the recorded calls of an operation, as {@link Doppel#calls(VendorOperation)}. */
  public Calls calls(VendorOperation operation) {
    return doppel().calls(operation);
  }

  /** Returns the faults to inject, as {@link Doppel#faults}. */
  public FaultInjection faults() {
    return doppel().faults();
  }

  /** Returns the clock, as {@link Doppel#clock}. */
  public MovableClock clock() {
    return doppel().clock();
  }

  // ---- JUnit callbacks

  @Override
  public void beforeAll(ExtensionContext context) {
    current.set(doppel(context));
  }

  /** With one instance for all tests of a class, this is called before {@link #beforeAll}. */
  @Override
  public void preConstructTestInstance(
      TestInstanceFactoryContext factory, ExtensionContext context) {
    current.set(doppel(context));
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    var doppel = doppel(context);
    current.set(doppel);
    if (isRemote(context) || !given.store().isPersistent()) {
      doppel.reset();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    current.set(doppel(owner(context)));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    var parent = context.getParent().filter(outer -> outer.getTestClass().isPresent());
    if (parent.isPresent()) {
      current.set(doppel(owner(parent.get())));
    } else {
      current.remove();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    var type = parameter.getParameter().getType();
    return parameter.isAnnotated(BaseUrl.class)
        ? type == URI.class || type == String.class
        : PARTS.containsKey(type);
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    var doppel = doppel(context);
    var type = parameter.getParameter().getType();
    if (parameter.isAnnotated(BaseUrl.class)) {
      return type == URI.class ? doppel.uri() : doppel.uri().toString();
    }
    return Optional.ofNullable(PARTS.get(type)).orElseThrow().apply(doppel);
  }

  /** Returns the Doppel of the test if it runs concurrently, or else of its class. */
  private Doppel doppel(ExtensionContext context) {
    return running(isConcurrent(context) ? context : owner(context), config(context), this::open)
        .doppel();
  }

  private static boolean isConcurrent(ExtensionContext context) {
    return context.getTestMethod().isPresent()
        && context.getExecutionMode() == ExecutionMode.CONCURRENT;
  }

  private DoppelConfig config(ExtensionContext context) {
    var owner = owner(context);
    return owner
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            List.of("config", given, owner.getUniqueId()), // a store also looks into its parents
            key -> AnnotatedConfig.of(owner.getRequiredTestClass(), given),
            DoppelConfig.class);
  }

  private static boolean isRemote(ExtensionContext context) {
    return context.getConfigurationParameter(URL).isPresent();
  }

  private Doppel open(ExtensionContext context, DoppelConfig config) {
    if (isRemote(context)) {
      return openRemote(context);
    }
    return config.store().isPersistent()
        ? Doppel.start(config)
        : running(context.getRoot(), given, (root, shared) -> Doppel.start(shared))
            .doppel()
            .openRealm(options(context, RealmOptions.DEFAULT));
  }

  private Doppel openRemote(ExtensionContext context) {
    return running(
            context.getRoot(),
            DoppelConfig.DEFAULT, // one connection for all classes
            (root, none) -> connect(root))
        .doppel()
        .openRealm(remoteOptions(context));
  }

  /** Returns what the realm of a class has of its own, as its annotation states. */
  private static RealmOptions options(ExtensionContext context, RealmOptions defaults) {
    return AnnotatedConfig.options(owner(context).getRequiredTestClass(), defaults);
  }

  /**
   * Returns what the realm of a class has of its own in a running Doppel: a seed of the given
   * configuration, and what its annotation states.
   */
  private RealmOptions remoteOptions(ExtensionContext context) {
    var allowed = DoppelConfig.DEFAULT.toBuilder().port(0);
    given.seed().ifPresent(allowed::seed);
    if (!given.equals(allowed.build())) {
      throw new ExtensionConfigurationException(
          URL
              + ": a running Doppel has a configuration of its own; use @DoppelTest, or only a seed");
    }
    return options(
        context, given.seed().map(RealmOptions.DEFAULT::withSeed).orElse(RealmOptions.DEFAULT));
  }

  private static URI url(ExtensionContext context) {
    try {
      return new URI(context.getConfigurationParameter(URL).orElseThrow());
    } catch (
        URISyntaxException wrong) { // Its message has the whole text, in which credentials may be.
      throw new ExtensionConfigurationException(
          "%s: not a URL such as http://127.0.0.1:8080: %s".formatted(URL, wrong.getReason()));
    }
  }

  private static Doppel connect(ExtensionContext context) {
    var url = url(context);
    try {
      return Doppel.connect(
          url,
          context
              .getConfigurationParameter(CONTROL_TOKEN)
              .map(ConnectOptions.DEFAULT::withControlToken)
              .orElse(ConnectOptions.DEFAULT));
    } catch (IllegalArgumentException | IllegalStateException wrong) {
      throw new ExtensionConfigurationException(URL + ": " + wrong.getMessage(), wrong);
    }
  }

  private static Running running(
      ExtensionContext context,
      DoppelConfig config,
      BiFunction<ExtensionContext, DoppelConfig, Doppel> start) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            List.of(config, context.getUniqueId()), // a store also looks into its parents
            key -> new Running(start.apply(context, config)),
            Running.class);
  }

  /**
   * Returns the context of the class whose realm is used: the next one with an annotation, or the
   * top-level class, which ends after its nested classes.
   */
  private static ExtensionContext owner(ExtensionContext context) {
    var parent = context.getParent().filter(outer -> outer.getTestClass().isPresent());
    var annotated =
        context.getTestMethod().isEmpty()
            && context.getTestClass().filter(AnnotatedConfig::isPresent).isPresent();
    return annotated || parent.isEmpty() ? context : owner(parent.get());
  }

  /** A resource that JUnit closes together with the store that contains it. */
  @SuppressWarnings("deprecation") // JUnit 5.10 supports only this interface
  private record Running(Doppel doppel)
      implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      doppel.close();
    }
  }
}
