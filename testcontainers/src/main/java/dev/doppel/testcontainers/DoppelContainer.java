package dev.doppel.testcontainers;

import dev.doppel.ConnectOptions;
import dev.doppel.Doppel;
import java.net.URI;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/**
 * Doppel in a container: all dialects on one mapped port, users in memory, and credentials that are
 * random for each container.
 *
 * <pre>{@code
 * try (var container = new DoppelContainer("doppel:0.1.0")) {
 *   container.start();
 *   var influx =
 *       InfluxDBClientFactory.create(
 *           container.uri().toString(), container.administrator().token().toCharArray());
 *   influx.getUsersApi().createUser("ann");
 * }
 * }</pre>
 *
 * <p>Flags of {@code doppel serve} can be set as variables: {@code withEnv("DOPPEL_FIDELITY",
 * "influx=observed")}.
 */
public class DoppelContainer extends GenericContainer<DoppelContainer> {

  /** The port of all dialects inside the container. */
  public static final int PORT = 8080;

  private static final String NAME = "doppel";
  private static final Duration STARTUP_TIMEOUT = Duration.ofSeconds(60);
  private static final SecureRandom RANDOM = new SecureRandom();

  /**
   * Credentials of the initial administrator.
   *
   * @param token a token that every dialect accepts
   */
  public record Administrator(String user, String password, String token) {
    @Override
    public String toString() {
      return "Administrator[" + user + "]";
    }
  }

  private final Administrator administrator =
      new Administrator("root", "Aa1!" + random(12), random(32));
  private final String controlToken = random(32);

  /**
   * Creates a container that is not started yet.
   *
   * @param image such as {@code doppel:0.1.0}
   */
  public DoppelContainer(String image) {
    this(DockerImageName.parse(image));
  }

  /**
   * Creates a container that is not started yet.
   *
   * @param image an image {@code doppel}, or a compatible substitute
   * @throws IllegalStateException if the image is neither
   */
  public DoppelContainer(DockerImageName image) {
    super(image);
    image.assertCompatibleWith(DockerImageName.parse(NAME));
    addExposedPort(PORT);
    addEnv("DOPPEL_HOST", "0.0.0.0");
    addEnv("DOPPEL_PORT", Integer.toString(PORT));
    addEnv("DOPPEL_ADMIN_USER", administrator.user());
    addEnv("DOPPEL_ADMIN_PASSWORD", administrator.password());
    addEnv("DOPPEL_OPERATOR_TOKEN", administrator.token());
    addEnv("DOPPEL_CONTROL_TOKEN", controlToken);
    setWaitStrategy(
        Wait.forHttp("/_doppel/ready").forPort(PORT).withStartupTimeout(STARTUP_TIMEOUT));
  }

  /**
   * Returns the base URL of all dialects as this machine reaches it, without a slash at the end.
   *
   * @throws IllegalStateException if the container is not running
   */
  public URI uri() {
    return URI.create("http://" + getHost() + ":" + getMappedPort(PORT));
  }

  /** Returns the credentials of the initial administrator. */
  public Administrator administrator() {
    return administrator;
  }

  /** Returns the token of the control plane, as requests send it: {@code Bearer TOKEN}. */
  public String controlToken() {
    return controlToken;
  }

  /**
   * Connects to the running container: users, expectations about calls, faults and clock, as with a
   * Doppel in this process. Needs {@code dev.doppel:doppel-junit5} on the class path.
   *
   * @throws NoClassDefFoundError if that is missing
   * @throws IllegalStateException if the container is not running
   */
  public Doppel connect() {
    return Doppel.connect(
        uri(),
        ConnectOptions.DEFAULT
            .withControlToken(controlToken)
            .withAdministrator(
                new Doppel.Administrator(
                    administrator.user(),
                    administrator.password(),
                    Optional.of(administrator.token()))));
  }

  /** Returns random hexadecimal digits. */
  private static String random(int digits) {
    var bytes = new byte[digits / 2];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}
