package dev.doppel.gateway.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion.VersionFlag;
import dev.doppel.BadRequestException;
import dev.doppel.Doppel;
import dev.doppel.Seed;
import dev.doppel.Vendors;
import dev.doppel.dialect.Vendor;
import dev.doppel.gateway.Http;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema of the control plane accepts and rejects the same seeds as the parser. */
class SeedSchemaTest {

  private static final Pattern SAMPLE = Pattern.compile("(?s)```yaml\n(organizations:.*?)```");
  private static final ObjectMapper YAML = new YAMLMapper();

  private final JsonNode document = served();
  private final JsonSchema schema =
      JsonSchemaFactory.getInstance(VersionFlag.V202012).getSchema(document);

  private static JsonNode served() {
    try (var doppel = Doppel.start()) {
      var answer = new Http(doppel.uri()).control("GET", "seed/schema", "");
      return new ObjectMapper().readTree(answer.substring("200 ".length()));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static String documentedSample() throws IOException {
    var found = SAMPLE.matcher(Files.readString(Path.of("..", "docs", "seeds.md")));
    assertThat(found.find()).isTrue();
    return found.group(1);
  }

  @Test
  void schema_acceptsDocumentedSample() throws IOException {
    var sample = documentedSample();
    assertThat(schema.validate(YAML.readTree(sample))).isEmpty();
    assertThat(Seed.parse(sample).users()).isNotEmpty();
  }

  @Test
  void properties_areRecordComponents() {
    var records =
        Map.of(
            "organization", Seed.SeededOrganization.class,
            "role", Seed.SeededRole.class,
            "user", Seed.SeededUser.class,
            "token", Seed.SeededToken.class,
            "permission", Seed.SeededPermission.class);
    records.forEach(
        (name, type) -> assertThat(properties("/$defs/" + name)).isEqualTo(components(type)));
    assertThat(properties("")).isEqualTo(components(Seed.class));
    assertThat(properties("/$defs/permission/properties/resource"))
        .isEqualTo(components(Seed.SeededResource.class));
  }

  @Test
  void aliases_areThoseOfTheVendors() {
    assertThat(properties("/$defs/user/properties/aliases"))
        .isEqualTo(vendors(vendor -> vendor.idForm().isPresent()));
    assertThat(properties("/$defs/organization/properties/aliases"))
        .isEqualTo(vendors(vendor -> vendor.organizationIds().isPresent()));
  }

  private static Set<String> vendors(Predicate<Vendor<?>> which) {
    return Vendors.all().stream()
        .filter(which)
        .map(Vendor::name)
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private Set<String> properties(String path) {
    var names = new TreeSet<String>();
    document.at(path + "/properties").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static Set<String> components(Class<?> type) {
    var names = new TreeSet<String>();
    Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName).forEach(names::add);
    return names;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "users: [{}]",
        "users: [{name: ''}]",
        "users: [{name: a, nickname: b}]",
        "users: [{name: a, id: '12'}]",
        "users: [{name: a, status: gone}]",
        "users: [{name: a, password: b, passwordHash: '{SHA}DNIqmdhH4oNN9h+iMcRYTA4TUjc='}]",
        "users: [{name: a, organizations: {acme: boss}}]",
        "users: [{name: a, aliases: {influx: xyz}}]",
        "users: [{name: a, aliases: {milvus: b}}]",
        "users: [{name: a, tokens: [{}]}]",
        "users: [{name: a, tokens: [{token: t, tokenHash: h}]}]",
        "users: [{name: a, tokens: [{tokenHash: h}]}]",
        "users: [{name: a, tokens: [{token: t, organization: acme}]}]",
        "users: [{name: a, tokens: [{token: t, permissions: []}]}]",
        "users: [{name: a, tokens: [{token: t, permissions: [{action: fly, resource: {type: orgs}}]}]}]",
        "roles: [{name: r, extras: {influx: {}}}]",
        "roles: [{name: r, extras: {milvus: {}}}]",
        "organizations: [{description: d}]",
        "people: []"
      })
  void schema_rejectsWhatReaderRejects(String text) throws IOException {
    assertThat(schema.validate(YAML.readTree(text))).isNotEmpty();
    assertThatThrownBy(() -> Seed.parse(text)).isInstanceOf(BadRequestException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "users:",
        "users: [{name: a, status: ACTIVE, organizations: {o: Owner}, email: null}]",
        "users: [{name: a, tokens: [{token: t, permissions: [{action: read, resource: {type: orgs}}]}]}]",
        "roles: [{name: r, extras: {milvus: {grants: []}}}]",
        "organizations: [{name: o, id: 00000000000000aF, aliases: {workspace: 0123456789abcdef01234567}}]"
      })
  void schema_acceptsWhatReaderAccepts(String text) throws IOException {
    assertThat(schema.validate(YAML.readTree(text))).isEmpty();
    assertThatCode(() -> Seed.parse(text)).doesNotThrowAnyException();
  }
}
