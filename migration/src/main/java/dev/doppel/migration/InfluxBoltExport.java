package dev.doppel.migration;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.migration.InfluxBolt.AuthorizationValue;
import dev.doppel.migration.InfluxBolt.MappingValue;
import dev.doppel.migration.bolt.BoltBucket;
import dev.doppel.migration.bolt.BoltEntry;
import dev.doppel.migration.bolt.BoltException;
import dev.doppel.migration.bolt.BoltFile;
import dev.doppel.migration.bolt.BoltWriter;
import dev.doppel.passwords.HashFamilies;
import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.users.Membership;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.Status;
import dev.doppel.users.Storage;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;

/**
 * Writes an {@code influxd.bolt} with the users of a store. Everything else is copied from an older
 * file of the same InfluxDB, the base: organizations, buckets, tasks, secrets, the metadata of the
 * data. A value of the base that is right already is copied as it is, byte for byte. Not
 * thread-safe.
 */
public final class InfluxBoltExport implements AutoCloseable {

  private static final String USER_INDEX = "userindexv1";
  private static final String AUTHORIZATION_INDEX = "authorizationindexv1";
  private static final String HASHED_INDEX = "authorizationhashedindexv1";

  /** The buckets that are written anew. */
  private static final Set<String> OURS =
      Set.of(
          InfluxBolt.USERS,
          USER_INDEX,
          InfluxBolt.PASSWORDS,
          InfluxBolt.MAPPINGS,
          InfluxBolt.MAPPINGS_BY_USER,
          InfluxBolt.AUTHORIZATIONS,
          AUTHORIZATION_INDEX,
          HASHED_INDEX);

  private static final JsonMapper JSON = JsonMapper.builder().build();

  /** Megabytes. */
  private static final int CACHE_SIZE = 16;

  private final Storage storage;
  private final ServedVendor<?> influx;
  private final BoltFile base;
  private final BiConsumer<User, List<String>> lost;
  private final Map<OrganizationId, String> organizations = new HashMap<>();
  private final TemporaryFile scratchFile = TemporaryFile.create("doppel-export", ".scratch");
  private final MVStore scratch;

  /** The new buckets: keys as texts of a character for each byte, which are in the same order. */
  private final Map<String, MVMap<String, byte[]>> buckets = new TreeMap<>();

  private InfluxBoltExport(
      Storage storage, ServedVendor<?> influx, BoltFile base, BiConsumer<User, List<String>> lost) {
    this.storage = storage;
    this.influx = influx;
    this.base = base;
    this.lost = lost;
    scratch =
        new MVStore.Builder().fileName(scratchFile.path().toString()).cacheSize(CACHE_SIZE).open();
    scratchFile.unlink();
    OURS.forEach(name -> buckets.put(name, scratch.openMap(name)));
  }

  /**
   * Writes the file and reads it back. Blocks.
   *
   * @param influx the vendor whose ids users and organizations have as aliases
   * @param base a file of InfluxDB 2
   * @param target an empty file
   * @param lost receives each user with what the file can't hold
   * @return the number of users
   * @throws MigrationException if the base or the store can't be read, or the file can't be written
   */
  public static long write(
      Storage storage,
      ServedVendor<?> influx,
      Path base,
      Path target,
      BiConsumer<User, List<String>> lost) {
    try (var from = BoltFile.open(base)) {
      from.check();
      if (from.root().bucket(InfluxBolt.USERS).isEmpty()) {
        throw new MigrationException(
            "--base: not InfluxDB's: it has no bucket '%s'".formatted(InfluxBolt.USERS));
      }
      try (var export = new InfluxBoltExport(storage, influx, from, lost)) {
        var users = export.collect();
        export.write(target);
        return users;
      }
    } catch (BoltException damaged) {
      throw new MigrationException("--base: " + damaged.getMessage(), damaged);
    }
  }

  private long collect() {
    for (var one : StoreWaits.await(storage.organizations().list())) {
      var id = one.alias(influx.name()).orElseGet(one.id()::toString);
      if (findBase(InfluxBolt.ORGANIZATIONS, id).isPresent()) {
        organizations.put(one.id(), id);
      }
    }
    var users = new long[1];
    EstateExport.forEachPage(
        storage, page -> users[0] += page.stream().filter(this::collect).count());
    collectOtherMappings();
    collectAuthorizations();
    return users[0];
  }

  private Optional<byte[]> findBase(String bucket, String key) {
    return base.root().bucket(bucket).flatMap(one -> one.find(bytes(key)));
  }

  private Iterator<BoltEntry> baseEntries(String bucket) {
    return base.root().bucket(bucket).map(BoltBucket::iterator).orElse(Collections.emptyIterator());
  }

  private void put(String bucket, byte[] key, byte[] value) {
    bucket(bucket).put(new String(key, StandardCharsets.ISO_8859_1), value);
  }

  private MVMap<String, byte[]> bucket(String name) {
    return Objects.requireNonNull(buckets.get(name));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private String id(User user) {
    return user.alias(influx.name()).orElseGet(user.id()::toString);
  }

  /** Adds a user, and returns whether the file has it. */
  private boolean collect(User user) {
    var missing = new ArrayList<String>();
    if (user.builtIn()) {
      lost.accept(user, List.of("built-in account"));
      return false;
    }
    var id = id(user);
    put(InfluxBolt.USERS, bytes(id), userValue(user, id));
    put(USER_INDEX, bytes(user.name()), bytes(id));
    if (user.password().isPresent()) {
      var hash = user.password().get().encoded();
      if (HashFamilies.findName(hash).equals(Optional.of("bcrypt"))) {
        put(InfluxBolt.PASSWORDS, bytes(id), bytes(hash));
      } else {
        missing.add("password");
      }
    }
    user.memberships().forEach((organization, held) -> membership(id, organization, held, missing));
    user.email().ifPresent(any -> missing.add("email"));
    user.fullName().ifPresent(any -> missing.add("full name"));
    if (user.administrator()) {
      missing.add("administrator");
    }
    if (!user.roles().isEmpty()) {
      missing.add("roles");
    }
    // Buckets whose member the user is, or a status that only InfluxDB has.
    if (user.extras(influx.name()).filter(json -> !json.equals("{}")).isPresent()) {
      missing.add("extras");
    }
    collectLostTokens(user, missing);
    if (!missing.isEmpty()) {
      lost.accept(user, missing);
    }
    return true;
  }

  private byte[] userValue(User user, String id) {
    var status = user.status() == Status.ACTIVE ? "active" : "inactive";
    return changed(
        findBase(InfluxBolt.USERS, id),
        Map.of("name", user.name(), "status", status),
        () -> JSON.createObjectNode().put("id", id).put("name", user.name()).put("status", status));
  }

  /**
   * Returns a value with these members: the one of the base itself if it has them, the changed one,
   * or a new one.
   */
  private static byte[] changed(
      Optional<byte[]> before, Map<String, String> members, Supplier<ObjectNode> created) {
    var known = before.flatMap(value -> InfluxBolt.parse(value, JsonNode.class));
    if (known.isEmpty() || !(known.get() instanceof ObjectNode node)) {
      return encode(created.get());
    }
    if (members.entrySet().stream()
        .allMatch(one -> node.path(one.getKey()).asText().equals(one.getValue()))) {
      return before.orElseThrow();
    }
    new TreeMap<>(members).forEach(node::put);
    return encode(node);
  }

  private static byte[] encode(JsonNode node) {
    try {
      return bytes(JSON.writeValueAsString(node)); // as bytes, Jackson escapes surrogates
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree can be written", e);
    }
  }

  private void membership(
      String user, OrganizationId organization, Membership held, List<String> missing) {
    var resource = organizations.get(organization);
    if (resource == null) {
      missing.add("organization");
      return;
    }
    var type = held.name().toLowerCase(Locale.ROOT);
    var key = resource + user;
    mapping(
        user,
        bytes(key),
        changed(
            findBase(InfluxBolt.MAPPINGS, key),
            Map.of("userType", type),
            () ->
                JSON.createObjectNode()
                    .put("userID", user)
                    .put("userType", type)
                    .put("mappingType", 0)
                    .put("resourceType", "orgs")
                    .put("resourceID", resource)));
  }

  private void mapping(String user, byte[] key, byte[] value) {
    put(InfluxBolt.MAPPINGS, key, value);
    var text = new String(key, StandardCharsets.UTF_8);
    put(InfluxBolt.MAPPINGS_BY_USER, bytes(user + "/" + text), key);
  }

  /** Keeps the base's mappings of users who still exist to other resources than organizations. */
  private void collectOtherMappings() {
    for (var entries = baseEntries(InfluxBolt.MAPPINGS); entries.hasNext(); ) {
      var entry = entries.next();
      var value = InfluxBolt.parse(entry.value(), MappingValue.class);
      var user = value.map(MappingValue::userID).orElse("");
      var ours =
          value
              .filter(one -> one.mappingType() == 0 && "orgs".equals(one.resourceType()))
              .isPresent();
      if (!ours && bucket(InfluxBolt.USERS).containsKey(user)) {
        mapping(user, entry.key(), entry.value());
      }
    }
  }

  /** Keeps the base's authorizations whose token still exists and whose owner is in the file. */
  private void collectAuthorizations() {
    for (var entries = baseEntries(InfluxBolt.AUTHORIZATIONS); entries.hasNext(); ) {
      var entry = entries.next();
      var value = InfluxBolt.parse(entry.value(), AuthorizationValue.class);
      value
          .flatMap(this::hash)
          .flatMap(this::findToken)
          .filter(token -> bucket(InfluxBolt.USERS).containsKey(value.get().userID()))
          .ifPresent(token -> authorization(entry, value.get(), token));
    }
  }

  private Optional<TokenHash> hash(AuthorizationValue value) {
    if (value.token() != null && !value.token().isEmpty()) {
      return Optional.of(TokenHash.of(value.token()));
    }
    try {
      return Optional.ofNullable(value.hashedToken())
          .map(text -> influx.vendor().scopedTokens().orElseThrow().parseHash(text));
    } catch (IllegalArgumentException otherForm) {
      return Optional.empty();
    }
  }

  private Optional<Token> findToken(TokenHash hash) {
    return StoreWaits.await(Failure.emptyIf(Reason.NO_SUCH_TOKEN, storage.tokens().find(hash)));
  }

  private void authorization(BoltEntry entry, AuthorizationValue value, Token token) {
    var status = token.status() == Status.ACTIVE ? "active" : "inactive";
    put(
        InfluxBolt.AUTHORIZATIONS,
        entry.key(),
        changed(
            Optional.of(entry.value()),
            Map.of("status", status, "description", token.description()),
            JSON::createObjectNode));
    if (value.token() != null && !value.token().isEmpty()) {
      put(AUTHORIZATION_INDEX, bytes(value.token()), entry.key());
    }
    if (value.hashedToken() != null && !value.hashedToken().isEmpty()) {
      put(HASHED_INDEX, bytes(value.hashedToken()), entry.key());
    }
  }

  /** InfluxDB gets no tokens that were issued since. */
  private void collectLostTokens(User user, List<String> missing) {
    for (var token : StoreWaits.await(storage.tokens().list(user.id()))) {
      if (token.kind() == Token.Kind.API && !isInBase(token)) {
        missing.add("token");
      }
    }
  }

  private boolean isInBase(Token token) {
    return findBase(InfluxBolt.AUTHORIZATIONS, HexFormat.of().toHexDigits(token.id()))
        .flatMap(value -> InfluxBolt.parse(value, AuthorizationValue.class))
        .flatMap(this::hash)
        .filter(token.hash()::equals)
        .isPresent();
  }

  private void write(Path target) {
    try (var writer = BoltWriter.open(target, base.pageSize())) {
      var written = new TreeMap<byte[], Runnable>(Arrays::compareUnsigned);
      for (var entry : base.root()) {
        if (!OURS.contains(entry.keyText())) {
          written.put(entry.key(), () -> writer.copy(entry));
        }
      }
      buckets.forEach(
          (name, content) -> {
            if (!content.isEmpty() || base.root().bucket(name).isPresent()) {
              written.put(bytes(name), () -> writer.add(name, sequence(name), entries(content)));
            }
          });
      written.values().forEach(Runnable::run);
      writer.finish();
    }
    try (var back = BoltFile.open(target)) {
      back.check();
    }
  }

  private long sequence(String name) {
    return base.root().bucket(name).map(BoltBucket::sequence).orElse(0L);
  }

  private static Iterator<BoltEntry> entries(MVMap<String, byte[]> content) {
    var entries = content.entrySet().iterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public BoltEntry next() {
        var next = entries.next();
        return BoltEntry.of(next.getKey().getBytes(StandardCharsets.ISO_8859_1), next.getValue());
      }
    };
  }

  @Override
  public void close() {
    scratch.closeImmediately();
    scratchFile.close();
  }
}
