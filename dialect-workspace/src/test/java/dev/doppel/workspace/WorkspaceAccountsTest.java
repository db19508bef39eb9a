package dev.doppel.workspace;

import static dev.doppel.testkit.Await.await;
import static dev.doppel.workspace.WorkspaceFixture.OPERATOR;
import static dev.doppel.workspace.WorkspaceFixture.PASSWORD;
import static dev.doppel.workspace.WorkspaceFixture.STRONG;
import static dev.doppel.workspace.WorkspaceFixture.data;
import static dev.doppel.workspace.WorkspaceFixture.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.NotFoundException;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import dev.doppel.users.Authority;
import dev.doppel.users.Failure;
import dev.doppel.users.NewUser;
import dev.doppel.users.Password;
import dev.doppel.users.Status;
import io.vertx.core.Future;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** The flows of "User Authentication": passwords by mail, verification, and two factors. */
class WorkspaceAccountsTest {

  private static final String FORGOT = "/auth/register/forgot-password";
  private static final String CHANGE = "/auth/register/change-password";
  private static final String VERIFY = "/auth/register/verify";
  private static final String RESEND = "/auth/register/verify-resend";
  private static final String TWO_FACTOR = "/auth/two-factor";

  private final WorkspaceFixture api = new WorkspaceFixture();

  @AfterEach
  void close() {
    api.close();
  }

  private String changePassword(String token, String password) {
    return api.outcome(
        "POST", CHANGE, "", "{'token':'%s','password':'%s'}".formatted(token, password));
  }

  private String forget(String email) {
    return api.outcome("POST", FORGOT, "", "{'email':'" + email + "'}");
  }

  @Nested
  class ForgottenPassword {

    @Test
    void changePassword_replacesPassword_once() {
      var session = api.token("alice", PASSWORD);
      var sent = api.post(FORGOT, "", "{'email':'Alice@doppel.invalid','language':'de'}");
      assertThat(sent.toString()).isEqualTo("{\"done\":true,\"message\":\"Mail sent\"}");
      assertThat(api.mails()).as("the address of a name has the case of the name").isEmpty();
      assertThat(forget("alice@doppel.invalid")).isEqualTo("400 4007");
      api.test.clock().advance(WorkspaceMails.INTERVAL);
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      var token = api.mailedToken("forgot-password", "alice@doppel.invalid");
      assertThat(changePassword(token, "password")).isEqualTo("400 5057");
      assertThat(changePassword(token, STRONG)).isEqualTo("200");
      assertThat(changePassword(token, STRONG + "2")).isEqualTo("403 4006");
      assertThat(api.login("alice", PASSWORD, "").status()).isEqualTo(403);
      assertThat(api.login("alice", STRONG, "").status()).isEqualTo(200);
      assertThat(api.outcome("GET", "/users/profile", session, "")).isEqualTo("401 4004");
    }

    @Test
    void answer_isSame_whetherOrNotAddressHasAccount() {
      api.create(NewUser.named("carol").withEmail("carol@example.com"));
      var known = api.send("POST", FORGOT, "", "{'email':'carol@example.com'}");
      var unknown = api.send("POST", FORGOT, "", "{'email':'nobody@example.com'}");
      assertThat(known.body()).isEqualTo(unknown.body());
      assertThat(known.headers().keySet()).isEqualTo(unknown.headers().keySet());
      assertThat(api.mails()).hasSize(1);
      assertThat(forget("carol@example.com")).isEqualTo("400 4007");
      assertThat(forget("nobody@example.com")).isEqualTo("400 4007");
      assertThat(forget("bob@doppel.invalid")).as("an inactive account").isEqualTo("200");
      assertThat(api.mails()).hasSize(1);
    }

    /** Two addresses lead to the account: that of its name, and its own. */
    @Test
    void secondMailToUser_withinMinute_isNotSent() {
      api.create(NewUser.named("carol@example.com").withEmail("carol@example.org"));
      assertThat(forget("carol@example.com")).isEqualTo("200");
      assertThat(forget("carol@example.org")).isEqualTo("200");
      assertThat(api.mails()).hasSize(1);
      assertThat(api.mails().get(0).to()).isEqualTo("carol@example.org");
    }

    @Test
    void addressThatIsShown_isAccepted() {
      api.create(NewUser.named("J\u00fcrgen K").withPassword(new Password(PASSWORD)));
      var profile = api.get("/users/profile", api.token("J\u00fcrgen K", PASSWORD));
      assertThat(profile.path("email").asText()).isEqualTo("J%C3%BCrgen%20K@doppel.invalid");
      assertThat(forget(profile.path("email").asText())).isEqualTo("200");
      var token = api.mailedToken("forgot-password", "J%C3%BCrgen%20K@doppel.invalid");
      assertThat(changePassword(token, STRONG)).isEqualTo("200");
      assertThat(forget("%zz@doppel.invalid")).isEqualTo("400 3000");
    }

    @Test
    void interval_countsByRealmsClock() {
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      api.test.clock().advance(Duration.ofSeconds(59));
      assertThat(forget("alice@doppel.invalid")).isEqualTo("400 4007");
      api.test.clock().advance(Duration.ofSeconds(1));
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      assertThat(api.mails()).hasSize(2);
    }

    /** Anybody can ask for later mails, and must not end the earlier one that a user follows. */
    @Test
    void token_staysValidBesideLaterOnes_untilOneIsUsed() {
      var first = mailToAlice();
      var second = mailToAlice();
      assertThat(changePassword(first, STRONG)).isEqualTo("200");
      assertThat(changePassword(second, STRONG + "2")).isEqualTo("403 4006");
    }

    @Test
    void token_endsWithTimeAndChangesOfUser() {
      var second = mailToAlice();
      api.test.clock().advance(Duration.ofHours(1));
      assertThat(changePassword(second, STRONG)).as("expired").isEqualTo("403 4006");
      var third = mailToAlice();
      var changed =
          api.outcome(
              "POST",
              "/users/profile/change-password",
              api.token("alice", PASSWORD),
              "{'oldPassword':'%s','newPassword':'%s'}".formatted(PASSWORD, STRONG));
      assertThat(changed).isEqualTo("200");
      assertThat(changePassword(third, STRONG)).as("another password").isEqualTo("403 4006");
      var fourth = mailToAlice();
      setStatus(Status.INACTIVE);
      assertThat(changePassword(fourth, STRONG)).as("inactive").isEqualTo("403 4006");
      setStatus(Status.ACTIVE);
      assertThat(changePassword(fourth, STRONG)).as("active again").isEqualTo("403 4006");
      var fifth = mailToAlice();
      await(api.test.realm().users().by(Authority.SERVER).delete(api.user("alice").id()));
      api.create(NewUser.named("alice").withPassword(new Password(PASSWORD)));
      assertThat(changePassword(fifth, STRONG)).as("created again").isEqualTo("403 4006");
      assertThat(api.login("alice", PASSWORD, "").status()).isEqualTo(200);
    }

    private String mailToAlice() {
      api.test.clock().advance(WorkspaceMails.INTERVAL);
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      return api.mailedToken("forgot-password", "alice@doppel.invalid");
    }

    private void setStatus(Status status) {
      await(
          api.test
              .realm()
              .users()
              .by(Authority.SERVER)
              .update(api.user("alice").id(), user -> user.withStatus(status)));
    }

    @Test
    void token_authenticatesNothing() {
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      var token = api.mailedToken("forgot-password", "alice@doppel.invalid");
      assertThat(api.outcome("GET", "/users/profile", token, "")).isEqualTo("401 4004");
      assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + token + "'}"))
          .isEqualTo("403 4006");
      for (var dialect : List.of("influx", "milvus", "vcloud", "workspace")) {
        assertThat(
                await(
                    api.test
                        .realm()
                        .tokens()
                        .find(token, dialect)
                        .map(found -> "found")
                        .recover(thrown -> Future.succeededFuture("not found"))))
            .as(dialect)
            .isEqualTo("not found");
      }
    }

    /** A token that is valid in every dialect is none of a mail. */
    @Test
    void changePassword_rejectsTokensOfOtherKinds() {
      var session = api.token("alice", PASSWORD);
      for (var token : List.of(OPERATOR, session, "x")) {
        assertThat(changePassword(token, STRONG)).isEqualTo("403 4006");
        assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + token + "'}"))
            .isEqualTo("403 4006");
      }
      assertThat(api.login("root", dev.doppel.testkit.TestRealm.ROOT_PASSWORD, "").status())
          .isEqualTo(200);
    }

    @Test
    void changePassword_atSameTime_succeedsOnce() {
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      var token = api.mailedToken("forgot-password", "alice@doppel.invalid");
      var found =
          await(
              WorkspaceMails.find(
                  api.test.realm(), token, List.of(WorkspaceMails.Purpose.FORGOT_PASSWORD)));
      assertThat(changePassword(token, STRONG)).isEqualTo("200");
      assertThat(
              await(
                  WorkspaceMails.use(api.test.realm(), found)
                      .map("used")
                      .recover(thrown -> Future.succeededFuture("refused"))))
          .isEqualTo("refused");
    }

    @Test
    void malformedBodies_areRefused() {
      assertThat(api.outcome("POST", FORGOT, "", "{'email':'alice'}")).isEqualTo("400 3000");
      assertThat(api.outcome("POST", FORGOT, "", "{'email':'a@b.de','language':'tlh'}"))
          .isEqualTo("400 3000");
      assertThat(changePassword("t".repeat(129), STRONG)).isEqualTo("400 3000");
      assertThat(changePassword("t", "short")).isEqualTo("400 3000");
    }
  }

  @Nested
  class Verification {

    @Test
    void registration_isPending_untilVerified() {
      api.register("ann@example.com");
      var token = api.token("ann@example.com", STRONG);
      assertThat(api.get("/users/profile", token).path("verificationStatus").asText())
          .isEqualTo("pending");
      var mailed = api.mailedToken("verify", "ann@example.com");
      assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + mailed + "'}")).isEqualTo("200");
      assertThat(api.get("/users/profile", token).path("verificationStatus").asText())
          .isEqualTo("verified");
      assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + mailed + "'}"))
          .isEqualTo("403 4006");
    }

    private String resend(String password) {
      return api.outcome(
          "POST", RESEND, "", "{'email':'ann@example.com','password':'%s'}".formatted(password));
    }

    @Test
    void resend_needsPassword_andWaitsAMinute() {
      api.register("ann@example.com");
      assertThat(resend("wrong")).isEqualTo("403 4006");
      assertThat(resend(STRONG)).isEqualTo("200");
      assertThat(resend(STRONG)).isEqualTo("400 4007");
      assertThat(api.mails()).hasSize(2);
      var first = api.mails().get(0).token().orElseThrow();
      assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + first + "'}"))
          .as("replaced")
          .isEqualTo("403 4006");
      api.test.clock().advance(WorkspaceMails.INTERVAL);
      assertThat(resend(STRONG)).isEqualTo("200");
    }

    /** The mail proves the address that it was sent to, and no other. */
    @Test
    void tokenOfFormerAddress_isRefused() {
      api.register("ann@example.com");
      var mailed = api.mailedToken("verify", "ann@example.com");
      assertThat(forget("ann@example.com")).isEqualTo("200");
      var forgotten = api.mailedToken("forgot-password", "ann@example.com");
      await(
          api.test
              .realm()
              .users()
              .by(Authority.SERVER)
              .update(
                  api.user("ann@example.com").id(),
                  user ->
                      user.withEmail(
                          Optional.of("other@example.com"), api.test.clock().instant())));
      assertThat(api.outcome("POST", VERIFY, "", "{'token':'" + mailed + "'}"))
          .isEqualTo("403 4006");
      assertThat(changePassword(forgotten, STRONG + "2")).isEqualTo("403 4006");
      var login = data(api.login("ann@example.com", STRONG, ""));
      assertThat(login.at("/user/verificationStatus").asText()).isEqualTo("pending");
    }

    /** Whoever registers the address of another must not keep access to the other's account. */
    @Test
    void firstProofOfAddress_endsTokensAndSecondFactor() {
      api.register("ann@example.com");
      takeOver("ann@example.com", STRONG, "before");
      assertThat(forget("ann@example.com")).isEqualTo("200");
      var mailed = api.mailedToken("forgot-password", "ann@example.com");
      assertThat(changePassword(mailed, STRONG + "2")).isEqualTo("200");
      assertThat(api.outcome("GET", "/users/profile", "before", "")).isEqualTo("401 4004");
      assertThat(api.outcome("GET", "/users/profile", "before 2", "")).isEqualTo("401 4004");
      var login = data(api.login("ann@example.com", STRONG + "2", ""));
      assertThat(login.at("/user/has2FAActive").asBoolean()).isFalse();

      takeOver("ann@example.com", STRONG + "2", "after");
      api.test.clock().advance(WorkspaceMails.INTERVAL);
      assertThat(forget("ann@example.com")).isEqualTo("200");
      var next = api.mailedToken("forgot-password", "ann@example.com");
      assertThat(changePassword(next, STRONG + "3")).isEqualTo("200");
      assertThat(api.outcome("GET", "/users/profile", "after", ""))
          .as("the account was the owner's already")
          .isEqualTo("200");
      assertThat(WorkspaceFixture.outcome(api.login("ann@example.com", STRONG + "3", "")))
          .isEqualTo("401 4014");
    }

    private void takeOver(String name, String password, String secret) {
      var session = api.token(name, password);
      var factor = api.get(TWO_FACTOR, session).path("secret").asText();
      var code = Rfc6238.code(factor, api.test.clock().instant());
      api.post(TWO_FACTOR, session, "{'secret':'%s','twoFactorCode':'%s'}".formatted(factor, code));
      for (var token : List.of(secret, secret + " 2")) {
        await(api.test.realm().tokens().issueForEveryDialect(token, api.user(name), ""));
      }
    }

    @Test
    void forgottenPassword_verifiesAsWell() {
      api.register("ann@example.com");
      assertThat(forget("ann@example.com")).isEqualTo("200");
      var mailed = api.mailedToken("forgot-password", "ann@example.com");
      assertThat(changePassword(mailed, STRONG + "2")).isEqualTo("200");
      var login = data(api.login("ann@example.com", STRONG + "2", ""));
      assertThat(login.at("/user/verificationStatus").asText()).isEqualTo("verified");
    }

    @Test
    void serviceAccountDomain_isNotRegistered() {
      var body =
          "{'email':'x@acme.iam.applivery.io','password':'%s','firstName':'A','lastName':'B',"
              + "'newsletter':false}";
      assertThat(api.outcome("POST", "/auth/register", "", body.formatted(STRONG)))
          .isEqualTo("400 5035");
    }
  }

  @Nested
  class TwoFactors {

    private String code(String name) {
      return api.dialect.secondFactorCode(api.user(name)).orElseThrow().code();
    }

    private String login(String more) {
      return WorkspaceFixture.outcome(api.login("alice", PASSWORD, more));
    }

    private String activate(String token, String secret, String code) {
      return api.outcome(
          "POST",
          TWO_FACTOR,
          token,
          "{'secret':'%s','twoFactorCode':'%s'}".formatted(secret, code));
    }

    /** The test computes codes as RFC 6238 does, from the secret that the client gets. */
    @Test
    void flow_fromActivationToDeactivation() {
      var token = api.token("alice", PASSWORD);
      var secret = api.get(TWO_FACTOR, token).path("secret").asText();
      assertThat(login("")).as("not activated yet").isEqualTo("200");
      assertThat(activate(token, secret, "000000")).isEqualTo("401 4013");
      var now = api.test.clock().instant();
      assertThat(activate(token, secret, Rfc6238.code(secret, now))).isEqualTo("200");
      assertThat(code("alice")).isEqualTo(Rfc6238.code(secret, now));
      assertThat(api.get("/users/profile", token).path("has2FAActive").asBoolean()).isTrue();

      assertThat(json(api.login("alice", PASSWORD, "")).toString())
          .isEqualTo(
              "{\"status\":false,\"error\":{\"code\":4014,"
                  + "\"message\":\"Required two factor code\"}}");
      assertThat(login(",'twoFactorCode':'000000'")).isEqualTo("401 4013");
      assertThat(WorkspaceFixture.outcome(api.login("alice", "wrong", "")))
          .as("a wrong password says nothing of two factors")
          .isEqualTo("403 4006");
      assertThat(loginWith(Rfc6238.code(secret, now.minusSeconds(30))))
          .as("of the step before")
          .isEqualTo("200");
      assertThat(loginWith(Rfc6238.code(secret, now))).isEqualTo("200");
      api.test.clock().advance(Duration.ofSeconds(30));
      api.test.clock().advance(Duration.ofSeconds(30));
      assertThat(login(",'twoFactorCode':'" + Rfc6238.code(secret, now) + "'"))
          .as("of two steps before")
          .isEqualTo("401 4013");

      assertThat(api.outcome("DELETE", TWO_FACTOR, token, "{'password':'wrong'}"))
          .isEqualTo("401 4013");
      assertThat(api.outcome("DELETE", TWO_FACTOR, token, "{}")).isEqualTo("400 3000");
      var off = data(api.send("DELETE", TWO_FACTOR, token, "{'password':'" + PASSWORD + "'}"));
      assertThat(off.toString()).isEqualTo("{\"activate\":\"OK\"}");
      assertThat(login("")).isEqualTo("200");
      assertThat(api.dialect.secondFactorCode(api.user("alice"))).isEmpty();
      assertThat(api.outcome("DELETE", TWO_FACTOR, token, "{'password':'" + PASSWORD + "'}"))
          .isEqualTo("404 3001");
    }

    private String loginWith(String code) {
      return login(",'twoFactorCode':'" + code + "'");
    }

    /** Whoever sees a code being typed must not sign in with it. */
    @Test
    void code_isUsedOnce_asThoseBeforeIt() {
      var secret = activateFor(api.token("alice", PASSWORD));
      var now = api.test.clock().instant();
      var first = code("alice");
      assertThat(first).isEqualTo(Rfc6238.code(secret, now));
      assertThat(loginWith(first)).isEqualTo("200");
      assertThat(loginWith(first)).isEqualTo("401 4013");
      assertThat(loginWith(Rfc6238.code(secret, now.minusSeconds(30)))).isEqualTo("401 4013");
      assertThat(code("alice")).isEqualTo(Rfc6238.code(secret, now.plusSeconds(30)));
      assertThat(loginWith(code("alice"))).isEqualTo("200");
      assertThat(loginWith(code("alice"))).as("until the next step").isEqualTo("401 4013");
      api.test.clock().advance(Duration.ofSeconds(30));
      assertThat(loginWith(first)).isEqualTo("401 4013");
      assertThat(loginWith(code("alice"))).isEqualTo("200");
      api.test.clock().advance(Duration.ofHours(-1));
      assertThat(loginWith(code("alice"))).as("a clock that was set back").isEqualTo("200");
    }

    @Test
    void code_atSameTime_isUsedOnce() {
      activateFor(api.token("alice", PASSWORD));
      var factor = new WorkspaceTwoFactor(api.test.realm());
      var passed = await(factor.verify(api.user("alice"), Optional.of(code("alice")), ""));
      assertThat(loginWith(code("alice"))).isEqualTo("200");
      assertThatThrownBy(() -> passed.use(WorkspaceProfile.of(api.user("alice"))))
          .isInstanceOf(Failure.class);
    }

    /** Otherwise a stolen token would replace the second factor without the password. */
    @Test
    void activation_keepsActiveSecret() {
      var token = api.token("alice", PASSWORD);
      var secret = activateFor(token);
      var other = api.get(TWO_FACTOR, token).path("secret").asText();
      assertThat(other).isNotEqualTo(secret);
      assertThat(activate(token, other, Rfc6238.code(other, api.test.clock().instant())))
          .isEqualTo("403 4003");
      assertThat(code("alice")).isEqualTo(Rfc6238.code(secret, api.test.clock().instant()));
    }

    private String activateFor(String token) {
      var secret = api.get(TWO_FACTOR, token).path("secret").asText();
      assertThat(activate(token, secret, Rfc6238.code(secret, api.test.clock().instant())))
          .isEqualTo("200");
      return secret;
    }

    @Test
    void activation_rejectsWeakAndMalformedSecrets() {
      var token = api.token("alice", PASSWORD);
      for (var secret : List.of("AAAAAAAA", "not base32 at all", "a".repeat(32), "1".repeat(32))) {
        assertThat(activate(token, secret, "000000")).as(secret).isEqualTo("401 4013");
      }
    }

    @Test
    void forgottenPassword_keepsSecondFactor() {
      activateFor(api.token("alice", PASSWORD));
      assertThat(forget("alice@doppel.invalid")).isEqualTo("200");
      var mailed = api.mailedToken("forgot-password", "alice@doppel.invalid");
      assertThat(changePassword(mailed, STRONG)).isEqualTo("200");
      assertThat(WorkspaceFixture.outcome(api.login("alice", STRONG, ""))).isEqualTo("401 4014");
    }

    @Test
    void secret_isInNoText() {
      var secret = activateFor(api.token("alice", PASSWORD));
      var user = api.user("alice");
      assertThat(user.extras("workspace").orElseThrow()).contains(secret);
      assertThat(user.toString()).doesNotContain(secret);
      assertThat(api.dialect.secondFactorCode(user).toString()).doesNotContain(code("alice"));
      var shown = await(api.dialect.show(user)).fields().toString();
      assertThat(shown).contains("has2FAActive").doesNotContain(secret);
      assertThat(api.send("GET", "/users/" + api.idOf("alice"), OPERATOR, "").body())
          .doesNotContain(secret);
    }

    /** Another library reads the image. Each text is as short as the vendor's page says. */
    @Test
    void qr_isImageOfUri() throws Exception {
      var longest = "x".repeat(64) + "@" + "example.".repeat(23) + "com";
      api.create(NewUser.named("long").withEmail(longest).withPassword(new Password(PASSWORD)));
      api.create(
          NewUser.named("strange")
              .withEmail("\uD83D\uDE00 \uD83D+&=@example.com")
              .withPassword(new Password(PASSWORD)));
      for (var name : List.of("alice", "long", "strange")) {
        var made = api.get(TWO_FACTOR, api.token(name, PASSWORD));
        var uri = made.path("uri").asText();
        assertThat(made.path("secret").asText()).matches("[A-Z2-7]{32}");
        assertThat(uri)
            .matches(
                "otpauth://totp/Applivery:[A-Za-z0-9%._*-]+\\?secret="
                    + made.path("secret").asText());
        assertThat(made.path("qr").asText()).startsWith("data:image/png;base64,");
        assertThat(made.path("qr").asText().length()).as(name).isLessThanOrEqualTo(500);
        assertThat(read(made.path("qr").asText())).isEqualTo(uri);
      }
      assertThat(api.get(TWO_FACTOR, api.token("alice", PASSWORD)).path("uri").asText())
          .startsWith("otpauth://totp/Applivery:alice%40doppel.invalid?");
    }

    /** Enlarges the image, as whatever shows it does, and reads it. */
    private static String read(String dataUri) throws IOException, NotFoundException, Exception {
      var png = Base64.getDecoder().decode(dataUri.substring(dataUri.indexOf(',') + 1));
      var image = ImageIO.read(new ByteArrayInputStream(png));
      var factor = 4;
      var size = image.getWidth() * factor;
      var pixels = new int[size * size];
      for (int i = 0; i < pixels.length; i++) {
        pixels[i] = image.getRGB(i % size / factor, i / size / factor);
      }
      var source = new RGBLuminanceSource(size, size, pixels);
      return new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(source))).getText();
    }
  }

  @Nested
  class ActivityTrace {

    @Test
    void login_isShown_butChangesNoAccount() {
      var before = api.user("alice");
      api.test.clock().advance(Duration.ofMinutes(5));
      var shown = data(api.login("alice", PASSWORD, "")).path("user");
      assertThat(shown.path("activityTrace").toString())
          .isEqualTo(
              "{\"lastLogin\":{\"dashboard\":\"2026-03-04T05:11:07.891Z\"},"
                  + "\"lastAction\":{\"dashboard\":\"2026-03-04T05:11:07.891Z\"}}");
      assertThat(shown.path("updatedAt").asText()).isEqualTo("2026-03-04T05:06:07.891Z");
      assertThat(api.user("alice").updated()).isEqualTo(before.updated());
      api.test.clock().advance(Duration.ofMinutes(5));
      assertThat(api.login("alice", "wrong", "").status()).isEqualTo(403);
      assertThat(
              api.get("/users/" + api.idOf("alice"), OPERATOR)
                  .at("/activityTrace/lastLogin/dashboard")
                  .asText())
          .isEqualTo("2026-03-04T05:11:07.891Z");
    }
  }

  @Nested
  class SingleSignOn {

    @Test
    void callbacksAndProviders_areRefusedInVendorsWords() {
      var refused = "{\"status\":false,\"error\":{\"code\":5138,\"message\":\"Not implemented\"}}";
      assertThat(api.send("POST", "/auth/sso/acme/saml/callback", "", "{}").body())
          .isEqualTo(refused);
      assertThat(
              api.send(
                      "POST",
                      "/auth/login",
                      "",
                      "{'provider':'google','payload':{'email':'a@b.de','password':'x'}}")
                  .body())
          .isEqualTo(refused);
      assertThat(api.send("POST", "/organizations/doppel/providers", OPERATOR, "{}").body())
          .isEqualTo(refused);
    }
  }
}
