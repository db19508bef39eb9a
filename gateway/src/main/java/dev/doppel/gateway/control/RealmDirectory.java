package dev.doppel.gateway.control;

import io.vertx.core.Future;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.regex.Pattern;

/** The realms beside the gateway's own, as the control plane opens, lists and closes them. */
public interface RealmDirectory {

  /** The allowed names, which can be a part of a host name. */
  Pattern NAME = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");

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

  /**
   * The addresses of the gateway's own realm.
   *
   * @param dialectUrls base URLs of the dialects with ports of their own, by name
   */
  record GatewayAddress(String url, String controlUrl, SortedMap<String, String> dialectUrls) {}

  /** Returns the addresses of the gateway's own realm, once it serves. */
  GatewayAddress gateway();

  /**
   * Opens a realm.
   *
   * @param wanted one of the allowed names; drawn if it is empty
   * @throws IllegalStateException if the name is taken or reserved, or too many realms are open;
   *     the message says which
   */
  Future<RealmAddress> open(Optional<String> wanted);

  /** Returns the open realms in the order of their names. */
  List<RealmAddress> all();

  /** Closes a realm; empty if there is none of this name. */
  Optional<Future<Void>> close(String name);
}
