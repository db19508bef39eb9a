package dev.doppel.gateway.control;

import dev.doppel.BadRequestException;
import dev.doppel.RealmOptions;
import dev.doppel.dialect.Vendor;
import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;

/** The realms beside the gateway's own, as the control plane opens, lists and closes them. */
public interface RealmDirectory {

  /**
   * An open realm and its addresses.
   *
   * @param url base URL on its own port, without a slash at the end, as are all
   * @param hostUrl base URL on the gateway's port by host name; empty before that port is open
   * @param prefixUrl base URL on the gateway's port by path
   * @param controlUrl URL of its control plane
   */
  record RealmAddress(
      String name,
      int port,
      String url,
      Optional<String> hostUrl,
      Optional<String> prefixUrl,
      String controlUrl) {}

  /** Returns the vendors whose dialects a realm can serve. */
  List<Vendor<?>> vendors();

  /**
   * The addresses of the gateway's own realm.
   *
   * @param dialectUrls base URLs of the dialects with ports of their own, by name
   */
  record GatewayAddress(String url, String controlUrl, SortedMap<String, String> dialectUrls) {}

  /** Returns the addresses of the gateway's own realm, once it serves. */
  GatewayAddress gateway();

  /**
   * Opens a realm. Fails with {@link BadRequestException} if its seed can't be loaded.
   *
   * @throws BadRequestException if an option isn't allowed
   * @throws IllegalStateException if the name is taken or reserved, or too many realms are open;
   *     the message says which
   */
  Future<RealmAddress> open(RealmOptions options);

  /** Returns the open realms in the order of their names. */
  List<RealmAddress> all();

  /** Closes a realm; empty if there is none of this name. */
  Optional<Future<Void>> close(String name);
}
