package dev.doppel;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** What the poms can't say. */
@AnalyzeClasses(packages = "dev.doppel", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  @ArchTest
  static final ArchRule usersKnowNothingButFutures =
      noClasses()
          .that()
          .resideInAPackage("dev.doppel.users")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.doppel.dialect..",
              "dev.doppel.store..",
              "io.vertx.core.http..",
              "io.vertx.ext..",
              "org.h2..");

  /** What a dialect keeps beside a user is JSON text, and the one thing in there that is. */
  @ArchTest
  static final ArchRule usersReadJsonInOnePlace =
      noClasses()
          .that()
          .resideInAPackage("dev.doppel.users")
          .and()
          .doNotHaveSimpleName("Extras")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("com.fasterxml..");

  @ArchTest
  static final ArchRule storesKnowNoHttp =
      noClasses()
          .that()
          .resideInAPackage("dev.doppel.store")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("dev.doppel.dialect..", "io.vertx.core.http..");

  @ArchTest
  static final ArchRule noCycles = slices().matching("dev.doppel.(*)..").should().beFreeOfCycles();
}
