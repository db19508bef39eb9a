package dev.doppel.migration;

import dev.doppel.users.Alias;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Role;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One row of a source. Immutable. */
public sealed interface EstateRow {

  /** Returns the place in the source, such as {@code usersv1/0a1b2c3d4e00000a}. */
  String at();

  /** Returns what the row is about: organization, role, user or token. */
  String kind();

  /** Returns the name of what the row is about. */
  String name();

  /** An organization. Its id is that in the source. */
  record OrganizationRow(String at, Organization organization) implements EstateRow {

    @Override
    public String kind() {
      return "organization";
    }

    @Override
    public String name() {
      return organization.name();
    }
  }

  /** A role. */
  record RoleRow(String at, Role role) implements EstateRow {

    @Override
    public String kind() {
      return "role";
    }

    @Override
    public String name() {
      return role.name();
    }
  }

  /**
   * How a source identifies a user: by an id of ours, or by its own. Exactly one is present.
   * Immutable.
   */
  record Person(Optional<UserId> id, Optional<Alias> alias) {

    static Person of(UserId id) {
      return new Person(Optional.of(id), Optional.empty());
    }

    static Person of(Alias alias) {
      return new Person(Optional.empty(), Optional.of(alias));
    }
  }

  /**
   * A user.
   *
   * @param person identifies the user in the rows of tokens; a user with an alias there gets a new
   *     id, and is created at the time of the import
   * @param user with ids of organizations as in the source, and the hash as it came
   * @param lost what the source knows about the user and Doppel has no place for
   */
  record UserRow(String at, Person person, User user, List<String> lost) implements EstateRow {

    public UserRow {
      lost = List.copyOf(lost);
    }

    @Override
    public String kind() {
      return "user";
    }

    @Override
    public String name() {
      return user.name();
    }
  }

  /**
   * A token.
   *
   * @param name description of the token
   * @param organization that the token belongs to, with its id in the source; empty if it belongs
   *     to none
   * @param extras that the source gives, by dialect
   */
  record TokenRow(
      String at,
      String name,
      TokenHash hash,
      Person owner,
      Optional<OrganizationId> organization,
      Map<String, String> extras,
      Content content)
      implements EstateRow {

    public TokenRow {
      extras = Map.copyOf(extras);
    }

    /** Creates the token once its owner and its organization are known. */
    @FunctionalInterface
    public interface Content {
      /**
       * Creates the token.
       *
       * @param owner as it is stored
       * @param organizations by their ids in the source
       * @throws IllegalArgumentException if the token can't be kept; the message says why
       */
      Token create(User owner, Map<OrganizationId, Organization> organizations);
    }

    @Override
    public String kind() {
      return "token";
    }

    @Override
    public String toString() {
      return "TokenRow[hidden]";
    }
  }

  /**
   * A row that the source itself refuses, as it is malformed.
   *
   * @param refusal why
   */
  record InvalidRow(String at, String kind, String name, Refusal refusal) implements EstateRow {}

  /**
   * Why a row was refused. Immutable.
   *
   * @param why a stable word
   * @param by the id or the row of what stands in the way
   * @param sentence one sentence, without secrets
   * @param fix what to do
   */
  record Refusal(String why, Optional<String> by, String sentence, String fix) {

    static Refusal of(String why, String sentence, String fix) {
      return new Refusal(why, Optional.empty(), sentence, fix);
    }

    static Refusal by(String why, String by, String sentence, String fix) {
      return new Refusal(why, Optional.of(by), sentence, fix);
    }
  }
}
