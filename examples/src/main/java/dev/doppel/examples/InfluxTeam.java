package dev.doppel.examples;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.domain.User;
import com.influxdb.exceptions.ServiceUnavailableException;
import java.util.Optional;

/** Manages a team's accounts through InfluxDB's Java client, with retries. */
public final class InfluxTeam {

  private static final int MAX_ATTEMPTS = 5;

  private final InfluxDBClient client;

  public InfluxTeam(InfluxDBClient client) {
    this.client = client;
  }

  /**
   * Creates an account with a password. Retries while InfluxDB is unavailable.
   *
   * @throws ServiceUnavailableException if InfluxDB is still unavailable at the fifth attempt
   */
  public User invite(String name, String password) {
    for (int attempt = 1; ; attempt++) {
      try {
        var user = client.getUsersApi().createUser(name);
        client.getUsersApi().updateUserPassword(user, "", password);
        return user;
      } catch (ServiceUnavailableException e) {
        if (attempt == MAX_ATTEMPTS) {
          throw e;
        }
      }
    }
  }

  /** Finds the account with this name. */
  public Optional<User> find(String name) {
    return client.getUsersApi().findUsers().stream()
        .filter(user -> name.equals(user.getName()))
        .findFirst();
  }
}
