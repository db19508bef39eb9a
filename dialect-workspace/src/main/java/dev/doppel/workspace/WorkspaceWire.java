package dev.doppel.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The bodies of requests and responses, with the vendor's names in the vendor's order. Absent
 * members are left out unless noted otherwise.
 */
final class WorkspaceWire {

  static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .registerModule(new SimpleModule().addSerializer(String.class, new JavaScriptText()));

  /** The format of a date in JavaScript, with milliseconds. */
  private static final DateTimeFormatter DATE =
      new DateTimeFormatterBuilder().appendInstant(3).toFormatter(Locale.ROOT);

  private WorkspaceWire() {}

  private static String format(Instant instant) {
    return DATE.format(instant);
  }

  record Success(boolean status, Object data) {
    static Success of(Object data) {
      return new Success(true, data);
    }
  }

  record Failed(boolean status, ErrorBody error) {
    static Failed of(int code, String message) {
      return new Failed(false, new ErrorBody(code, message, null));
    }

    static Failed of(int code, String message, Errors data) {
      return new Failed(false, new ErrorBody(code, message, data));
    }
  }

  record ErrorBody(int code, String message, @Nullable Errors data) {}

  record Errors(List<InvalidField> errors) {}

  record Login(
      @Text(oneOf = {"traditional", "google", "github", "bitbucket"}) String provider,
      LoginPayload payload,
      @Text(oneOf = {"es", "en", "fr", "de", "it", "zh", "pt", "ru"}) @Nullable String language) {}

  /**
   * The credentials of a sign-in.
   *
   * @param email an address, or the name of a user created through another dialect, so that its
   *     form isn't checked
   * @param twoFactorCode ignored, because no account has two-factor authentication
   */
  record LoginPayload(
      @Text(max = 256) String email,
      @Text(max = 128) Password password,
      @Text(max = 6) @Nullable String twoFactorCode) {}

  record Refresh(@Text String lastAccessToken, @Text String refreshToken) {
    @Override
    public String toString() {
      return "Refresh[hidden]";
    }
  }

  record PasswordChange(
      @Text(min = 8, max = 128) Password oldPassword,
      @Text(min = 8, max = 128) Password newPassword) {}

  record PasswordUpdate(
      @Text(max = 128) Password password, @Text(min = 8, max = 128) Password newPassword) {}

  record Register(
      @Text(max = 256, email = true) String email,
      @Text(min = 8, max = 128) Password password,
      @Text(max = 128) String firstName,
      @Text(max = 128) String lastName,
      Boolean newsletter,
      @Text(oneOf = {"es", "en", "fr", "de", "it", "zh", "pt", "ru"}) @Nullable String language) {}

  record Done(boolean done, String message) {}

  /** The changes to an account. Absent members stay as they are. */
  record UserChange(
      @Text(max = 128) @Nullable String firstName,
      @Text(max = 128) @Nullable String lastName,
      @Text @Nullable String picture,
      @Text(oneOf = {"admin", "adminViewer", "user", "serviceAccount"}) @Nullable String role,
      @Text(oneOf = {"es", "en", "fr", "de", "it", "zh", "pt", "ru"}) @Nullable String language) {}

  record Deleted(String delete) {
    static final Deleted OK = new Deleted("OK");
  }

  record NewOwner(@Text String newOwner) {}

  record Changed(boolean changed) {}

  record CollaboratorChange(
      @Text(oneOf = {"admin", "editor", "viewer", "unassigned"}) @Nullable String role,
      @Text(max = 128) @Nullable List<String> tags) {}

  record OemUser(
      @Text(max = 256, email = true) String email,
      @Text(max = 128) @Nullable String firstName,
      @Text(max = 128) @Nullable String lastName,
      @Text(max = 128) @Nullable List<String> tags) {}

  record Provisioned(CollaboratorView collaborator) {}

  record Items(List<?> items) {}

  record Value(String value) {}

  /** A page of a list, in the format of the vendor's database plug-in. Null is written. */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record Paged(
      List<?> items,
      long totalDocs,
      int limit,
      boolean hasPrevPage,
      boolean hasNextPage,
      int page,
      long totalPages,
      long pagingCounter,
      @Nullable Integer prevPage,
      @Nullable Integer nextPage) {}

  /**
   * A member of a workspace.
   *
   * @param id id of the account
   */
  record CollaboratorView(
      String id,
      String organization,
      String role,
      List<String> tags,
      CollaboratorUser user,
      Map<String, String> detected,
      String updatedAt,
      String createdAt) {

    static CollaboratorView of(User user, Organization organization) {
      return new CollaboratorView(
          WorkspaceId.of(user),
          WorkspaceId.of(organization),
          WorkspaceRole.of(user, organization),
          WorkspaceProfile.of(user).collaboratorTags(organization),
          CollaboratorUser.of(user),
          Map.of(),
          format(user.updated()),
          format(user.created()));
    }
  }

  record CollaboratorUser(
      String id,
      @Nullable String email,
      @Nullable String firstName,
      @Nullable String lastName,
      @Nullable String picture,
      String role,
      boolean ssoUser) {

    static CollaboratorUser of(User user) {
      var name = PersonName.of(user);
      return new CollaboratorUser(
          WorkspaceId.of(user),
          WorkspaceAddress.of(user).orElse(null),
          name.first(),
          name.last(),
          WorkspaceProfile.of(user).picture().orElse(null),
          platformRole(user),
          false);
    }
  }

  private static String platformRole(User user) {
    return user.administrator() ? "admin" : WorkspaceProfile.of(user).role();
  }

  record PasswordChanged(String passwordChanged) {
    static final PasswordChanged OK = new PasswordChanged("OK");
  }

  record TokenView(String token, String expireAt) {
    static TokenView of(String secret, Token token) {
      return new TokenView(secret, format(token.expires().orElseThrow()));
    }

    @Override
    public String toString() {
      return "TokenView[hidden]";
    }
  }

  record TokenPair(TokenView accessToken, TokenView refreshToken) {}

  record LoggedIn(TokenView accessToken, TokenView refreshToken, UserView user) {
    static LoggedIn of(TokenPair pair, UserView user) {
      return new LoggedIn(pair.accessToken(), pair.refreshToken(), user);
    }
  }

  /** An account, always without two-factor authentication and single sign-on. */
  record UserView(
      String id,
      @Nullable String email,
      @Nullable String firstName,
      @Nullable String lastName,
      @Nullable String fullName,
      @Nullable String picture,
      String role,
      boolean newsletter,
      boolean hasPassword,
      boolean has2FAActive,
      boolean ssoUser,
      @Nullable String organizationId,
      List<OrganizationView> organizations,
      String language,
      String verificationStatus,
      ActivityTrace activityTrace,
      String intercomUserHash,
      String createdAt,
      String updatedAt) {

    static UserView of(
        User user, List<Organization> organizations, Optional<Organization> selected) {
      var id = WorkspaceId.of(user);
      var profile = WorkspaceProfile.of(user);
      var name = PersonName.of(user);
      return new UserView(
          id,
          WorkspaceAddress.of(user).orElse(null),
          name.first(),
          name.last(),
          name.full(),
          profile.picture().orElse(null),
          platformRole(user),
          profile.newsletter(),
          user.password().isPresent(),
          false,
          false,
          selected.map(WorkspaceId::of).orElse(null),
          organizations.stream().map(OrganizationView::of).toList(),
          profile.language(),
          "verified",
          ActivityTrace.NONE,
          intercomUserHash(id),
          format(user.created()),
          format(user.updated()));
    }

    /** Returns a hash that is constant per account. The vendor's is keyed by one of its secrets. */
    private static String intercomUserHash(String id) {
      return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))
          .toString()
          .replace("-", "");
    }
  }

  /**
   * A user's names. This vendor has a first and a last name, which it joins with a space; the
   * shared user has a full name alone. If that is still the join of the names set here, these are
   * shown; otherwise it is split at its last space.
   */
  record PersonName(@Nullable String first, @Nullable String last, @Nullable String full) {

    static PersonName of(User user) {
      var full = user.fullName().map(String::strip).orElse("");
      if (full.isEmpty()) {
        return new PersonName(null, null, null);
      }
      var profile = WorkspaceProfile.of(user);
      var first = profile.firstName().orElse("");
      var last = profile.lastName().orElse("");
      if (full.equals((first + " " + last).strip())) {
        return new PersonName(nullIfEmpty(first), nullIfEmpty(last), full);
      }
      var space = full.lastIndexOf(' ');
      return space < 0
          ? new PersonName(full, null, full)
          : new PersonName(full.substring(0, space), full.substring(space + 1), full);
    }

    private static @Nullable String nullIfEmpty(String name) {
      return name.isEmpty() ? null : name;
    }
  }

  /** An organization, without its times within an account. */
  record OrganizationView(
      String id, String name, String slug, @Nullable String createdAt, @Nullable String updatedAt) {

    static OrganizationView of(Organization organization) {
      return new OrganizationView(
          WorkspaceId.of(organization), organization.name(), slug(organization), null, null);
    }

    static OrganizationView withTimes(Organization organization) {
      return new OrganizationView(
          WorkspaceId.of(organization),
          organization.name(),
          slug(organization),
          format(organization.created()),
          format(organization.updated()));
    }

    /** Returns the slug, or the id if the name has no slug or one that has the form of an id. */
    static String slug(Organization organization) {
      return organization
          .slug()
          .filter(slug -> WorkspaceId.parseOrganization(slug).isEmpty())
          .orElseGet(() -> WorkspaceId.of(organization));
    }
  }

  /** When an account was last used, by client; always empty, because it isn't recorded. */
  record ActivityTrace(Map<String, String> lastLogin, Map<String, String> lastAction) {
    static final ActivityTrace NONE = new ActivityTrace(Map.of(), Map.of());
  }
}
