package dev.doppel.vcloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Access tokens, in the form of the vendor's JWT, which clients don't read. They are not signed: a
 * token is found by its hash, and its last part is random.
 */
final class VcloudAccessToken {

  private static final int SIGNATURE_BYTES = 256;

  private VcloudAccessToken() {}

  static String generate(
      Realm realm, String name, Organization organization, VcloudSession session) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", VcloudSite.location(organization));
    claims.put("sub", name);
    claims.put("exp", realm.clock().instant().plus(VcloudAuth.IDLE_TIMEOUT).getEpochSecond());
    claims.put("version", "vcloud_1.0");
    claims.put("jti", session.id().toString().replace("-", ""));
    try {
      return base64(json(Map.of("alg", "RS256")))
          + "."
          + base64(json(claims))
          + "."
          + base64(realm.secrets().bytes(SIGNATURE_BYTES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("claims can't be written as JSON", e);
    }
  }

  private static byte[] json(Object value) throws JsonProcessingException {
    return VcloudWire.JSON.writeValueAsBytes(value);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
