package dev.doppel.junit5;

import static dev.doppel.junit5.Influxes.create;
import static org.assertj.core.api.Assertions.assertThat;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import dev.doppel.PlannedFault;
import dev.doppel.dialect.Fidelity;
import dev.doppel.influx.InfluxOperation;
import dev.doppel.users.Failure.Reason;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestInstancePostProcessor;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The annotation, in tests that use it and in whole runs of classes below. */
@Isolated
class DoppelTestTest {

  @DoppelTest(seed = "users.yaml", fidelity = "influx=observed", emulate = "influx=2.7")
  abstract static class Base {}

  @Nested
  class Inherited extends Base {

    /** The second run succeeds only if the first one's user is gone, and the seed's is there. */
    @RepeatedTest(2)
    void seed_isThereBeforeEachTest(Doppel doppel) {
      assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
      assertThat(create(doppel.uri(), "bob")).isEqualTo(201);
      assertThat(doppel.calls(InfluxOperation.POST_USERS).list())
          .extracting(call -> call.fidelity())
          .containsOnly(Fidelity.OBSERVED);
      doppel.faults().inject(PlannedFault.of(Reason.UNAVAILABLE));
    }

    @Nested
    class Deeper {
      @RepeatedTest(2)
      void nestedClass_inheritsAnnotation(Doppel doppel) {
        assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
        assertThat(create(doppel.uri(), "bob")).isEqualTo(201);
      }
    }

    @Nested
    @DoppelTest(seed = "/other-users.yaml")
    class WithItsOwn {
      @RepeatedTest(2)
      void annotationOfNestedClass_applies(Doppel doppel) {
        assertThat(create(doppel.uri(), "zoe")).isEqualTo(422);
        assertThat(create(doppel.uri(), "ann")).isEqualTo(201);
        assertThat(doppel.calls().list())
            .extracting(call -> call.fidelity())
            .containsOnly(Fidelity.DOCUMENTED);
      }
    }
  }

  @Retention(RetentionPolicy.RUNTIME)
  @DoppelTest(seed = "/other-users.yaml")
  @interface WithZoe {}

  @WithZoe
  static class Composed {
    @Test
    void composedAnnotation_applies(Doppel doppel) {
      assertThat(create(doppel.uri(), "zoe")).isEqualTo(422);
    }
  }

  @DoppelTest(seed = "nothing.yaml")
  static class NoFile extends Composed {}

  @DoppelTest(seed = "other-users.yaml")
  static class WrongPlace extends Composed {}

  @DoppelTest(seed = "wrong.yaml")
  static class WrongRows extends Composed {}

  @DoppelTest(seed = "latin1.yaml")
  static class WrongEncoding extends Composed {}

  @DoppelTest(fidelity = "influx=obsrved")
  static class WrongFidelity extends Composed {}

  @DoppelTest(emulate = "influx=2.6")
  static class WrongVersion extends Composed {}

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "NoFile|@DoppelTest(seed = \"nothing.yaml\") of CLASS: not on the class path at"
            + " /dev/doppel/junit5/nothing.yaml",
        "WrongPlace|@DoppelTest(seed = \"other-users.yaml\") of CLASS: not on the class path at"
            + " /dev/doppel/junit5/other-users.yaml; did you mean \"/other-users.yaml\"?",
        "WrongFidelity|@DoppelTest of CLASS: --fidelity 'influx=obsrved': not allowed; use"
            + " documented or observed, for all or as influx=observed; did you mean"
            + " 'influx=observed'?",
        "WrongVersion|@DoppelTest of CLASS: --emulate 'influx=2.6': not allowed; use milvus=2.5,"
            + " milvus=2.6, influx=2.7 or influx=2.9",
      })
  void wrongMember_isNamed(String name, String message) throws ClassNotFoundException {
    var test = Class.forName(DoppelTestTest.class.getName() + "$" + name);
    assertThat(Runs.failure(test)).hasMessage(message.replace("CLASS", test.getName()));
  }

  @Test
  void wrongSeed_namesFileRowMemberAndValue() {
    assertThat(Runs.failure(WrongRows.class))
        .message()
        .startsWith(
            "@DoppelTest(seed = \"wrong.yaml\") of " + WrongRows.class.getName() + ": file:")
        .contains(
            "/dev/doppel/junit5/wrong.yaml\n  users[0].status: 'gone' is not allowed; use active or"
                + " inactive\n  users[1].id: 'xyz' is not allowed; use 16 hexadecimal digits");
    assertThat(Runs.failure(WrongEncoding.class))
        .message()
        .endsWith("/dev/doppel/junit5/latin1.yaml is not in UTF-8");
  }

  private static final List<URI> URIS = new ArrayList<>();

  @DoppelTest(seed = "users.yaml")
  static class First {

    @BeforeAll
    static void ann_isThereBeforeTests(Doppel doppel) {
      assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
    }

    @Test
    void ann_isThere(Doppel doppel) {
      assertThat(create(doppel.uri(), "ann")).isEqualTo(422);
      assertThat(create(doppel.uri(), "bob")).isEqualTo(201);
      URIS.add(doppel.controlUri());
    }
  }

  @DoppelTest(seed = "/dev/doppel/junit5/users.yaml")
  static class Second extends First {}

  @DoppelTest(
      seed = "users.yaml",
      fidelity = "influx=observed",
      emulate = "influx=2.7",
      stores = Stores.SEPARATE)
  static class WithEverything {

    @Test
    void annotation_applies(Doppel doppel) {
      var uri = doppel.uri();
      assertThat(create(uri, "ann")).isEqualTo(422);
      assertThat(create(uri, "bob")).isEqualTo(201);
      assertThat(Influxes.version(uri)).isEqualTo("v2.7.12");
      assertThat(doppel.calls().list())
          .extracting(call -> call.fidelity())
          .containsOnly(Fidelity.OBSERVED);
      doppel.seed().user("carl").put(); // in the store of each dialect
      assertThat(create(uri, "carl")).isEqualTo(422);
      URIS.add(doppel.controlUri());
    }
  }

  static class Configured {
    @RegisterExtension
    static final DoppelExtension doppel =
        new DoppelExtension(DoppelConfig.DEFAULT.toBuilder().journal(7).build());

    @Test
    void test_runs(Doppel parameter) {
      assertThat(parameter).isNotNull();
    }
  }

  @Test
  void annotation_appliesInThisProcess() {
    Runs.succeed(List.of(WithEverything.class));
  }

  /** Each has a realm there. */
  @Test
  void classes_shareRunningDoppel() {
    try (var running = Doppel.start()) {
      var url = running.uri().toString();
      URIS.clear();
      var classes = List.<Class<?>>of(First.class, Second.class, WithEverything.class);
      Runs.succeed(classes, DoppelExtension.URL, url);
      assertThat(Set.copyOf(URIS))
          .hasSize(3)
          .allSatisfy(one -> assertThat(one).asString().startsWith(url + "/~"));
      assertThat(create(running.uri(), "bob")).as("its own users are untouched").isEqualTo(201);
      assertThat(Runs.failure(Configured.class, DoppelExtension.URL, url))
          .hasMessage(
              "doppel.url: a running Doppel has a configuration of its own; use @DoppelTest, or"
                  + " only a seed");
    }
  }

  @Test
  void runningDoppel_needsToken() {
    var config = DoppelConfig.DEFAULT.toBuilder().port(0).controlToken("a-token").build();
    try (var running = Doppel.start(config)) {
      var url = running.uri().toString();
      assertThat(Runs.failure(First.class, DoppelExtension.URL, url))
          .message()
          .startsWith("doppel.url: " + url)
          .contains("the control token is missing");
      Runs.succeed(
          List.of(First.class), DoppelExtension.URL, url, DoppelExtension.CONTROL_TOKEN, "a-token");
    }
  }

  @Test
  void runningDoppel_mustBeThere() {
    assertThat(Runs.failure(First.class, DoppelExtension.URL, "127.0.0.1"))
        .message()
        .startsWith("doppel.url: '127.0.0.1' is not allowed");
    assertThat(Runs.failure(First.class, DoppelExtension.URL, "http://root:a-secret^@host"))
        .hasNoCause()
        .message()
        .startsWith("doppel.url: not a URL")
        .doesNotContain("a-secret");
  }

  /**
   * Reads properties as Spring does: before the instance is used, and, with one instance for all
   * tests, before {@code beforeAll} of any extension.
   */
  static final class PropertyReader implements TestInstancePostProcessor {

    static final List<String> READ = new ArrayList<>();

    @Override
    public void postProcessTestInstance(Object instance, ExtensionContext context) {
      READ.add(instance.getClass().getSimpleName() + " " + url(instance.getClass()));
    }

    private static String url(Class<?> test) {
      try {
        return (String) test.getDeclaredMethod("url").invoke(null);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  @ExtendWith(PropertyReader.class)
  static class PerMethod {
    @RegisterExtension static final DoppelExtension doppel = new DoppelExtension();

    static String url() {
      return doppel.uri().toString();
    }

    @Test
    void application_hasUrl(Doppel parameter) {
      assertThat(PropertyReader.READ).contains("PerMethod " + parameter.uri());
    }
  }

  @ExtendWith(PropertyReader.class)
  @TestInstance(TestInstance.Lifecycle.PER_CLASS)
  static class PerClass {
    @RegisterExtension static final DoppelExtension doppel = new DoppelExtension();

    static String url() {
      return doppel.uri().toString();
    }

    @BeforeAll
    void begin() {
      assertThat(PropertyReader.READ).contains("PerClass " + doppel.uri());
    }

    @Test
    void application_hasUrl(Doppel parameter) {
      assertThat(PropertyReader.READ).contains("PerClass " + parameter.uri());
    }
  }

  @Test
  void url_isKnownWhenAnotherExtensionStartsTheApplication() {
    Runs.succeed(List.of(PerMethod.class, PerClass.class));
  }
}
