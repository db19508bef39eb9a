package dev.doppel.junit5;

import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Stores;
import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Runs the tests of a class with Doppel, as {@link DoppelExtension} describes. Subclasses and
 * nested classes inherit it.
 *
 * <pre>{@code
 * @DoppelTest(seed = "users.yaml", fidelity = "influx=observed", emulate = "influx=2.7")
 * class UsersTest {
 *   @Test
 *   void ann_signsIn(Doppel doppel) {
 *     doppel.calls(InfluxOperation.POST_SIGNIN).withUser("ann").withStatus(204).never();
 *   }
 * }
 * }</pre>
 *
 * <p>A nested class with an annotation of its own has a realm of its own.
 */
@Documented
@Inherited
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.ANNOTATION_TYPE})
@ExtendWith(DoppelExtension.class)
public @interface DoppelTest {

  /**
   * Resource with users and everything that belongs to them, in YAML or JSON, as {@code
   * docs/seeds.md} shows: {@code users.yaml} next to the test class or one of its superclasses, or
   * {@code /com/example/users.yaml}. They are there at the start of each test.
   */
  String seed() default "";

  /**
   * Fidelity of the dialects, as of {@code --fidelity}: {@code observed} for all, or {@code
   * influx=observed}. The default is {@code documented}.
   *
   * @see DoppelConfig.Builder#fidelity(String)
   */
  String fidelity() default "";

  /**
   * Versions of the vendors' products, as of {@code --emulate}, such as {@code
   * influx=2.7,milvus=2.5}. The default are the newest.
   *
   * @see DoppelConfig.Builder#emulate(String)
   */
  String emulate() default "";

  /**
   * Whether all dialects share one user store, for an application that sees one set of users
   * through several vendors' APIs, or each has its own, for one that talks to several separate
   * products.
   */
  Stores stores() default Stores.SHARED;
}
