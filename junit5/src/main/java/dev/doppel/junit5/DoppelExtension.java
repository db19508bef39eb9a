package dev.doppel.junit5;

import dev.doppel.gateway.Doppel;
import dev.doppel.gateway.GatewayConfig;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test class a gateway of its own, with the memory store and the ready-to-use credentials.
 * It starts with the first test that needs it, goes back to its first state before every test, and
 * ends with the class. Tests take it as a parameter of type {@link Doppel}.
 *
 * <p>For {@code @ExtendWith}, or for {@code @RegisterExtension} on a static field where the
 * configuration matters. Tests of one class that run side by side share the gateway.
 */
public final class DoppelExtension implements BeforeEachCallback, ParameterResolver {

  private static final Namespace NAMESPACE = Namespace.create(DoppelExtension.class);

  private final GatewayConfig config;

  public DoppelExtension() {
    this(GatewayConfig.DEFAULT);
  }

  /**
   * With a configuration of its own.
   *
   * @param config its port is passed over; a free one is taken
   */
  public DoppelExtension(GatewayConfig config) {
    this.config = config.onPort(0);
  }

  @Override
  public void beforeEach(ExtensionContext context) {
    doppel(context).reset();
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    return parameter.getParameter().getType() == Doppel.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    return doppel(context);
  }

  private Doppel doppel(ExtensionContext context) {
    return outermost(context)
        .getStore(NAMESPACE)
        .getOrComputeIfAbsent(
            Running.class, ignored -> new Running(Doppel.start(config)), Running.class)
        .doppel();
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
  private record Running(Doppel doppel) implements ExtensionContext.Store.CloseableResource {
    @Override
    public void close() {
      doppel.close();
    }
  }
}
