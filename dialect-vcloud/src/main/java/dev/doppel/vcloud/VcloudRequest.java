package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import java.util.regex.Pattern;

/** The id of a request, in a header and in messages. */
final class VcloudRequest {

  private static final Pattern CLIENT_ID = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9-]+");
  private static final int MAX_CLIENT_ID_LENGTH = 128;

  private VcloudRequest() {}

  /**
   * Returns the id: a random UUID, preceded by the client's own id if it is valid. At most {@value
   * #MAX_CLIENT_ID_LENGTH} characters of that are used.
   */
  static String id(Call call) {
    return call.header("X-VMWARE-VCLOUD-CLIENT-REQUEST-ID")
        .filter(text -> CLIENT_ID.matcher(text).matches())
        .map(
            text ->
                text.substring(0, Math.min(MAX_CLIENT_ID_LENGTH, text.length())) + "-" + call.id())
        .orElseGet(() -> call.id().toString());
  }
}
