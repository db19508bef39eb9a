package dev.doppel.gateway.mail;

import dev.doppel.MailEntry;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.Optional;

/** Mails as JSON objects of the control plane. */
public final class MailJson {

  private MailJson() {}

  public static JsonObject encode(MailEntry mail) {
    var json =
        new JsonObject()
            .put("id", mail.id())
            .put("time", mail.time().toString())
            .put("dialect", mail.dialect())
            .put("kind", mail.kind())
            .put("to", mail.to());
    mail.user().ifPresent(name -> json.put("user", name));
    json.put("subject", mail.subject()).put("text", mail.text());
    mail.token().ifPresent(token -> json.put("token", token));
    return json;
  }

  public static MailEntry decode(JsonObject json) {
    return new MailEntry(
        json.getLong("id"),
        Instant.parse(json.getString("time")),
        json.getString("dialect"),
        json.getString("kind"),
        json.getString("to"),
        Optional.ofNullable(json.getString("user")),
        json.getString("subject"),
        json.getString("text"),
        Optional.ofNullable(json.getString("token")));
  }
}
