package dev.doppel;

import dev.doppel.dialect.Fidelity;
import dev.doppel.dialect.Reply.Header;
import dev.doppel.users.Failure.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A call and its response in the journal, with every secret masked. Immutable.
 *
 * @param id number of the call in its realm, from 1
 * @param time time of the response by the realm's clock
 * @param dialect name of the dialect
 * @param operation the vendor's name of the operation; empty if no operation has this path
 * @param address address of the client; an empty text if it is unknown, as after a disconnect
 * @param caller name of the user who made the call
 * @param user name of the user whom the call is about
 * @param method HTTP method
 * @param uri path and query
 * @param status HTTP status; 0 if no response was sent
 * @param reason reason of the failure; empty for a success
 * @param deviates the differences between documentation and product in which the response deviates
 *     from the product's, such as {@code influx: sign-in of an inactive user}; empty if the product
 *     would have answered the same
 * @param took time from the request to the response
 * @param fault ID of the injected fault
 */
public record JournalEntry(
    long id,
    Instant time,
    String dialect,
    Fidelity fidelity,
    Optional<String> operation,
    String address,
    Optional<String> caller,
    Optional<String> user,
    String method,
    String uri,
    int status,
    Optional<Reason> reason,
    List<String> deviates,
    Duration took,
    OptionalLong fault,
    Message request,
    Message response) {

  public JournalEntry {
    deviates = List.copyOf(deviates);
  }

  /**
   * The headers and the body of a request or response.
   *
   * @param body as text, cut at 16384 characters; of other bodies than JSON and forms the length
   *     and media type
   */
  public record Message(List<Header> headers, String body) {
    public Message {
      headers = List.copyOf(headers);
    }
  }

  /** Returns the path without the query. */
  public String path() {
    var query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  /**
   * Returns the call in one line, such as {@code #3 influx PostUsers of alice by root: 201}, with
   * the deviations of the response if there are any.
   */
  @Override
  public String toString() {
    return "#%d %s %s%s%s: %s%s%s"
        .formatted(
            id,
            dialect,
            operation.orElseGet(() -> method + " " + path()),
            user.map(name -> " of " + name).orElse(""),
            caller.map(name -> " by " + name).orElse(""),
            status == 0 ? "no answer" : Integer.toString(status),
            reason.map(why -> " " + why).orElse(""),
            deviates.isEmpty() ? "" : "; deviates (" + String.join(", ", deviates) + ")");
  }
}
