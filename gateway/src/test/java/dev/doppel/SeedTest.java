package dev.doppel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.doppel.users.IdForm;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Valid and invalid seeds, and the messages for invalid ones. */
class SeedTest {

  private static List<String> problems(String text) {
    var malformed = catchThrowableOfType(BadRequestException.class, () -> Seed.parse(text));
    assertThat(malformed).as("rejected").isNotNull();
    return malformed.lines();
  }

  @Test
  void parse_reportsEveryInvalidRow() {
    assertThat(
            problems(
                """
                organizations:
                  - {name: acme, id: '12'}
                  - {name: acme}
                  - {name: system}
                  - 7
                roles:
                  - {description: none}
                  - name: r
                    extras: {influx: {}, milvus: {grants: [{privilege: Fly}]}}
                users:
                  - {name: ann, status: gone}
                  - {name: bob, id: xyz, email: bob}
                  - {name: bob}
                  - {name: cyd, password: a, passwordHash: b}
                  - {name: ' Root '}
                  - {name: dan, aliases: {influx: not-hex, nonsense: x}}
                  - {name: eve, aliases: {vcloud: 'urn:vcloud:user:00000000-0000-4000-8000-00000000000A'}}
                  - {name: fay, aliases: {workspace: 0123456789abcdef01234567}, id: 00000000000000aa}
                  - {name: gus, aliases: {workspace: 0123456789abcdef01234567}, id: 00000000000000AA}
                  - {name: hal, email: ann}
                  - {name: ian, email: DAN@x.io}
                  - {name: dan@x.io}
                  - {name: jon, organizations: {SYSTEM: owner}, pasword: secret}
                people: []
                """))
        .containsExactly(
            "organizations[3]: this is not allowed; use an object with members",
            "users[0].status: 'gone' is not allowed; use active or inactive",
            "users[12].pasword: not known; use aliases, email, fullName, id, name, organizations,"
                + " password, passwordHash, roles, status, tokens; did you mean 'password'?",
            "people: not known; use organizations, roles, users",
            "organizations[0].id: '12' is not allowed; use 16 hexadecimal digits",
            "organizations[1].name: also given at organizations[0].name",
            "organizations[2].name: 'system' is not allowed; use a name other than System",
            "roles[0].name: at least one character is needed",
            "roles[1].extras: 'influx' is not allowed; use milvus",
            "roles[1].extras.milvus: grants: privilege 'Fly' is not known",
            "users[1].id: 'xyz' is not allowed; use 16 hexadecimal digits",
            "users[1].email: 'bob' is no e-mail address",
            "users[2].name: also given at users[1].name",
            "users[3]: password, passwordHash: one of them is allowed",
            "users[3].passwordHash: not a known form of hash, such as $2b$10$… or $argon2id$…; a"
                + " clear password is given as a password",
            "users[4].name: ' Root ' is reserved",
            "users[5].aliases.influx: 'not-hex': 16 lower-case hexadecimal digits are allowed, not"
                + " all of them 0",
            "users[5].aliases.nonsense: not known; use "
                + Vendors.idForms().stream()
                    .map(IdForm::dialect)
                    .sorted()
                    .collect(Collectors.joining(", ")),
            "users[6].aliases.vcloud: 'urn:vcloud:user:00000000-0000-4000-8000-00000000000A':"
                + " urn:vcloud:user: and a UUID in lower case are allowed",
            "users[8].id: also given at users[7].id",
            "users[8].aliases.workspace: also given at users[7].aliases.workspace",
            "users[9].email: 'ann' is no e-mail address",
            "users[10].email: 'DAN@x.io' is the name at users[11].name");
  }

  @Test
  void parse_reportsNoSecrets() {
    var all =
        problems(
            """
            users:
              - name: ann
                password: S3cret-pass
                passwordHash: S3cret-hash
                tokens:
                  - {token: S3cret-token}
                  - {token: S3cret-token}
                  - {tokenHash: S3cret-digest}
                  - {}
                  - {token: a, tokenHash: b}
                  - {token: x, expires: tomorrow}
                  - {token: y, organization: acme}
                  - {token: z, permissions: []}
                  - {token: w, permissions: [{action: fly, resource: {type: orgs}}]}
                  - {token: v, permissions: [{action: read, resource: {type: orgs, org: acme}}]}
            """);
    assertThat(all).noneMatch(line -> line.contains("S3cret"));
    assertThat(all.subList(2, all.size()))
        .containsExactly(
            "users[0].tokens[1]: also given at users[0].tokens[0]",
            "users[0].tokens[2].tokenHash: $influxdb2-sha256$… with 32 bytes in URL-safe base64 is"
                + " allowed",
            "users[0].tokens[3]: token, tokenHash: one of them is needed",
            "users[0].tokens[4]: token, tokenHash: one of them is needed",
            "users[0].tokens[5].expires: 'tomorrow' is not allowed; use a time such as"
                + " 2027-01-31T12:00:00Z",
            "users[0].tokens[6].organization: permissions are needed beside it",
            "users[0].tokens[7].permissions: at least one is needed; leave them out for a token of"
                + " every dialect",
            "users[0].tokens[8].permissions[0]: action: 'fly' is not allowed; use read or write",
            "users[0].tokens[9].permissions[0].resource.org: 'acme' must be the token's"
                + " organization, which is not given");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "users: [{name: a, roles: [b, null]}]|users[0].roles[1]: null is not allowed; leave it out",
        "users: [{name: a, tokens: [~]}]|users[0].tokens[0]: null is not allowed; leave it out",
        "users: [{name: a, aliases: {influx: ~}}]|users[0].aliases.influx: null is not allowed;"
            + " leave it out",
        "users: [{name: a, organizations: {o: ~}}]|users[0].organizations.o: null is not allowed;"
            + " leave it out",
        "users: [{name: a, roles: b}]|users[0].roles: this is not allowed; use a list",
        "users: [{name: a, tokens: [S3cret]}]|users[0].tokens[0]: this is not allowed; use an"
            + " object with members",
        "users: [{name: a, password: [S3cret]}]|users[0].password: this is not allowed; use a text",
        "users: [{name: a, status: 0}]|users[0].status: '0' is not allowed; use active or inactive",
        "users: a|users: this is not allowed; use a list",
        "[]|this is not allowed; use organizations, roles, users",
        "organizations: [{name: a, aliases: {workspace: x}}]|organizations[0].aliases.workspace:"
            + " 'x' is not allowed; use 24 lower-case hexadecimal digits",
      })
  void parse_namesRowMemberAndWhatIsAllowed(String text, String line) {
    assertThat(problems(text)).containsExactly(line);
  }

  /** Values as in templates whose variables are not set. */
  @Test
  void parse_rejectsEmptyValues() {
    assertThat(
            problems(
                """
                users:
                  - name: ann
                    password:
                  - {name: bob, password: '', roles: ['']}
                  - name: cyd
                    passwordHash:
                  - name: dan
                    tokens: [{token: ''}]
                """))
        .containsExactly(
            "users[0].password: at least one character is needed",
            "users[1].password: at least one character is needed",
            "users[1].roles: at least one character is needed",
            "users[2].passwordHash: not a known form of hash, such as $2b$10$… or $argon2id$…; a"
                + " clear password is given as a password",
            "users[3].tokens[0].token: at least one character is needed");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+1000000000-12-31T23:59:59Z",
        "-1000000000-01-01T00:00:00Z",
        "+10000-01-01T00:00:00Z",
        "1969-12-31T23:59:59Z",
      })
  void parse_rejectsTimesOutOfRange(String expires) {
    assertThat(problems("users: [{name: a, tokens: [{token: t, expires: '" + expires + "'}]}]"))
        .containsExactly(
            "users[0].tokens[0].expires: '%s' is not allowed; use a time such as 2027-01-31T12:00:00Z"
                .formatted(expires));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"null", "{}", "{grants: null}", "{grants: [null]}", "{grants: [{}]}", "[]"})
  void parse_rejectsMalformedExtras(String extras) {
    assertThat(problems("roles: [{name: r, extras: {milvus: " + extras + "}}]"))
        .singleElement()
        .asString()
        .startsWith("roles[0]");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "users: [{name: ann, password: *shared}]|an alias (*) is not allowed; write the value"
            + " itself in line 1, column 31",
        "users: &a [{name: ann}]|an anchor (&) is not allowed in line 1, column 8",
        "users: [{name: ann, password: &S3cret}]|an anchor (&) is not allowed in line 1, column 31",
        "users: [{name: &a ann}]|an anchor (&) is not allowed in line 1, column 16",
        "users: [{name: ann, roles: [&a admin]}]|an anchor (&) is not allowed in line 1, column 29",
        "users: [{&a name: ann}]|an anchor (&) is not allowed in line 1, column 10",
        "users: [&a {name: ann}]|an anchor (&) is not allowed in line 1, column 9",
        "users: [{name: !!binary YW5u}]|a tag (!) is not allowed in line 1, column 16",
        "users: !!set [{name: ann}]|a tag (!) is not allowed in line 1, column 8",
        "users: [{name: ann, name: bob}]|'name': given twice in line 1, column 25",
        "{\"users\":[{\"name\":\"a\",\"name\":\"b\"}]}|'name': given twice in line 1, column 29",
        "{\"users\":[],\"users\":[]}|'users': given twice in line 1, column 20",
        "{\"users\":[]} x|neither YAML nor JSON from line 1, column 14 on",
      })
  void parse_rejectsAliasesAnchorsTagsAndDuplicates(String text, String line) {
    assertThatThrownBy(() -> Seed.parse(text))
        .isInstanceOf(BadRequestException.class)
        .hasMessage(line);
  }

  @Test
  void parse_acceptsMoreThanThreeMegabytes() {
    var text = new StringBuilder("users:\n");
    for (int i = 0; i < 50_000; i++) {
      text.append("  - {name: user").append(i).append(", fullName: ").append("x".repeat(60));
      text.append("}\n");
    }
    assertThat(Seed.parse(text.toString()).users()).hasSize(50_000);
  }

  @Test
  void parse_reportsAtMost100Lines() {
    var all = problems("users: [" + "{}, ".repeat(250) + "]");
    assertThat(all).hasSize(101).last().isEqualTo("and 150 more");
  }

  @Test
  void conflict_hasAtMost100Lines() {
    var lines = IntStream.range(0, 250).mapToObj(i -> "users[" + i + "]").toList();
    assertThat(new SeedConflictException(lines).lines())
        .hasSize(101)
        .last()
        .isEqualTo("and 150 more");
    assertThat(new SeedConflictException(lines)).message().endsWith("users[99]\nand 150 more");
  }
}
