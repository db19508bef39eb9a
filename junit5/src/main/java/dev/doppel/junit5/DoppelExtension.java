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
 * Gives tests a Doppel of their own, with the memory store and the ready-to-use credentials.
 *
 * <p>All classes of a run that want the same configuration share one gateway, which starts with the
 * first and ends with the run; each class has a realm of it for itself, with an address of its own.
 * Before each test the realm goes back to its first state: users, clock, journal and faults. Tests
 * that run side by side within a class have a realm each, which their parameters give.
 *
 * <p>What every test is to find is said by the configuration's seed, or before each test.
 *
 * <p>For {@code @ExtendWith}, or for {@code @RegisterExtension} on a static field, which then tells
 * what parameters tell, too. Parameters can be a {@link Doppel}, or of it a {@link BaseUrl}, {@link
 * Doppel.Administrator}, {@link SeedBuilder}, {@link Calls}, {@link FaultInjection} or {@link
 * MovableClock}.
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

  public DoppelExtension() {
    this(DoppelConfig.DEFAULT);
  }

  /**
   * With a configuration of its own. Where its store lasts, each class has a gateway for itself,
   * and nothing is reset between tests.
   *
   * @param config its port is passed over; a free one is taken
   */
  public DoppelExtension(DoppelConfig config) {
    this.config = config.toBuilder().port(0).build();
  }

  // ---- what a test in a class with a static extension asks for

  /** The Doppel of the test that runs on this thread, or of its class before there is one. */
  public Doppel doppel() {
    var known = current.get();
    if (known == null) {
      throw new IllegalStateException(
          "no test of this extension runs on this thread; take a Doppel as a parameter");
    }
    return known;
  }

  /** As {@link Doppel#uri}. */
  public URI uri() {
    return doppel().uri();
  }

  /** As {@link Doppel#administrator}. */
  public Doppel.Administrator administrator() {
    return doppel().administrator();
  }

  /** As {@link Doppel#seed()}. */
  public SeedBuilder seed() {
    return doppel().seed();
  }

  /** As {@link Doppel#calls()}. */
  public Calls calls() {
    return doppel().calls();
  }

  /** As {@link Doppel#calls(VendorOperation)}. */
  public Calls calls(VendorOperation operation) {
    return doppel().calls(operation);
  }

  /** As {@link Doppel#faults}. */
  public FaultInjection faults() {
    return doppel().faults();
  }

  /** As {@link Doppel#clock}. */
  public MovableClock clock() {
    return doppel().clock();
  }

  // ---- what JUnit asks for

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

  /** Of the test where it runs beside others of its class, else of the class. */
  private Doppel doppel(ExtensionContext context) {
    return running(isBesideOthers(context) ? context : outermost(context), this::open).doppel();
  }

  private static boolean isBesideOthers(ExtensionContext context) {
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
            List.of(config, context.getUniqueId()), // stores look into those above them, too
            wanted -> new Running(start.apply(context)),
            Running.class);
  }

  /** The context of the class that holds the test, also from a nested class: it ends last. */
  private static ExtensionContext outermost(ExtensionContext context) {
    var parent = context.getParent();
    return parent.isPresent() && parent.get().getTestClass().isPresent()
        ? outermost(parent.get())
        : context;
  }

  /** Closed by JUnit together with the store that holds it. */
  @SuppressWarnings("deprecation") // the interface that JUnit 5.10 knows
  private record Running(Doppel doppel)
      implements ExtensionContext.Store.CloseableResource, AutoCloseable {
    @Override
    public void close() {
      doppel.close();
    }
  }
}
