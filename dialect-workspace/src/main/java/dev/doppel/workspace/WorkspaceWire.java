package dev.doppel.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Realm;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
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
      @Language @Nullable String language) {}

  /**
   * The credentials of a sign-in.
   *
   * @param email an address, or the name of a user created through another dialect, so that its
   *     form isn't checked
   * @param twoFactorCode needed by accounts with two-factor authentication, ignored by others
   */
  record LoginPayload(
      @Text(max = 256) String email,
      @Text(max = 128) Password password,
      @Text(max = 6) @Nullable String twoFactorCode) {
    @Override
    public String toString() {
      return "LoginPayload[" + email + "]";
    }
  }

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
      @Language @Nullable String language) {}

  record Done(boolean done, String message) {}

  record ForgotPassword(
      @Text(max = 256, email = true) String email, @Language @Nullable String language) {}

  record PasswordByToken(
      @Text(max = 128) String token, @Text(min = 8, max = 128) Password password) {
    @Override
    public String toString() {
      return "PasswordByToken[hidden]";
    }
  }

  /**
   * A request for another verification mail.
   *
   * @param email an address, or the name of a user created through another dialect, as in a sign-in
   */
  record VerifyResend(
      @Text(max = 256) String email,
      @Text(max = 128) Password password,
      @Language @Nullable String language) {}

  record Verify(@Text(max = 128) String token) {
    @Override
    public String toString() {
      return "Verify[hidden]";
    }
  }

  record TwoFactorSecret(String secret, String qr, String uri) {
    @Override
    public String toString() {
      return "TwoFactorSecret[hidden]";
    }
  }

  record TwoFactorActivation(@Text(max = 500) String secret, @Text(max = 6) String twoFactorCode) {
    @Override
    public String toString() {
      return "TwoFactorActivation[hidden]";
    }
  }

  record TwoFactorDeactivation(
      @Text(max = 128) Password password, @Language @Nullable String language) {}

  /** The answer to an activation, and, by the same word, to a deactivation. */
  record Activated(String activate) {
    static final Activated OK = new Activated("OK");
  }

  record NewOrganization(
      @Text(max = 128, blank = false) String name,
      @Text(min = 3, max = 128) @Nullable String slug) {}

  /** The changes to an organization. Absent members stay as they are. */
  record OrganizationChange(
      @Text(max = 128, blank = false) @Nullable String name,
      @Text(min = 3, max = 128) @Nullable String slug,
      @Text(max = 256) @Nullable String webSiteUrl,
      @Text(max = 1024) @Nullable String picture) {}

  record SlugCheck(boolean valid, String reason) {}

  record Actions(List<String> actions) {}

  /** What a dashboard shows of an organization: no subscriptions, and so no limits. */
  record WorkspaceView(WorkspaceOrganization organization) {}

  record WorkspaceOrganization(
      String id,
      String name,
      String slug,
      @Nullable String webSiteUrl,
      List<String> subscriptions,
      LoginProviders loginProviders,
      Map<String, Integer> limits,
      Map<String, Boolean> allows) {}

  /** The identity providers of an organization by the target of the sign-in; there are none. */
  record LoginProviders(List<String> dashboard, List<String> store, List<String> mdm) {
    static final LoginProviders NONE = new LoginProviders(List.of(), List.of(), List.of());
  }

  record Segments(String organizationId, List<String> children) {}

  record NewCollaborator(
      @Text(max = 256, email = true) String email,
      @AssignableRole @Nullable String role,
      @Text(max = 128) @Nullable List<String> tags) {}

  /**
   * The answer to a request to add a collaborator: the collaborator, or the invitation that was
   * sent instead.
   */
  record Added(@Nullable CollaboratorView collaborator, @Nullable InvitationView invitation) {}

  record InvitationView(
      String id,
      String email,
      String target,
      String targetId,
      TargetInfo targetInfo,
      String role,
      String createdBy,
      String updatedAt,
      String createdAt) {

    static InvitationView of(WorkspaceInvitation invitation, Organization organization) {
      return new InvitationView(
          invitation.id(),
          invitation.email(),
          "organization",
          WorkspaceId.of(organization),
          TargetInfo.of(organization),
          invitation.role(),
          invitation.createdBy(),
          format(invitation.updated()),
          format(invitation.created()));
    }
  }

  record TargetInfo(String id, String name, String slug, @Nullable String picture) {
    static TargetInfo of(Organization organization) {
      return new TargetInfo(
          WorkspaceId.of(organization),
          organization.name(),
          WorkspaceSlugs.of(organization),
          WorkspaceOrganizationProfile.of(organization).picture().orElse(null));
    }
  }

  record ServiceAccountRole(@AssignableRole String role) {}

  /**
   * A service account.
   *
   * @param bearer its token, only in the answer to its creation
   */
  record ServiceAccountView(
      String id,
      String organization,
      @Nullable String email,
      @Nullable String bearer,
      String role,
      String updatedAt,
      String createdAt) {

    static ServiceAccountView of(User user, Organization organization, @Nullable String bearer) {
      return new ServiceAccountView(
          WorkspaceId.of(user),
          WorkspaceId.of(organization),
          WorkspaceAddress.of(user).orElse(null),
          bearer,
          WorkspaceRole.of(user, organization),
          format(user.updated()),
          format(user.created()));
    }

    @Override
    public String toString() {
      return "ServiceAccountView[" + id + "]";
    }
  }

  /** The changes to an account. Absent members stay as they are. */
  record UserChange(
      @Text(max = 128) @Nullable String firstName,
      @Text(max = 128) @Nullable String lastName,
      @Text @Nullable String picture,
      @Text(oneOf = {"admin", "adminViewer", "user", "serviceAccount"}) @Nullable String role,
      @Language @Nullable String language) {}

  record Deleted(String delete) {
    static final Deleted OK = new Deleted("OK");
  }

  record NewOwner(@Text String newOwner) {}

  record Changed(boolean changed) {}

  record CollaboratorChange(
      @AssignableRole @Nullable String role, @Text(max = 128) @Nullable List<String> tags) {}

  record OemUser(
      @Text(max = 256, email = true) String email,
      @Text(max = 128) @Nullable String firstName,
      @Text(max = 128) @Nullable String lastName,
      @Text(max = 128) @Nullable List<String> tags) {}

  /**
   * The answer to the creation of an account without a password.
   *
   * @param oemSecret with which a new account gets its first password; absent for an existing one
   */
  record Provisioned(CollaboratorView collaborator, @Nullable String oemSecret) {
    @Override
    public String toString() {
      return "Provisioned[" + collaborator + "]";
    }
  }

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
   * @param createdBy id of the user who added the member, or of the account if that isn't known
   */
  record CollaboratorView(
      String id,
      String organization,
      String role,
      List<String> tags,
      CollaboratorUser user,
      Map<String, String> detected,
      String createdBy,
      String updatedAt,
      String createdAt) {

    static CollaboratorView of(Realm now, User user, Organization organization) {
      var profile = WorkspaceProfile.of(user);
      return new CollaboratorView(
          WorkspaceId.of(user),
          WorkspaceId.of(organization),
          WorkspaceRole.of(user, organization),
          profile.collaboratorTags(organization),
          CollaboratorUser.of(now, user, profile),
          Map.of(),
          profile.createdBy(organization).orElseGet(() -> WorkspaceId.of(user)),
          format(user.updated()),
          format(user.created()));
    }
  }

  /**
   * The account of a member.
   *
   * @param firstName required, and so empty for an account without a name; the last name as well
   */
  record CollaboratorUser(
      String id,
      @Nullable String email,
      String firstName,
      String lastName,
      @Nullable String picture,
      String role,
      boolean ssoUser) {

    static CollaboratorUser of(Realm now, User user, WorkspaceProfile profile) {
      var name = PersonName.of(user, profile);
      return new CollaboratorUser(
          WorkspaceId.of(user),
          WorkspaceAddress.of(user).orElse(null),
          Objects.requireNonNullElse(name.first(), ""),
          Objects.requireNonNullElse(name.last(), ""),
          profile.picture().orElse(null),
          platformRole(user, profile),
          now.isFromProvider(user));
    }
  }

  private static String platformRole(User user, WorkspaceProfile profile) {
    return user.administrator() ? "admin" : profile.role();
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

  /** An account. */
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
        Realm now, User user, List<Organization> organizations, Optional<Organization> selected) {
      var id = WorkspaceId.of(user);
      var profile = WorkspaceProfile.of(user);
      var name = PersonName.of(user, profile);
      return new UserView(
          id,
          WorkspaceAddress.of(user).orElse(null),
          name.first(),
          name.last(),
          name.full(),
          profile.picture().orElse(null),
          platformRole(user, profile),
          profile.newsletter(),
          user.password().isPresent(),
          profile.twoFactorSecret().isPresent(),
          now.isFromProvider(user),
          selected.map(WorkspaceId::of).orElse(null),
          organizations.stream().map(OrganizationView::of).toList(),
          profile.language(),
          profile.verificationStatus(),
          ActivityTrace.of(profile),
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

    static PersonName of(User user, WorkspaceProfile profile) {
      var full = user.fullName().map(String::strip).orElse("");
      if (full.isEmpty()) {
        return new PersonName(null, null, null);
      }
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
      String id,
      String name,
      String slug,
      @Nullable String picture,
      @Nullable String webSiteUrl,
      @Nullable String createdAt,
      @Nullable String updatedAt) {

    static OrganizationView of(Organization organization) {
      var profile = WorkspaceOrganizationProfile.of(organization);
      return new OrganizationView(
          WorkspaceId.of(organization),
          organization.name(),
          WorkspaceSlugs.of(organization),
          profile.picture().orElse(null),
          null,
          null,
          null);
    }

    static OrganizationView withTimes(Organization organization) {
      var profile = WorkspaceOrganizationProfile.of(organization);
      return new OrganizationView(
          WorkspaceId.of(organization),
          organization.name(),
          WorkspaceSlugs.of(organization),
          profile.picture().orElse(null),
          profile.webSiteUrl().orElse(null),
          format(organization.created()),
          format(organization.updated()));
    }
  }

  /**
   * When an account was last used, by client. Every sign-in counts as one to the dashboard; of
   * actions, only the sign-in is recorded.
   */
  record ActivityTrace(Map<String, String> lastLogin, Map<String, String> lastAction) {
    static ActivityTrace of(WorkspaceProfile profile) {
      var last =
          profile
              .lastLogin()
              .map(time -> Map.of("dashboard", format(time)))
              .orElse(Map.<String, String>of());
      return new ActivityTrace(last, last);
    }
  }
}
