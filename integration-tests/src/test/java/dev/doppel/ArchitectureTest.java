package dev.doppel;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.target;
import static com.tngtech.archunit.core.domain.JavaAccess.Predicates.targetOwner;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.equivalentTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import dev.doppel.dialect.Dialect;
import dev.doppel.dialect.Fidelity;
import io.vertx.core.http.ConnectionPoolTooBusyException;
import java.util.stream.Stream;

/**
 * Checks the dependencies between modules and, within a module, between packages. A rule that names
 * allowed packages is about Doppel's own packages; libraries are the business of the poms, except
 * where a rule names them.
 */
@AnalyzeClasses(
    packages = "dev.doppel",
    importOptions = {
      DoNotIncludeTests.class,
      ArchitectureTest.DoNotIncludeTestJars.class,
      ArchitectureTest.DoNotIncludeBundledClasses.class
    })
class ArchitectureTest {

  private static final String USERS = "dev.doppel.users..";
  private static final String PASSWORDS = "dev.doppel.passwords..";
  private static final String DIALECT = "dev.doppel.dialect..";
  private static final String SERVE = "dev.doppel.serve..";
  private static final String WIRE_GO = "dev.doppel.wire.go..";
  private static final String STORES = "dev.doppel.store..";
  private static final String POSTGRES = "dev.doppel.store.postgres..";
  private static final String MIGRATION = "dev.doppel.migration..";
  private static final String BOLT = "dev.doppel.migration.bolt..";
  private static final String TESTKIT = "dev.doppel.testkit..";
  private static final String JUNIT5 = "dev.doppel.junit5..";
  private static final String CLI = "dev.doppel.cli..";
  private static final String GATEWAY = "dev.doppel.gateway..";

  /** The package that builds the gateway, without those below it. */
  private static final String GATEWAY_ROOT = "dev.doppel.gateway";

  private static final String CONTROL = "dev.doppel.gateway.control..";
  private static final String REALM = "dev.doppel.gateway.realm..";
  private static final String JOURNAL = "dev.doppel.gateway.journal..";
  private static final String MAIL = "dev.doppel.gateway.mail..";
  private static final String FAULT = "dev.doppel.gateway.fault..";
  private static final String METRICS = "dev.doppel.gateway.metrics..";
  private static final String INPUT = "dev.doppel.gateway.input..";
  private static final String HTTP = "dev.doppel.gateway.http..";
  private static final String THREAD = "dev.doppel.gateway.thread..";

  /** The gateway's public types; no package below it. */
  private static final String FACADE = "dev.doppel";

  /** The packages of the vendors' dialects. */
  private static final String[] DIALECTS =
      Vendors.builtIn().stream()
          .map(vendor -> vendor.getClass().getPackageName() + "..")
          .toArray(String[]::new);

  private static final String[] BELOW_GATEWAY =
      Stream.concat(
              Stream.of(USERS, PASSWORDS, DIALECT, SERVE, WIRE_GO, STORES, MIGRATION, TESTKIT),
              Stream.of(DIALECTS))
          .toArray(String[]::new);

  /** Leaves out test classes of other modules, which are in jars once these are packaged. */
  static final class DoNotIncludeTestJars implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("-tests.jar");
    }
  }

  /** Of the jar that bundles everything, only the classes of its own module. */
  static final class DoNotIncludeBundledClasses implements ImportOption {
    @Override
    public boolean includes(Location location) {
      return !location.contains("doppel-junit5-") || location.contains("/dev/doppel/junit5/");
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
              Stream.concat(Stream.of(BELOW_GATEWAY), Stream.of(GATEWAY, FACADE, JUNIT5, CLI))
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
          .because("HTTP is spoken in the same way for every dialect and over every store");

  @ArchTest
  static final ArchRule wireGoUsesCallsAndUsersOnly =
      onlyUses(WIRE_GO, DIALECT, USERS)
          .because("Go's formats are read from any call, and are the same on every store");

  @ArchTest
  static final ArchRule storesUseUsersOnly =
      onlyUses(STORES, USERS).because("a store keeps users and knows no vendor");

  @ArchTest
  static final ArchRule postgresUsesNoOtherStore =
      onlyUses(POSTGRES, USERS).because("a store works without the others");

  @ArchTest
  static final ArchRule postgresIsUsedByTheCommandLineOnly =
      onlyUsedBy(new String[] {POSTGRES}, CLI)
          .because("a library that runs in tests carries no database driver");

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
  static final ArchRule boltUsesNothing =
      onlyUses(BOLT).because("a bbolt file is read without knowing what is in it");

  @ArchTest
  static final ArchRule migrationUsesCoreOnly =
      onlyUses(MIGRATION, DIALECT, USERS, PASSWORDS)
          .because("users are moved to and from every store, and vendors' files are no API");

  @ArchTest
  static void dialectsUseNoOtherDialect(JavaClasses classes) {
    for (var dialect : DIALECTS) {
      onlyUses(dialect, SERVE, DIALECT, USERS, WIRE_GO)
          .because("a dialect is one vendor's; it works without the others, on every store")
          .check(classes);
    }
  }

  @ArchTest
  static final ArchRule dialectsDecideByNamedDifferencesOnly =
      noClasses()
          .that()
          .resideInAnyPackage(DIALECTS)
          .should()
          .accessTargetWhere(
              targetOwner(equivalentTo(Fidelity.class))
                  .as("a constant or a method of Fidelity is read"))
          .orShould()
          .callMethodWhere(
              target(nameMatching("fidelity"))
                  .and(targetOwner(assignableTo(Dialect.class)))
                  .as("the fidelity of a dialect is read"))
          .because(
              "a call whose answer depends on the fidelity is marked by Call.asDocumented or"
                  + " Deviations");

  @ArchTest
  static final ArchRule wireGoIsUsedByDialectsOnly =
      onlyUsedBy(new String[] {WIRE_GO}, DIALECTS)
          .because("only a vendor's server is written in Go");

  @ArchTest
  static final ArchRule dialectsAreUsedByTheGatewayOnly =
      onlyUsedBy(DIALECTS, GATEWAY, FACADE)
          .because("a new dialect is its module and one entry in the gateway");

  @ArchTest
  static final ArchRule storesAreUsedFromAboveOnly =
      onlyUsedBy(new String[] {STORES}, GATEWAY, FACADE, TESTKIT, CLI)
          .because("everything else works on the Storage SPI; the testkit runs dialects in memory");

  @ArchTest
  static final ArchRule gatewayIsUsedFromAboveOnly =
      noClasses()
          .that()
          .resideInAnyPackage(BELOW_GATEWAY)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(GATEWAY, FACADE, JUNIT5, CLI)
          .because("the gateway is built of core, stores and dialects; dependencies point down");

  @ArchTest
  static final ArchRule testkitUsesNoDialectOfAVendor =
      onlyUses(TESTKIT, SERVE, DIALECT, USERS, STORES)
          .because("its contracts are the same for every dialect");

  @ArchTest
  static final ArchRule junit5UsesPublicTypesOnly =
      onlyUses(JUNIT5, FACADE, DIALECT, USERS)
          .because("an extension of JUnit needs nothing that an application can't use");

  @ArchTest
  static final ArchRule commandLineUsesNoVendor =
      onlyUses(CLI, GATEWAY, FACADE, MIGRATION, STORES, DIALECT, USERS, PASSWORDS)
          .because("it iterates over the list of vendors and names none");

  @ArchTest
  static final ArchRule gatewayIsWithoutCommandLine =
      noClasses()
          .that()
          .resideInAnyPackage(GATEWAY, FACADE)
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(CLI, "picocli..")
          .because("the gateway is a library without flags");

  @ArchTest
  static final ArchRule vendorsAreNamedInOnePlace =
      noClasses()
          .that()
          .resideInAnyPackage(GATEWAY, FACADE, CLI)
          .and()
          .doNotHaveFullyQualifiedName("dev.doppel.Vendors")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(DIALECTS)
          .because("a vendor is a value; the gateway has one list of them");

  @ArchTest
  static final ArchRule controlKnowsNoPortAndNoOtherRealm =
      onlyUses(
              CONTROL, REALM, JOURNAL, MAIL, FAULT, METRICS, INPUT, HTTP, FACADE, SERVE, DIALECT,
              USERS)
          .because("it asks an interface of its own for realms and ports");

  @ArchTest
  static final ArchRule realmKnowsNoPortAndNoPath =
      onlyUses(
              REALM, JOURNAL, MAIL, FAULT, METRICS, INPUT, THREAD, FACADE, STORES, SERVE, DIALECT,
              USERS)
          .because("a realm is served on any port, under any path");

  @ArchTest
  static final ArchRule journalKnowsNoRealm =
      onlyUses(JOURNAL, INPUT, FACADE, SERVE, DIALECT, USERS)
          .because("calls of any realm are recorded in the same way");

  @ArchTest
  static final ArchRule mailsKnowNoRealm =
      onlyUses(MAIL, FACADE).because("mails of any realm are filtered in the same way");

  @ArchTest
  static final ArchRule faultsKnowNoRealm =
      onlyUses(FAULT, INPUT, FACADE, SERVE, DIALECT, USERS)
          .because("calls of any realm fail in the same way");

  @ArchTest
  static final ArchRule metricsKnowNoRealm =
      onlyUses(METRICS, HTTP, SERVE, DIALECT, USERS)
          .because("calls of any realm are counted in the same way");

  @ArchTest
  static final ArchRule inputKnowsNoRealm =
      onlyUses(INPUT, FACADE, DIALECT)
          .because("seeds, control plane and configuration are read by the same strict rules");

  @ArchTest
  static final ArchRule httpKnowsNoRealmAndNoDialect =
      onlyUses(HTTP, THREAD, FACADE, USERS)
          .because("a port or a certificate is the same for whatever is served");

  @ArchTest
  static final ArchRule nothingKnowsWhatBuildsTheGateway =
      noClasses()
          .that()
          .resideInAnyPackage(CONTROL, REALM, JOURNAL, MAIL, FAULT, METRICS, INPUT, HTTP, THREAD)
          .should()
          .dependOnClassesThat()
          .resideInAPackage(GATEWAY_ROOT)
          .because("it builds everything and closes it again; nothing below needs it");

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices()
          .matching("dev.doppel.(**)")
          .should()
          .beFreeOfCycles()
          .because("each package must be understood with those below it");
}
