package dev.doppel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.util.stream.Stream;

/**
 * Checks the dependencies between modules and, within a module, between packages. A rule that names
 * allowed packages is about Doppel's own packages; libraries are the business of the poms, except
 * where a rule names them.
 */
@AnalyzeClasses(
    packages = "dev.doppel",
    importOptions = {DoNotIncludeTests.class, ArchitectureTest.DoNotIncludeTestJars.class})
class ArchitectureTest {

  private static final String USERS = "dev.doppel.users..";
  private static final String PASSWORDS = "dev.doppel.passwords..";
  private static final String DIALECT = "dev.doppel.dialect..";
  private static final String SERVE = "dev.doppel.serve..";
  private static final String WIRE_GO = "dev.doppel.wire.go..";
  private static final String STORES = "dev.doppel.store..";
  private static final String POSTGRES = "dev.doppel.store.postgres..";
  private static final String INFLUX = "dev.doppel.influx..";
  private static final String MILVUS = "dev.doppel.milvus..";
  private static final String VCLOUD = "dev.doppel.vcloud..";
  private static final String WORKSPACE = "dev.doppel.workspace..";
  private static final String TESTKIT = "dev.doppel.testkit..";
  private static final String JUNIT5 = "dev.doppel.junit5..";
  private static final String GATEWAY = "dev.doppel.gateway..";

  /** The gateway's public types; no package below it. */
  private static final String FACADE = "dev.doppel";

  private static final String[] DIALECTS = {INFLUX, MILVUS, VCLOUD, WORKSPACE};

  private static final String[] BELOW_GATEWAY = {
    USERS, PASSWORDS, DIALECT, SERVE, WIRE_GO, STORES, INFLUX, MILVUS, VCLOUD, WORKSPACE, TESTKIT
  };

  /** Leaves out test classes of other modules, which are in jars once these are packaged. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** Returns the rule that a package uses itself and the allowed packages, but no others. */
  private static ArchRule onlyUses(String name, String... allowed) {
    var own = Stream.concat(Stream.of(name), Stream.of(allowed)).toArray(String[]::new);
    return classes()
        .that()
        .resideInAPackage(name)
        .should()
        .onlyDependOnClassesThat(
            resideOutsideOfPackage("dev.doppel..").or(resideInAnyPackage(own)));
  }

  /**
   * Returns the rule that the used packages are used by themselves and the users, but no others.
   */
  private static ArchRule onlyUsedBy(String[] used, String... users) {
    return noClasses()
        .that()
        .resideOutsideOfPackages(
            Stream.concat(Stream.of(used), Stream.of(users)).toArray(String[]::new))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(used);
  }

  @ArchTest
  static final ArchRule everyPackageHasItsRules =
      classes()
          .should()
          .resideInAnyPackage(
              Stream.concat(Stream.of(BELOW_GATEWAY), Stream.of(GATEWAY, FACADE, JUNIT5))
                  .toArray(String[]::new))
          .because("the dependencies of a new module or package must be stated here");

  @ArchTest
  static final ArchRule usersUseNeitherDialectNorStoreNorHttp =
      classes()
          .that()
          .resideInAPackage(USERS)
          .should()
          .onlyDependOnClassesThat()
          .resideInAnyPackage(
              USERS,
              PASSWORDS,
              "java..",
              "javax.crypto..",
              "org.jspecify..",
              "io.vertx.core", // futures and workers; HTTP and JSON are in packages below it
              "io.netty.util", // parses addresses
              "com.password4j..",
              "com.github.benmanes.caffeine..",
              "com.fasterxml.jackson..")
          .because(
              "core says what happened; vendors, HTTP and databases are the business of dialects"
                  + " and stores");

  @ArchTest
  static final ArchRule usersReadJsonInOnePlace =
      noClasses()
          .that()
          .resideInAPackage(USERS)
          .and()
          .doNotHaveFullyQualifiedName("dev.doppel.users.Extras")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("com.fasterxml..")
          .because("the extras of a user are the only thing in core that is JSON");

  @ArchTest
  static final ArchRule passwordsUseNothing =
      onlyUses(PASSWORDS).because("a hash is verified without knowing whose it is");

  @ArchTest
  static final ArchRule dialectUsesUsersOnly =
      onlyUses(DIALECT, USERS)
          .because("the SPI of dialects works over every store and behind every server");

  @ArchTest
  static final ArchRule serveUsesDialectAndUsersOnly =
      onlyUses(SERVE, DIALECT, USERS)
          .allowEmptyShould(true) // the router is still in dev.doppel.dialect
          .because("HTTP is spoken in the same way for every dialect and over every store");

  @ArchTest
  static final ArchRule wireGoUsesUsersOnly =
      onlyUses(WIRE_GO, USERS)
          .because("Go's formats are the same in every dialect and on every store");

  @ArchTest
  static final ArchRule storesUseUsersOnly =
      onlyUses(STORES, USERS).because("a store keeps users and knows no vendor");

  @ArchTest
  static final ArchRule postgresUsesNoOtherStore =
      onlyUses(POSTGRES, USERS).because("a store works without the others");

  @ArchTest
  static final ArchRule postgresIsUsedByTheGatewayOnly =
      onlyUsedBy(new String[] {POSTGRES}, GATEWAY, FACADE)
          .because("a store works without the others, and contracts need no database");

  @ArchTest
  static final ArchRule storesUseNoHttp =
      noClasses()
          .that()
          .resideInAPackage(STORES)
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.vertx.core.http..")
                  .and(not(equivalentTo(ConnectionPoolTooBusyException.class))))
          .because(
              "no store is reached over HTTP; Vert.x's pools of database connections merely throw"
                  + " an exception of that package");

  @ArchTest
  static final ArchRule influxUsesNoOtherDialect =
      onlyUses(INFLUX, SERVE, DIALECT, USERS, WIRE_GO)
          .because("a dialect is one vendor's; it works without the others, on every store");

  @ArchTest
  static final ArchRule milvusUsesNoOtherDialect =
      onlyUses(MILVUS, SERVE, DIALECT, USERS, WIRE_GO)
          .because("a dialect is one vendor's; it works without the others, on every store");

  @ArchTest
  static final ArchRule vcloudUsesNoOtherDialect =
      onlyUses(VCLOUD, SERVE, DIALECT, USERS)
          .because("a dialect is one vendor's; it works without the others, on every store");

  @ArchTest
  static final ArchRule workspaceUsesNoOtherDialect =
      onlyUses(WORKSPACE, SERVE, DIALECT, USERS)
          .because("a dialect is one vendor's; it works without the others, on every store");

  @ArchTest
  static final ArchRule wireGoIsUsedByInfluxAndMilvusOnly =
      onlyUsedBy(new String[] {WIRE_GO}, INFLUX, MILVUS)
          .because("these two are the vendors whose servers are written in Go");

  @ArchTest
  static final ArchRule dialectsAreUsedByTheGatewayOnly =
      onlyUsedBy(DIALECTS, GATEWAY, FACADE)
          .because("a new dialect is its module and one entry in the gateway");

  @ArchTest
  static final ArchRule storesAreUsedByTheGatewayOnly =
      onlyUsedBy(new String[] {STORES}, GATEWAY, FACADE, TESTKIT)
          .because("everything else works on the Storage SPI; the testkit runs dialects in memory");

  @ArchTest
  static final ArchRule gatewayIsUsedFromAboveOnly =
      noClasses()
          .that()
          .resideInAnyPackage(BELOW_GATEWAY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, FACADE, JUNIT5)
          .because("the gateway is built of core, stores and dialects; dependencies point down");

  @ArchTest
  static final ArchRule testkitUsesNoDialectOfAVendor =
      onlyUses(TESTKIT, SERVE, DIALECT, USERS, STORES)
          .because("its contracts are the same for every dialect");

  @ArchTest
  static final ArchRule junit5UsesTheGatewayOnly =
      onlyUses(JUNIT5, GATEWAY, FACADE)
          .because("an extension of JUnit offers what the gateway's public types do");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("dev.doppel.(**)")
          .should()
          .beFreeOfCycles()
          .because("each package must be understood with those below it");
}
