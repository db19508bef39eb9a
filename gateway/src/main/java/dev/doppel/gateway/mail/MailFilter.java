package dev.doppel.gateway.mail;

import dev.doppel.MailEntry;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Conditions on mails, all of which must hold. Immutable.
 *
 * @param kind the vendor's word, such as {@code forgot-password}
 * @param to address of the recipient, in any case of letters
 * @param user name of the user whom the mail is about
 */
public record MailFilter(
    Optional<String> dialect, Optional<String> kind, Optional<String> to, Optional<String> user) {

  public static final MailFilter ALL =
      new MailFilter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());

  public MailFilter withKind(String kind) {
    return new MailFilter(dialect, Optional.of(kind), to, user);
  }

  public MailFilter withTo(String to) {
    return new MailFilter(dialect, kind, Optional.of(to), user);
  }

  public MailFilter withUser(String user) {
    return new MailFilter(dialect, kind, to, Optional.of(user));
  }

  /** Returns whether a mail meets all conditions. */
  public boolean has(MailEntry mail) {
    return dialect.filter(name -> !name.equals(mail.dialect())).isEmpty()
        && kind.filter(word -> !word.equals(mail.kind())).isEmpty()
        && to.filter(address -> !address.equalsIgnoreCase(mail.to())).isEmpty()
        && user.filter(name -> !mail.user().equals(Optional.of(name))).isEmpty();
  }

  /** Returns the conditions by the names of query parameters. */
  public Map<String, String> conditions() {
    var all = new LinkedHashMap<String, String>();
    dialect.ifPresent(name -> all.put("dialect", name));
    kind.ifPresent(word -> all.put("kind", word));
    to.ifPresent(address -> all.put("to", address));
    user.ifPresent(name -> all.put("user", name));
    return all;
  }

  @Override
  public String toString() {
    return conditions().isEmpty()
        ? "all mails"
        : conditions().entrySet().stream()
            .map(one -> one.getKey() + " " + one.getValue())
            .collect(Collectors.joining(", "));
  }
}
