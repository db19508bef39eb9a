package dev.doppel.vcloud;

import dev.doppel.dialect.Call;
import java.util.regex.Pattern;

/** The name of a request, in a header and in messages. */
final class VcloudRequest {

  private static final Pattern CLIENTS_OWN = Pattern.compile("(?=.*[A-Za-z0-9])[A-Za-z0-9-]+");
  private static final int LONGEST = 128;

  private VcloudRequest() {}

  /** The client's own id, if it is one, and a UUID drawn for the request. */
  static String id(Call call) {
    return call.header("X-VMWARE-VCLOUD-CLIENT-REQUEST-ID")
        .filter(text -> CLIENTS_OWN.matcher(text).matches())
        .map(text -> text.substring(0, Math.min(LONGEST, text.length())) + "-" + call.id())
        .orElseGet(() -> call.id().toString());
  }
}
