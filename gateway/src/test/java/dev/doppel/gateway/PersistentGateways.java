package dev.doppel.gateway;

import dev.doppel.Doppel;
import dev.doppel.DoppelConfig;
import dev.doppel.DoppelConfig.Credentials;
import dev.doppel.users.HashScheme;
import dev.doppel.users.Password;
import dev.doppel.users.Store;
import java.util.Optional;

/** Starts gateways over persistent stores with the ready-to-use credentials. */
public final class PersistentGateways {

  public static final String CONTROL_TOKEN = "lasting-control-token";

  private PersistentGateways() {}

  /** Returns a client that sends the control token. */
  public static Http client(Doppel doppel) {
    return new Http(doppel.uri(), CONTROL_TOKEN);
  }

  /** Starts a gateway with the ready-to-use password. */
  public static Doppel start(Store store) {
    return start(store, "Milvus");
  }

  /** Starts a gateway with another password of the administrator. */
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
