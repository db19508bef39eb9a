package dev.doppel.junit5;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.List;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Complete JUnit runs, as in a user's build. */
final class Runs {

  private Runs() {}

  /**
   * @param parameters configuration parameters, names and values in turn
   */
  private static TestExecutionSummary run(List<Class<?>> classes, String... parameters) {
    var request = LauncherDiscoveryRequestBuilder.request();
    classes.forEach(one -> request.selectors(selectClass(one)));
    for (int i = 0; i < parameters.length; i += 2) {
      request.configurationParameter(parameters[i], parameters[i + 1]);
    }
    var summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request.build(), summary);
    return summary.getSummary();
  }

  /** Runs classes with a test each, which succeed. */
  static void succeed(List<Class<?>> classes, String... parameters) {
    var summary = run(classes, parameters);
    assertThat(summary.getFailures())
        .extracting(TestExecutionSummary.Failure::getException)
        .isEmpty();
    assertThat(summary.getTestsSucceededCount()).isEqualTo(classes.size());
  }

  /** Runs a class, and returns why it fails. */
  static Throwable failure(Class<?> test, String... parameters) {
    var failures = run(List.of(test), parameters).getFailures();
    assertThat(failures).hasSize(1);
    return failures.get(0).getException();
  }
}
