package dev.doppel.junit5;

import dev.doppel.Calls;
import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.FaultInjection;
import dev.doppel.MovableClock;
import dev.doppel.SeedBuilder;
import dev.doppel.dialect.VendorOperation;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Runs Doppel for tests, by default with the memory store and the ready-to-use credentials.
 *
 * <p>All test classes of a run with the same configuration share one gateway, which starts with the
 * first class and closes at the end of the run. Each class has its own realm, with its own address.
 * Before each test, the realm's users, clock, journal and faults are reset. Tests that run
 * concurrently within a class have a realm each; they take it as a parameter.
 *
 * <p>To provide users to every test, set a seed in the configuration, or create them in a
 * {@code @BeforeEach} method.
 *
 * <p>Use it with {@code @ExtendWith}, or with {@code @RegisterExtension} on a static field, which
 * has the same accessors as the parameters. A parameter can be a {@link Doppel}, {@link BaseUrl},
 * {@link Doppel.Administrator}, {@link SeedBuilder}, {@link Calls}, {@link FaultInjection} or
 * {@link MovableClock}.
 */
public final class DoppelExtension
    implements BeforeAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        AfterAllCallback,
        ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(DoppelExtension.class);

  private static final Map<Class<?>, Function<Doppel, Object>> PARTS =
      Map.of(
          Doppel.class, doppel -> doppel,
          Doppel.Administrator.class, Doppel::administrator,
          SeedBuilder.class, Doppel::seed,
          Calls.class, Doppel::calls,
          FaultInjection.class, Doppel::faults,
          MovableClock.class, Doppel::clock);

  private final DoppelConfig config;

  @SuppressWarnings("ThreadLocalUsage") // a class may have two extensions
  private final ThreadLocal<@Nullable Doppel> current = new ThreadLocal<>();

  /** Creates an extension with the default configuration. */
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
    this.config = config.toBuilder().port(0).build();
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

  @Override
  public void beforeEach(ExtensionContext context) {
    var doppel = doppel(context);
    current.set(doppel);
    if (!config.store().isPersistent()) {
      doppel.reset();
    }
  }

  @Override
  public void afterEach(ExtensionContext context) {
    current.set(doppel(outermost(context)));
  }

  @Override
  public void afterAll(ExtensionContext context) {
    if (context == outermost(context)) {
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
    return running(isConcurrent(context) ? context : outermost(context), this::open).doppel();
  }

  private static boolean isConcurrent(ExtensionContext context) {
    return context.getTestMethod().isPresent()
        && context.getExecutionMode() == ExecutionMode.CONCURRENT;
  }

  private Doppel open(ExtensionContext context) {
    return config.store().isPersistent()
        ? Doppel.start(config)
        : running(context.getRoot(), root -> Doppel.start(config)).doppel().openRealm();
  }

  private Running running(ExtensionContext context, Function<ExtensionContext, Doppel> start) {
    return context
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            List.of(config, context.getUniqueId()), // a store also looks into its parents
            key -> new Running(start.apply(context)),
            Running.class);
  }

  /** Returns the context of the top-level class, which ends after its nested classes. */
  private static ExtensionContext outermost(ExtensionContext context) {
    var parent = context.getParent();
    return parent.isPresent() && parent.get().getTestClass().isPresent()
        ? outermost(parent.get())
        : context;
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
