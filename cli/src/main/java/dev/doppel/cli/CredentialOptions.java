package dev.doppel.cli;

import dev.doppel.StartupException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Flags for the administrator's credentials and the home of users without an organization. */
final class CredentialOptions {

  @Option(names = "--admin-user", description = "Name of the administrator. Default: root")
  private @Nullable String adminUser;

  @Option(
      names = "--admin-password",
      description =
          "Password of the administrator. Default: the ready-to-use one, for a memory store on"
              + " loopback")
  private @Nullable String adminPassword;

  @Option(names = "--admin-password-file", description = "File with the password.")
  private @Nullable String adminPasswordFile;

  @Option(
      names = "--operator-token",
      description =
          "Token that acts as the administrator in every dialect. Default: the ready-to-use one,"
              + " for a memory store on loopback")
  private @Nullable String operatorToken;

  @Option(names = "--operator-token-file", description = "File with the token.")
  private @Nullable String operatorTokenFile;

  @Option(
      names = "--default-organization",
      description = "Home organization of users created without one. Default: doppel")
  private String defaultOrganization = "doppel";

  /** Returns the administrator's name; empty if it isn't set. */
  Optional<String> adminUser() {
    return Optional.ofNullable(adminUser);
  }

  /**
   * Returns the administrator's password; empty if it isn't set.
   *
   * @throws StartupException if it is given twice or its file can't be read
   */
  Optional<String> adminPassword() {
    return SecretFile.read("--admin-password", adminPassword, adminPasswordFile);
  }

  /**
   * Returns the operator token; empty if it isn't set.
   *
   * @throws StartupException if it is given twice or its file can't be read
   */
  Optional<String> operatorToken() {
    return SecretFile.read("--operator-token", operatorToken, operatorTokenFile);
  }

  /** Returns the name of the default organization as given; it may be blank. */
  String defaultOrganization() {
    return defaultOrganization;
  }
}
