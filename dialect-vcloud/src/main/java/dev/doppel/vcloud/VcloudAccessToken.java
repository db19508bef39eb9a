package dev.doppel.vcloud;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.doppel.users.Organization;
import dev.doppel.users.Realm;
import dev.doppel.users.User;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Looks like the vendor's JWT, which clients pass on unread. It is no signed statement: it is known
 * by its hash, and its last part is what nobody can guess.
 */
final class VcloudAccessToken {

  private static final int SIGNATURE_BYTES = 256;

  private VcloudAccessToken() {}

  static String of(Realm realm, User user, Organization organization, VcloudSession session) {
    var claims = new LinkedHashMap<String, Object>();
    claims.put("iss", VcloudSite.location(organization));
    claims.put("sub", VcloudNames.shown(user, organization));
    claims.put("exp", realm.clock().instant().plus(VcloudAuth.IDLE).getEpochSecond());
    claims.put("version", "vcloud_1.0");
    claims.put("jti", session.id().toString().replace("-", ""));
    try {
      return base64(json(Map.of("alg", "RS256")))
          + "."
          + base64(json(claims))
          + "."
          + base64(realm.secrets().bytes(SIGNATURE_BYTES));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts and a number are always JSON", e);
    }
  }

  private static byte[] json(Object value) throws JsonProcessingException {
    return VcloudWire.JSON.writeValueAsBytes(value);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
