package dev.doppel.dialect;

import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.TokenHash;
import dev.doppel.users.Tokens.NewToken;
import dev.doppel.users.User;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;

/** A vendor with the settings that a gateway serves it with. Immutable. */
public record ServedVendor<S>(Vendor<S> vendor, Fidelity fidelity, S settings) {

  /** Returns the vendor as it is served by default: documented, the newest version. */
  public static <S> ServedVendor<S> byDefault(Vendor<S> vendor) {
    return new ServedVendor<>(vendor, Fidelity.DOCUMENTED, vendor.settings(OptionValues.NONE));
  }

  /** Returns the same vendor with another fidelity. */
  public ServedVendor<S> with(Fidelity other) {
    return new ServedVendor<>(vendor, other, settings);
  }

  /**
   * Returns the same vendor in another version of its product.
   *
   * @throws IllegalArgumentException if it isn't one of {@link Vendor#versions}
   */
  public ServedVendor<S> withVersion(String version) {
    if (!vendor.versions().contains(version)) {
      throw new IllegalArgumentException(
          "version: " + Suggestions.notAllowed(version, vendor.versions()));
    }
    return new ServedVendor<>(vendor, fidelity, vendor.withVersion(settings, version));
  }

  /** Returns the name of the dialect. */
  public String name() {
    return vendor.name();
  }

  /** Creates the dialect over a realm. */
  public Dialect dialect(Realm realm) {
    return vendor.dialect(realm, fidelity, settings);
  }

  /**
   * Checks whether the settings are safe on an address.
   *
   * @throws InvalidOptionException if they aren't
   */
  public void checkAddress(String host, boolean loopback) {
    vendor.checkAddress(settings, host, loopback);
  }

  /** Creates what the settings add to a store that has no users yet, as part of one change. */
  public Future<Void> prepare(Realm realm) {
    return vendor.prepare(realm, settings);
  }

  /** Returns a token as {@link ScopedTokens#newToken} does; empty if the vendor has none. */
  public Optional<NewToken> newToken(
      TokenHash hash,
      Optional<String> secret,
      User owner,
      Organization organization,
      String description,
      List<ScopedTokens.Permission> permissions) {
    return vendor
        .scopedTokens()
        .map(
            tokens ->
                tokens.newToken(
                    settings, hash, secret, owner, organization, description, permissions));
  }

  /** Without the settings, in which a vendor may have secrets. */
  @Override
  public String toString() {
    return "ServedVendor[" + name() + ", " + fidelity + "]";
  }
}
