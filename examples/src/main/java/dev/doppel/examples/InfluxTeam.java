package dev.doppel.examples;

import com.influxdb.client.InfluxDBClient;
import com.influxdb.client.domain.User;
import com.influxdb.exceptions.ServiceUnavailableException;
import java.util.Optional;

/** Looks after a team's accounts in InfluxDB, by its Java client, and puts up with its bad days. */
public final class InfluxTeam {

  private static final int ATTEMPTS = 5;

  private final InfluxDBClient client;

  public InfluxTeam(InfluxDBClient client) {
    this.client = client;
  }

  /**
   * Makes an account with a password.
   *
   * @throws ServiceUnavailableException if InfluxDB stays away
   */
  public User invite(String name, String password) {
    for (int attempt = 1; ; attempt++) {
      try {
        var user = client.getUsersApi().createUser(name);
        client.getUsersApi().updateUserPassword(user, "", password);
        return user;
      } catch (ServiceUnavailableException away) {
        if (attempt == ATTEMPTS) {
          throw away;
        }
      }
    }
  }

  /** The account of this name, if there is one. */
  public Optional<User> find(String name) {
    return client.getUsersApi().findUsers().stream()
        .filter(user -> name.equals(user.getName()))
        .findFirst();
  }
}
