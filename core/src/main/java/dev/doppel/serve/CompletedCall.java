package dev.doppel.serve;

import dev.doppel.dialect.CallInfo;
import dev.doppel.dialect.CallMessage;
import dev.doppel.dialect.Difference;
import dev.doppel.users.Failure.Reason;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A call with its request and response. It holds the secrets that were sent, so it must not be
 * stored unmasked.
 *
 * @param uri path and query as sent
 * @param address IP address of the client; empty if it is unknown
 * @param caller name of the user who called
 * @param subject name of the user whom the call was about
 * @param status HTTP status; 0 if no response was sent
 * @param reason why the call failed; empty for a success
 * @param deviates the differences in which the answer deviates from the product's
 * @param took from the last byte of the request until the response was ready
 */
public record CompletedCall(
    CallInfo call,
    String method,
    String uri,
    CallMessage request,
    String address,
    Optional<String> caller,
    Optional<String> subject,
    int status,
    CallMessage response,
    Optional<Reason> reason,
    List<Difference> deviates,
    Duration took,
    Optional<InjectedFault> fault) {}
