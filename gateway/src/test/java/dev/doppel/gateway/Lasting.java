package dev.doppel.gateway;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import java.util.Optional;

/** Gateways over stores that last, with the credentials that one in memory is ready with. */
public final class Lasting {

  public static final String CONTROL_TOKEN = "lasting-control-token";

  private Lasting() {}

  /** Returns a client that may use the control plane. */
  public static Http client(Doppel doppel) {
    return new Http(doppel.uri(), CONTROL_TOKEN);
  }

  public static Doppel start(Store store) {
    return start(store, "Milvus");
  }

  /** As above, with another password of the administrator. */
  public static Doppel start(Store store, String password) {
    return Doppel.start(
        DoppelConfig.DEFAULT.toBuilder()
            .port(0)
            .store(store)
            .hash(HashScheme.FAST)
            .controlToken(CONTROL_TOKEN)
            .credentials(
                new Credentials(
                    Optional.empty(),
                    Optional.of(new Password(password)),
                    Optional.of("doppel-operator-token"),
                    false))
            .build());
  }
}
