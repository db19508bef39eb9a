package dev.doppel.store;

import dev.doppel.users.Organization;
import dev.doppel.users.Role;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.util.ArrayList;
import java.util.List;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.DataType;
import org.h2.mvstore.type.LongDataType;
import org.h2.mvstore.type.StringDataType;

/**
 * All tables of a store. In a text key, ids of users, organizations and tokens have 16 hex digits,
 * and NUL separates two texts, which {@link #escape} keeps free of it. HOME stands for the default
 * organization, for the users whose home it is.
 *
 * <pre>
 *   users              id → user
 *   userNames          name → id
 *   aliases            dialect NUL vendor's id → id
 *   holders            role NUL user → id
 *   members            organization, or HOME, + user → id
 *   memberCounts       organization, or HOME → number of members
 *   emails             e-mail in lower case NUL since (16 hex digits) user → id
 *   marks              ADMINISTRATOR or BUILT_IN + user → id
 *   roles              name → role
 *   organizations      id → organization
 *   organizationNames  name → id
 *   organizationKinds  kind → id, except ordinary organizations
 *   tokens             hash → token
 *   tokenKinds         kind + id → hash
 *   tokenOwners        owner + id → hash
 *   sessions           owner + id → hash, of sessions only
 *   expiries           expiry in milliseconds (16 hex digits) + hash → hash, if it expires
 *   notes              name → text about the store itself
 * </pre>
 */
final class Tables {

  /** Follows every id in hex digits: the end of a range of keys with a common prefix. */
  static final String AFTER_HEX = "g";

  final Table<Long, User> users;
  final Table<String, Long> userNames;
  final Table<String, Long> aliases;
  final Table<String, Long> holders;
  final Table<String, Long> members;
  final Table<String, Long> memberCounts;
  final Table<String, Long> emails;
  final Table<String, Long> marks;
  final Table<String, Role> roles;
  final Table<Long, Organization> organizations;
  final Table<String, Long> organizationNames;
  final Table<String, Long> organizationKinds;
  final Table<String, Token> tokens;
  final Table<String, String> tokenKinds;
  final Table<String, String> tokenOwners;
  final Table<String, String> sessions;
  final Table<String, String> expiries;
  final Table<String, String> notes;

  private final List<Table<?, ?>> all = new ArrayList<>();

  Tables(MVStore store) {
    var text = StringDataType.INSTANCE;
    var id = LongDataType.INSTANCE;
    users = open(store, "users", id, StoredTypes.USER);
    userNames = open(store, "names", StoredTypes.TEXT, id);
    aliases = open(store, "aliases", text, id);
    holders = open(store, "holders", text, id);
    members = open(store, "members", text, id);
    memberCounts = open(store, "memberCounts", text, id);
    emails = open(store, "emails", text, id);
    marks = open(store, "userMarks", text, id);
    roles = open(store, "roles", text, StoredTypes.ROLE);
    organizations = open(store, "organizations", id, StoredTypes.ORGANIZATION);
    organizationNames = open(store, "organizationNames", text, id);
    organizationKinds = open(store, "organizationKinds", text, id);
    tokens = open(store, "tokens", text, StoredTypes.TOKEN);
    tokenKinds = open(store, "tokenKinds", text, text);
    tokenOwners = open(store, "tokenOwners", text, text);
    sessions = open(store, "tokenSessions", text, text);
    expiries = open(store, "expiries", text, text);
    notes = open(store, "notes", text, text);
  }

  private <K, V> Table<K, V> open(
      MVStore store, String name, DataType<K> keys, DataType<V> values) {
    MVMap<K, V> map =
        store.openMap(name, new MVMap.Builder<K, V>().keyType(keys).valueType(values));
    var table = new Table<>(all.size(), map);
    all.add(table);
    return table;
  }

  /** Returns the text with NUL and U+0001 replaced by escapes, which U+0001 introduces. */
  static String escape(String text) {
    return text.indexOf('\0') < 0 && text.indexOf('\1') < 0
        ? text
        : text.replace("\1", "\1\2").replace("\0", "\1\1");
  }

  List<Table<?, ?>> all() {
    return all;
  }

  /**
   * Converts an id into a key. Keys are ordered as signed numbers; inverting the first bit makes
   * that the unsigned order of ids.
   */
  static long key(long id) {
    return id ^ Long.MIN_VALUE;
  }
}
