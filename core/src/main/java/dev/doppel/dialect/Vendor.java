package dev.doppel.dialect;

import dev.doppel.users.IdForm;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A vendor's product as a gateway serves it: everything that a gateway has to know about it except
 * what its dialect answers. Implementations are immutable. Those that are not part of Doppel are
 * found by {@link java.util.ServiceLoader} or registered with the gateway's configuration.
 *
 * @param <S> the settings of the vendor's server that change what a client sees
 */
public interface Vendor<S> {

  /**
   * Returns the name of the dialect: lower-case letters, digits and hyphens, unique among the
   * vendors of a gateway. It names the vendor in flags, seeds, the journal and host names.
   */
  String name();

  /**
   * Returns the product's release lines that can be emulated, such as {@code 2.9}, newest first.
   */
  List<String> versions();

  /**
   * Returns the paths that belong to this vendor, as {@link Dialect#prefixes} does. Two vendors
   * with one prefix can't be served on one port.
   */
  List<String> prefixes();

  /** Returns the port that the vendor's product listens on by default. */
  int port();

  /** Returns the operations, in the order of the vendor's reference. */
  List<? extends VendorOperation> operations();

  /**
   * Returns the differences between documentation and product that the dialect knows, in the order
   * of the documents.
   */
  default List<Difference> differences() {
    return List.of();
  }

  /** Returns the options that set {@code S}, in the order in which help lists them. */
  default List<VendorOption> options() {
    return List.of();
  }

  /**
   * Reads the settings.
   *
   * @throws InvalidOptionException if a value isn't allowed
   */
  S settings(OptionValues given);

  /**
   * Returns settings for another version of the product. The other settings stay, except for
   * defaults that differ between the versions.
   *
   * @param version one of {@link #versions}
   */
  default S withVersion(S settings, String version) {
    return settings;
  }

  /** Creates the dialect over a realm. */
  Dialect dialect(Realm realm, Fidelity fidelity, S settings);

  /**
   * Checks whether the settings are safe on an address.
   *
   * @param loopback whether only this machine reaches the address
   * @throws InvalidOptionException if they aren't
   */
  default void checkAddress(S settings, String host, boolean loopback) {}

  /** Creates what the settings add to a store that has no users yet, as part of one change. */
  default Future<Void> prepare(Realm realm, S settings) {
    return Future.succeededFuture();
  }

  /** Returns the listener that the product has beside its API, if a client may look for it. */
  default Optional<ExtraListener> extraListener() {
    return Optional.empty();
  }

  /** Returns the variables that the vendor's clients and command line read, in order. */
  Map<String, String> clientEnvironment(Endpoint endpoint);

  /** Returns a request that works on a new store and shows that the vendor is there. */
  SampleRequest sampleRequest(Endpoint endpoint);

  /** Returns the request by which a client sets up a store without users, if the vendor has one. */
  default Optional<SampleRequest> setupRequest() {
    return Optional.empty();
  }

  /**
   * Returns the value that the vendor's own environment variables give to an option of Doppel's.
   *
   * @param option name of an option, without hyphens in front
   */
  default Optional<String> ownVariable(String option, Map<String, String> environment) {
    return Optional.empty();
  }

  /**
   * Checks the vendor's own environment variables.
   *
   * @return a line for the person who starts the process, if some of them have no effect
   * @throws InvalidOptionException if the vendor's server would not start with them
   */
  default Optional<String> checkOwnVariables(Map<String, String> environment) {
    return Optional.empty();
  }

  /**
   * Returns the names, in lower case, of this vendor's own headers whose values hold no secret. The
   * journal shows these; it hides the values of headers that it doesn't know.
   */
  default Set<String> plainHeaders() {
    return Set.of();
  }

  /**
   * Returns whether every member of the body of a request is a secret, whatever the member's name;
   * for the journal. It is asked for requests that no operation answers, too, such as one with a
   * wrong method.
   *
   * @param path as sent, without the query
   */
  default boolean takesSecrets(String path) {
    return false;
  }

  /**
   * Returns whether a user comes from an identity provider, which verifies its password, as far as
   * this vendor knows. Other vendors show it, too.
   */
  default boolean isFromProvider(User user) {
    return false;
  }

  /**
   * Returns the names of members of responses whose values are secrets although their names don't
   * say so; for the journal.
   */
  default Set<String> secretMembers() {
    return Set.of();
  }

  /**
   * Returns the pattern of texts that hold no secret although a word in them, such as {@code
   * token}, suggests one; for the journal.
   */
  default Optional<Pattern> plainTexts() {
    return Optional.empty();
  }

  /** Returns the form of this vendor's ids of users, if a user can have one as an alias. */
  default Optional<IdForm> idForm() {
    return Optional.empty();
  }

  /** Returns the form of this vendor's ids of organizations, if they can be aliases. */
  default Optional<OrganizationIds> organizationIds() {
    return Optional.empty();
  }

  /** Returns how this vendor reads what it alone knows about a role, if it knows anything. */
  default Optional<RoleExtras> roleExtras() {
    return Optional.empty();
  }

  /** Returns how tokens are made that hold in this vendor's dialect alone, if there are any. */
  default Optional<ScopedTokens<S>> scopedTokens() {
    return Optional.empty();
  }

  /**
   * The form of a vendor's ids of organizations.
   *
   * @param description of the allowed ids, such as {@code 24 lower-case hexadecimal digits}
   */
  record OrganizationIds(Pattern allowed, String description) {}

  /** Reads what a vendor alone knows about a role. */
  @FunctionalInterface
  interface RoleExtras {

    /**
     * Checks a JSON object that was written outside of the vendor's API.
     *
     * @return the text that the dialect keeps about the role
     * @throws IllegalArgumentException if the vendor knows no such thing; the message says which
     *     part is wrong
     */
    String encode(String json);
  }
}
