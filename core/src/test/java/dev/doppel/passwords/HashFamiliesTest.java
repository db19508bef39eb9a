package dev.doppel.passwords;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Verifies passwords against hashes from other implementations.
 *
 * <pre>
 *   given.json      valid and invalid hashes of products and tools from which users are imported
 *   made.json       each form with seven kinds of passwords, from the tools named there
 *   published.json  test vectors of the algorithms' own projects
 * </pre>
 */
class HashFamiliesTest {

  /**
   * A hash from another implementation.
   *
   * @param source the implementation, and the kind of password
   * @param accept whether the hash is supported
   */
  record Vector(String source, String password, String hash, boolean accept) {

    byte[] bytes() {
      return password.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public String toString() {
      return source;
    }
  }

  private static Stream<Vector> read(String file) throws IOException {
    try (var in = HashFamiliesTest.class.getResourceAsStream("/hashes/" + file)) {
      return new ObjectMapper()
              .readValue(
                  Objects.requireNonNull(in), new TypeReference<List<Map<String, Object>>>() {})
              .stream()
              .map(
                  one ->
                      new Vector(
                          Stream.of("source", "made_by", "kind", "case")
                              .filter(one::containsKey)
                              .map(member -> (String) one.get(member))
                              .reduce((left, right) -> left + ", " + right)
                              .orElseThrow(),
                          (String) one.get("password"),
                          (String) one.get("hash"),
                          (boolean) one.getOrDefault("accept", true)));
    }
  }

  static Stream<Vector> all() throws IOException {
    return Stream.of(read("given.json"), read("made.json"), read("published.json"))
        .flatMap(vectors -> vectors);
  }

  static Stream<Vector> accepted() throws IOException {
    return all().filter(Vector::accept);
  }

  static Stream<Vector> rejected() throws IOException {
    return all().filter(vector -> !vector.accept);
  }

  @ParameterizedTest
  @MethodSource("accepted")
  void matches_acceptsOnlyTheRightPassword(Vector vector) {
    var hash = HashFamilies.parse(vector.hash);
    assertThat(hash.matches(vector.bytes())).isTrue();
    assertThat(hash.matches(("x" + vector.password).getBytes(StandardCharsets.UTF_8))).isFalse();
    if (vector.password.length() > 1) {
      var shorter = vector.password.substring(0, vector.password.length() - 1);
      var cut = shorter.getBytes(StandardCharsets.UTF_8);
      assertThat(hash.matches(cut)).isEqualTo(!hash.readsWhole(cut));
    }
  }

  @ParameterizedTest
  @MethodSource("rejected")
  void parse_rejectsWithAReasonWithoutTheHash(Vector vector) {
    var rejected =
        catchThrowableOfType(UnsupportedHashException.class, () -> HashFamilies.parse(vector.hash));
    assertThat(rejected).isNotNull();
    assertThat(rejected.getMessage()).isNotBlank().doesNotContain(vector.hash);
  }

  /** A wrapped hash matches the same passwords as the original. */
  @ParameterizedTest
  @MethodSource("accepted")
  void wrap_hidesWeakHashes(Vector vector) {
    var weak = HashFamilies.parse(vector.hash);
    if (!weak.isWeak()) {
      assertThatThrownBy(() -> weak.wrap(text -> text)).isInstanceOf(IllegalStateException.class);
      return;
    }
    var wrapped = weak.wrap(HashFamiliesTest::hashedForTests);
    assertThat(wrapped).doesNotContain(vector.hash);
    var parsed = HashFamilies.parse(wrapped);
    assertThat(parsed.isWeak()).isFalse();
    assertThat(parsed.matches(vector.bytes())).isTrue();
    assertThat(parsed.matches("wrong".getBytes(StandardCharsets.UTF_8))).isFalse();
    // The original hash, which an attacker may know, is not accepted as a password.
    assertThat(parsed.matches(vector.hash.getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  private static String hashedForTests(String text) {
    return com.password4j.Password.hash(text)
        .addRandomSalt(16)
        .with(com.password4j.CompressedPBKDF2Function.getInstance("SHA256", 10, 256))
        .getResult();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      textBlock =
          """
          {SHA}DNIqmdhH4oNN9h+iMcRYTA4TUjc= true
          {MD5}CY9rzUYh03PK3k6DJie09g== true
          098f6bcd4621d373cade4e832627b4f6 true
          $md5$CY9rzUYh03PK3k6DJie09g== true
          $1$7eazdyYZ$fTBSSmXcpIIKQMWmR53fb. true
          $apr1$iS6XOHEl$xdqbMvzaGvs0QF3GW9XFU1 true
          $P$HhHL8VIAeA5md7vp.4pJejuPhS9VMY. true
          {SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a false
          $2b$10$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK false
          $5$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 false
          """)
  void isWeak_isTrueForUnsaltedAndMd5HashesOnly(String hash, boolean weak) {
    assertThat(HashFamilies.parse(hash).isWeak()).isEqualTo(weak);
  }

  /** Each is just within a limit or just beyond it. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      nullValues = "-",
      textBlock =
          """
          $2b$15$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK -
          $2b$16$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK bcrypt_cost_16
          $2b$03$vwJZv2o3rKTrUKgakof7X.F0hubkbSjkoVEGPKhzF.nDFrjjieJMK bcrypt_cost_3
          $argon2id$v=19$m=8,t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw -
          $argon2id$v=19$m=7,t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_m_must
          $argon2id$v=19$m=1024,t=1024,p=64$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw -
          $argon2id$v=19$m=1024,t=1025,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_t_1025
          $argon2id$v=19$m=1024,t=1,p=65$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_p_65
          $argon2id$v=19$m=1024,t=1,p=0$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_p_0
          $argon2id$v=19$m=262145,t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_needs
          $argon2id$v=19$m=999999999999,t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_m
          $argon2id$v=19$m=1024,t=1,p=1,x=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_has_an_unknown
          $argon2id$v=19$m=1024,t=1,t=2,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_has_the_parameter_t
          $argon2id$v=19$m=1024,t=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw Argon2_lacks
          $argon2id$v=19$m=1024,t=1,p=1$c29tZXNh$Pt7jgucTcXViYUrJYrcVDw Argon2_salt
          $argon2id$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$Pt7jgg Argon2_digest
          $argon2x$v=19$m=1024,t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw not_of_the_form
          $pbkdf2-sha256$2000000$c2FsdA$Pt7jgucTcXViYUrJYrcVDw -
          $pbkdf2-sha256$2000001$c2FsdA$Pt7jgucTcXViYUrJYrcVDw PBKDF2_rounds
          $pbkdf2-sha256$0$c2FsdA$Pt7jgucTcXViYUrJYrcVDw PBKDF2_rounds
          $pbkdf2-sha256$1000$$Pt7jgucTcXViYUrJYrcVDw PBKDF2_salt
          $pbkdf2-sha256$i=1000,l=17$c2FsdA$Pt7jgucTcXViYUrJYrcVDw PBKDF2_digest_has_16
          $scrypt$ln=17,r=8,p=4$c2FsdA$Pt7jgucTcXViYUrJYrcVDw -
          $scrypt$ln=17,r=8,p=5$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_p_5
          $scrypt$ln=1,r=32,p=64$c2FsdA$Pt7jgucTcXViYUrJYrcVDw -
          $scrypt$ln=1,r=1024,p=1024$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_r_1024
          $scrypt$ln=1,r=1,p=65$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_p_65
          $scrypt$ln=19,r=8,p=1$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_needs
          $scrypt$ln=1000,r=8,p=1$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_N
          $scrypt$ln=25,r=8,p=1$c2FsdA$Pt7jgucTcXViYUrJYrcVDw scrypt_ln_25
          $5$rounds=1000000$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 -
          $5$rounds=1000001$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 crypt_rounds
          $5$rounds=999$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5 crypt_rounds
          $5$saltstring$5B8vYYiY crypt_$5$_digest
          $1$123456789$fTBSSmXcpIIKQMWmR53fb. not_of_the_form
          $P$IhHL8VIAeA5md7vp.4pJejuPhS9VMY. -
          $P$JhHL8VIAeA5md7vp.4pJejuPhS9VMY. phpass_cost_21
          $P$4hHL8VIAeA5md7vp.4pJejuPhS9VMY. phpass_cost_6
          {SSHA}DNIqmdhH4oNN9h+iMcRYTA4TUjc= SSHA_salt
          {SHA}DNIqmdhH4oNN9h+iMcRYTA4T SHA-1_digest_has
          {CLEARTEXT}hunter2 LDAP_{CLEARTEXT}
          {CRYPT}ab0123456789. LDAP_{CRYPT}
          {WHATEVER}x LDAP_scheme
          $y$j9T$abc$def yescrypt
          !abc marks_an_account
          *LK* marks_an_account
          $wrapped$abc not_of_the_form
          {CRYPT}$wrapped$e01ENX1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBPT0$wrapped$e01ENX1B$md5$CY9rzUYh03PK3k6DJie09g== a_hash_that_is_wrapped_twice
          $wrapped$e01ENX1BQUFBQUFBQUFBQUFBQUFBQUFBQUFBPT0$md5$CY9rzUYh03PK3k6DJie09g== a_wrapped_hash_needs
          $sha256$pf=e1BBU1NXT1JEfXtQQVNTV09SRH17UEFTU1dPUkR9e1BBU1NXT1JEfXtQQVNTV09SRH0=$c2FsdA==$0gfRVLCvtBCk20udLDEY5vNhujWx7RGjwRIS1ebMsLY= Kratos_template:_a_number
          {"credentialData":"{}"} Keycloak_credential_has_no_secretData
          {"x Keycloak_credential_is_not
          """)
  void parse_rejectsHashesBeyondTheLimits(String hash, String reason) {
    if (reason == null) {
      assertThat(HashFamilies.parse(hash)).isNotNull();
    } else {
      assertThatThrownBy(() -> HashFamilies.parse(hash))
          .isInstanceOf(UnsupportedHashException.class)
          .hasMessageStartingWith(reason.replace('_', ' '));
    }
  }

  @Test
  void parse_allocatesNoMemoryForTheParameters() {
    var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    var salted = ",t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw";
    HashFamilies.parse("$argon2id$v=19$m=65536" + salted);
    var before = threads.getCurrentThreadAllocatedBytes();
    for (int i = 0; i < 1_000; i++) {
      HashFamilies.parse("$argon2id$v=19$m=" + (65_536 + i) + salted);
    }
    assertThat((threads.getCurrentThreadAllocatedBytes() - before) / 1_000).isLessThan(20_000);
  }

  @Test
  void matches_releasesItsMemory() {
    var salted = ",t=1,p=1$c29tZXNhbHQ$Pt7jgucTcXViYUrJYrcVDw";
    for (int i = 0; i < 60; i++) { // 60 times 64 MiB is more than a test's heap
      assertThat(
              HashFamilies.parse("$argon2id$v=19$m=" + (65_536 + 8 * i) + salted)
                  .matches(new byte[0]))
          .isFalse();
    }
  }

  @Test
  void matches_limitsTheCostOfLongPasswords() {
    var megabyte = new byte[1 << 20];
    for (var hash :
        new String[] {
          "$5$rounds=1000000$saltstring$5B8vYYiY.CVt1RlTTf8KbXBH3hsxY/GNooZaBBGWEc5",
          "$P$IhHL8VIAeA5md7vp.4pJejuPhS9VMY."
        }) {
      assertThat(HashFamilies.parse(hash).matches(megabyte)).isFalse();
    }
  }

  @Test
  void toString_hidesTheHash() {
    var hash = "{SSHA}JFZFs0oHzxbMwkSJmYVeI8MnTDy/276a";
    assertThat(HashFamilies.parse(hash)).hasToString("StoredHash[hidden]");
  }
}
