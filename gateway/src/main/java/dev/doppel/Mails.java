package dev.doppel;

import dev.doppel.gateway.mail.MailFilter;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The mails of a realm, filtered step by step: Doppel sends none, and keeps the latest 1000 in
 * memory instead. A mail is there before the response to the call that sends it. Immutable: each
 * filter returns a new value.
 *
 * <pre>{@code
 * var token = doppel.mails().to("ann@example.com").latest().token().orElseThrow();
 * }</pre>
 */
public final class Mails {

  private final RealmAccess realm;
  private final MailFilter filter;

  private Mails(RealmAccess realm, MailFilter filter) {
    this.realm = realm;
    this.filter = filter;
  }

  static Mails of(RealmAccess realm) {
    return new Mails(realm, MailFilter.ALL);
  }

  /** Narrows the mails to those to an address, in any case of letters. Replaces another one. */
  public Mails to(String address) {
    return new Mails(realm, filter.withTo(address));
  }

  /** Narrows the mails to those about a user. Replaces another one. */
  public Mails withUser(String name) {
    return new Mails(realm, filter.withUser(name));
  }

  /**
   * Narrows the mails to those of a kind. Replaces another one.
   *
   * @param kind the vendor's word, such as {@code forgot-password}
   */
  public Mails ofKind(String kind) {
    return new Mails(realm, filter.withKind(kind));
  }

  /** Returns the matching mails that are still there, in the order of sending. */
  public List<MailEntry> list() {
    return realm.mails(filter);
  }

  /** Returns the number of matching mails that are still there. */
  public long count() {
    return list().size();
  }

  /**
   * Returns the latest matching mail.
   *
   * @throws AssertionError that lists the latest mails of all if there is none
   */
  public MailEntry latest() {
    var found = list();
    if (found.isEmpty()) {
      throw new AssertionError("no mail: " + filter + others());
    }
    return found.get(found.size() - 1);
  }

  private String others() {
    var all = realm.mails(MailFilter.ALL);
    return all.isEmpty()
        ? "; there are none at all"
        : all.stream()
            .skip(Math.max(0, all.size() - 20))
            .map(mail -> "\n  " + mail)
            .collect(Collectors.joining("", "; the latest of all:", ""));
  }

  /** Deletes all mails of the realm, matching or not. */
  public void clear() {
    realm.clearMails();
  }
}
