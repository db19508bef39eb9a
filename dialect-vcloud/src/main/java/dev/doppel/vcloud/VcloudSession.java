package dev.doppel.vcloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.doppel.dialect.Call;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import java.util.UUID;

/**
 * What this vendor remembers of a session.
 *
 * @param organization the 64 bits of the one that was signed in to
 */
record VcloudSession(UUID id, long organization) {

  private static final ObjectMapper JSON = new ObjectMapper();

  static VcloudSession of(Call call) {
    return of(call.caller().token().orElseThrow());
  }

  private static VcloudSession of(Token token) {
    try {
      return JSON.readValue(token.extras().get(VcloudDialect.NAME), VcloudSession.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a session that this dialect did not start", e);
    }
  }

  OrganizationId organizationId() {
    return new OrganizationId(organization);
  }

  /** An id that nobody can guess. */
  static UUID newId(Realm realm) {
    return UUID.nameUUIDFromBytes(realm.secrets().bytes(16));
  }

  String json() {
    try {
      return JSON.writeValueAsString(this);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a UUID and a number are always JSON", e);
    }
  }
}
