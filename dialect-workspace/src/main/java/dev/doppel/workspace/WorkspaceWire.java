package dev.doppel.workspace;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.doppel.users.Organization;
import dev.doppel.users.Password;
import dev.doppel.users.Token;
import dev.doppel.users.User;
import dev.doppel.workspace.WorkspaceBody.Text;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What travels, in the vendor's words and order. What is absent is left out, never null. */
final class WorkspaceWire {

  static final ObjectMapper JSON =
      new ObjectMapper()
          .setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL)
          .registerModule(new SimpleModule().addSerializer(String.class, new JavaScriptText()));

  /** As JavaScript prints a date. */
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private WorkspaceWire() {}

  private static String date(Instant instant) {
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

  /**
   * @param field path of the member
   */
  record InvalidField(
      List<String> field, String location, List<String> messages, List<String> types) {}

  record Login(
      @Text(oneOf = {"traditional", "google", "github", "bitbucket"}) String provider,
      LoginPayload payload,
      @Text(oneOf = {"es", "en", "fr", "de", "it", "zh", "pt", "ru"}) @Nullable String language) {}

  /**
   * @param email the name of a user who was made elsewhere is taken, too, so the form of an address
   *     isn't asked for
   * @param twoFactorCode no account asks for one
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

  record PasswordChanged(String passwordChanged) {
    static final PasswordChanged OK = new PasswordChanged("OK");
  }

  record TokenView(String token, String expireAt) {
    static TokenView of(String secret, Token token) {
      return new TokenView(secret, date(token.expires().orElseThrow()));
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

  /** An account; what belongs to pictures, 2FA and single sign-on is that of one that has none. */
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
      var extras = WorkspaceExtras.OfUser.of(user);
      var name = PersonName.of(user);
      return new UserView(
          id,
          WorkspaceAddress.of(user).orElse(null),
          name.first(),
          name.last(),
          name.full(),
          extras.picture().orElse(null),
          user.administrator() ? "admin" : "user",
          extras.newsletter(),
          user.password().isPresent(),
          false,
          false,
          selected.map(WorkspaceId::of).orElse(null),
          organizations.stream().map(OrganizationView::of).toList(),
          extras.language(),
          "verified",
          ActivityTrace.NONE,
          intercomUserHash(id),
          date(user.created()),
          date(user.updated()));
    }

    /** The vendor's is keyed by a secret of its own; ours is merely one for each account. */
    private static String intercomUserHash(String id) {
      return UUID.nameUUIDFromBytes(id.getBytes(StandardCharsets.UTF_8))
          .toString()
          .replace("-", "");
    }
  }

  /** Ours is one text, which is split at its last blank; the vendor joins the two with a blank. */
  private record PersonName(@Nullable String first, @Nullable String last, @Nullable String full) {

    static PersonName of(User user) {
      var full = user.fullName().map(String::strip).orElse("");
      if (full.isEmpty()) {
        return new PersonName(null, null, null);
      }
      var blank = full.lastIndexOf(' ');
      return blank < 0
          ? new PersonName(full, null, full)
          : new PersonName(full.substring(0, blank), full.substring(blank + 1), full);
    }
  }

  record OrganizationView(String id, String name, String slug) {

    private static final int SHORTEST_SLUG = 3;

    static OrganizationView of(Organization organization) {
      var id = WorkspaceId.of(organization);
      return new OrganizationView(id, organization.name(), slug(organization.name()).orElse(id));
    }

    /** Letters, digits and hyphens, three of them at least; empty if the name has too few. */
    private static Optional<String> slug(String name) {
      return Optional.of(name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-"))
          .map(text -> text.replaceAll("^-|-$", ""))
          .filter(text -> text.length() >= SHORTEST_SLUG);
    }
  }

  /** When an account was last used, per client; we don't keep it. */
  record ActivityTrace(Map<String, String> lastLogin, Map<String, String> lastAction) {
    static final ActivityTrace NONE = new ActivityTrace(Map.of(), Map.of());
  }
}
