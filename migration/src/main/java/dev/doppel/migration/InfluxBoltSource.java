package dev.doppel.migration;

import dev.doppel.dialect.ScopedTokens.Permission;
import dev.doppel.dialect.ServedVendor;
import dev.doppel.migration.EstateRow.InvalidRow;
import dev.doppel.migration.EstateRow.OrganizationRow;
import dev.doppel.migration.EstateRow.Person;
import dev.doppel.migration.EstateRow.Refusal;
import dev.doppel.migration.EstateRow.TokenRow;
import dev.doppel.migration.EstateRow.UserRow;
import dev.doppel.migration.InfluxBolt.AuthorizationValue;
import dev.doppel.migration.InfluxBolt.MappingValue;
import dev.doppel.migration.InfluxBolt.OrganizationValue;
import dev.doppel.migration.InfluxBolt.PermissionValue;
import dev.doppel.migration.InfluxBolt.UserValue;
import dev.doppel.migration.bolt.BoltBucket;
import dev.doppel.migration.bolt.BoltEntry;
import dev.doppel.migration.bolt.BoltException;
import dev.doppel.migration.bolt.BoltFile;
import dev.doppel.users.Alias;
import dev.doppel.users.Membership;
import dev.doppel.users.Organization;
import dev.doppel.users.OrganizationId;
import dev.doppel.users.PasswordHash;
import dev.doppel.users.Status;
import dev.doppel.users.Token;
import dev.doppel.users.TokenHash;
import dev.doppel.users.User;
import dev.doppel.users.UserId;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB's {@code influxd.bolt}, compressed with gzip or not: organizations, users with their
 * hashes and memberships, and authorizations. The whole file is checked before its first row is
 * returned. Its ids stay: those of users as aliases, those of organizations and authorizations as
 * they are.
 */
final class InfluxBoltSource implements Source {

  /** Bytes of a file that was compressed. */
  private static final long MAX_BYTES = 64L << 30;

  private static final String FIX = "correct it in InfluxDB, or leave it out";

  private final BoltFile file;
  private final Optional<TemporaryFile> temporary;
  private final String description;
  private final ServedVendor<?> influx;
  private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);

  private InfluxBoltSource(
      BoltFile file,
      Optional<TemporaryFile> temporary,
      String description,
      ServedVendor<?> influx) {
    this.file = file;
    this.temporary = temporary;
    this.description = description;
    this.influx = influx;
  }

  /**
   * Opens a file and checks it.
   *
   * @param influx the vendor that the file and its tokens belong to
   * @throws MigrationException if it can't be read or is damaged, or isn't InfluxDB's
   */
  static InfluxBoltSource open(Path path, ServedVendor<?> influx) {
    var copy = isCompressed(path) ? Optional.of(decompress(path)) : Optional.<TemporaryFile>empty();
    try {
      var file = BoltFile.open(copy.map(TemporaryFile::path).orElse(path));
      copy.ifPresent(TemporaryFile::unlink);
      try {
        if (file.root().bucket(InfluxBolt.USERS).isEmpty()) {
          throw new MigrationException(
              "not InfluxDB's: it has no bucket '%s'".formatted(InfluxBolt.USERS));
        }
        file.check();
        checkMappings(file);
        return new InfluxBoltSource(file, copy, "influx-bolt:" + path, influx);
      } catch (RuntimeException e) {
        file.close();
        throw e;
      }
    } catch (RuntimeException e) {
      copy.ifPresent(TemporaryFile::close);
      throw e instanceof BoltException damaged ? translate(damaged) : e;
    }
  }

  /**
   * Checks that the index of mappings by user has every mapping once, and each for its own user.
   */
  private static void checkMappings(BoltFile file) {
    var mappings = file.root().bucket(InfluxBolt.MAPPINGS);
    long indexed = 0;
    for (var entries = entries(file, InfluxBolt.MAPPINGS_BY_USER); entries.hasNext(); indexed++) {
      var entry = entries.next();
      var user =
          mappings
              .flatMap(bucket -> bucket.find(entry.value()))
              .flatMap(bytes -> InfluxBolt.parse(bytes, MappingValue.class))
              .flatMap(value -> userOf(entry.value(), value));
      if (!user.map(id -> id + "/" + text(entry.value())).equals(Optional.of(entry.keyText()))) {
        throw new MigrationException(
            "damaged: entry '%s' of '%s' leads to no mapping of its user; take another backup"
                .formatted(
                    entry.keyText().replaceAll("[^0-9A-Za-z/]", "?"), InfluxBolt.MAPPINGS_BY_USER));
      }
    }
    long all = 0;
    for (var entries = entries(file, InfluxBolt.MAPPINGS); entries.hasNext(); entries.next()) {
      all++;
    }
    if (all != indexed) {
      throw new MigrationException(
          "damaged: '%s' has %s entries, but '%s' has %s; take another backup"
              .formatted(InfluxBolt.MAPPINGS_BY_USER, indexed, InfluxBolt.MAPPINGS, all));
    }
  }

  /** Returns the user of a mapping; empty if the key is of another user or resource. */
  private static Optional<String> userOf(byte[] key, MappingValue value) {
    return Optional.ofNullable(value.userID())
        .filter(user -> (value.resourceID() + user).equals(text(key)));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static MigrationException translate(BoltException damaged) {
    return new MigrationException(String.valueOf(damaged.getMessage()), damaged);
  }

  private static boolean isCompressed(Path path) {
    try (var in = Files.newInputStream(path)) {
      var start = in.readNBytes(2);
      return start.length == 2 && start[0] == 0x1f && start[1] == (byte) 0x8b;
    } catch (IOException e) {
      return false; // opening it fails with the reason
    }
  }

  /** Decompresses to a temporary file that only its owner can read. */
  private static TemporaryFile decompress(Path path) {
    var copy = TemporaryFile.create("doppel-import", ".bolt");
    try (InputStream in = new GZIPInputStream(Files.newInputStream(path), 1 << 16);
        var out = Files.newOutputStream(copy.path())) {
      var buffer = new byte[1 << 16];
      long total = 0;
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        total += read;
        if (total > MAX_BYTES) {
          throw new MigrationException("longer than %s bytes".formatted(MAX_BYTES));
        }
        out.write(buffer, 0, read);
      }
      return copy;
    } catch (IOException e) {
      copy.close();
      throw new MigrationException("the compressed file is cut off or damaged; get it again", e);
    } catch (RuntimeException e) {
      copy.close();
      throw e;
    }
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public void close() {
    file.close();
    temporary.ifPresent(TemporaryFile::close);
  }

  @Override
  public Iterator<EstateRow> rows() {
    try {
      var memberships = new MembershipsByUser();
      return new Rows(
          List.of(
              rows(InfluxBolt.ORGANIZATIONS, this::organization),
              rows(InfluxBolt.USERS, entry -> user(entry, memberships)),
              rows(InfluxBolt.AUTHORIZATIONS, this::token),
              rows(InfluxBolt.LEGACY_AUTHORIZATIONS, InfluxBoltSource::legacy)));
    } catch (BoltException damaged) {
      throw translate(damaged);
    }
  }

  private Iterator<EstateRow> rows(String bucket, Function<BoltEntry, EstateRow> row) {
    var entries = entries(bucket);
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public EstateRow next() {
        return row.apply(entries.next());
      }
    };
  }

  private Iterator<BoltEntry> entries(String bucket) {
    return entries(file, bucket);
  }

  private static Iterator<BoltEntry> entries(BoltFile file, String bucket) {
    return file.root().bucket(bucket).map(BoltBucket::iterator).orElse(Collections.emptyIterator());
  }

  /** Several iterators, one after the other. */
  private static final class Rows implements Iterator<EstateRow> {

    private final Iterator<Iterator<EstateRow>> parts;
    private Iterator<EstateRow> part = Collections.emptyIterator();

    Rows(List<Iterator<EstateRow>> parts) {
      this.parts = parts.iterator();
    }

    @Override
    public boolean hasNext() {
      while (!part.hasNext() && parts.hasNext()) {
        part = parts.next();
      }
      return part.hasNext();
    }

    @Override
    public EstateRow next() {
      try {
        return part.next();
      } catch (BoltException damaged) {
        throw translate(damaged);
      }
    }
  }

  private static String at(String bucket, BoltEntry entry) {
    return bucket + "/" + entry.keyText();
  }

  private static EstateRow malformed(String at, String kind, @Nullable String name) {
    return new InvalidRow(
        at,
        kind,
        Objects.requireNonNullElse(name, ""),
        Refusal.of("malformed", "The value is not what InfluxDB keeps there.", FIX));
  }

  private EstateRow organization(BoltEntry entry) {
    var at = at(InfluxBolt.ORGANIZATIONS, entry);
    var value = InfluxBolt.parse(entry.value(), OrganizationValue.class);
    var id = UserId.parse(entry.keyText());
    if (value.isEmpty() || id.isEmpty() || value.get().name() == null) {
      return malformed(at, "organization", value.map(OrganizationValue::name).orElse(null));
    }
    var created = InfluxBolt.time(value.get().createdAt(), now);
    return new OrganizationRow(
        at,
        new Organization(
            new OrganizationId(id.get().value()),
            value.get().name(),
            Objects.requireNonNullElse(value.get().description(), ""),
            Organization.Kind.ORDINARY,
            created,
            InfluxBolt.time(value.get().updatedAt(), created),
            Map.of(),
            Map.of()));
  }

  private EstateRow user(BoltEntry entry, MembershipsByUser mappings) {
    var at = at(InfluxBolt.USERS, entry);
    var value = InfluxBolt.parse(entry.value(), UserValue.class);
    var id = UserId.parse(entry.keyText());
    var lost = new ArrayList<String>();
    var memberships = mappings.of(entry.keyText(), lost);
    if (value.isEmpty() || id.isEmpty() || value.get().name() == null) {
      return malformed(at, "user", value.map(UserValue::name).orElse(null));
    }
    var alias = new Alias(influx.name(), entry.keyText());
    if (value.get().oauthID() != null && !value.get().oauthID().isEmpty()) {
      lost.add("oauthID");
    }
    var status = value.get().status();
    if (!"active".equals(status) && !"inactive".equals(status)) {
      lost.add("status");
    }
    return new UserRow(
        at,
        Person.of(alias),
        new User(
            id.get(),
            value.get().name(),
            "inactive".equals(status) ? Status.INACTIVE : Status.ACTIVE,
            hash(entry.key()),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            false,
            false,
            Optional.empty(),
            Set.of(),
            memberships,
            now,
            now,
            1,
            0,
            List.of(alias),
            Map.of()),
        lost);
  }

  private Optional<PasswordHash> hash(byte[] user) {
    return file.root()
        .bucket(InfluxBolt.PASSWORDS)
        .flatMap(bucket -> bucket.find(user))
        .map(bytes -> new PasswordHash(new String(bytes, StandardCharsets.UTF_8)));
  }

  /** The memberships of users, read side by side with the users: both are in the order of ids. */
  private final class MembershipsByUser {

    private final Iterator<BoltEntry> index = entries(InfluxBolt.MAPPINGS_BY_USER);
    private final Optional<BoltBucket> mappings = file.root().bucket(InfluxBolt.MAPPINGS);
    private Optional<BoltEntry> next = advance();

    private Optional<BoltEntry> advance() {
      return index.hasNext() ? Optional.of(index.next()) : Optional.empty();
    }

    /**
     * Returns the memberships of the next user.
     *
     * @param lost receives the types of other resources that the user is mapped to
     */
    Map<OrganizationId, Membership> of(String user, List<String> lost) {
      var memberships = new HashMap<OrganizationId, Membership>();
      var prefix = user + "/";
      while (next.isPresent() && next.get().keyText().compareTo(prefix) < 0) {
        next = advance(); // of a user who is gone
      }
      while (next.isPresent() && next.get().keyText().startsWith(prefix)) {
        add(memberships, next.get().value(), lost);
        next = advance();
      }
      return memberships;
    }

    private void add(Map<OrganizationId, Membership> memberships, byte[] key, List<String> lost) {
      var value =
          mappings
              .flatMap(bucket -> bucket.find(key))
              .flatMap(bytes -> InfluxBolt.parse(bytes, MappingValue.class));
      var organization =
          value
              .filter(one -> one.mappingType() == 0 && "orgs".equals(one.resourceType()))
              .flatMap(one -> Optional.ofNullable(one.resourceID()))
              .flatMap(UserId::parse)
              .map(id -> new OrganizationId(id.value()));
      if (organization.isPresent()) {
        memberships.put(
            organization.get(),
            "owner".equals(value.get().userType()) ? Membership.OWNER : Membership.MEMBER);
      } else {
        lost.add(
            "mapping to "
                + value
                    .map(MappingValue::resourceType)
                    .filter(InfluxBolt.RESOURCE_TYPES::contains)
                    .orElse("other"));
      }
    }
  }

  private EstateRow token(BoltEntry entry) {
    var at = at(InfluxBolt.AUTHORIZATIONS, entry);
    var parsed = InfluxBolt.parse(entry.value(), AuthorizationValue.class);
    var id = UserId.parse(entry.keyText());
    var owner = parsed.flatMap(value -> Optional.ofNullable(value.userID()));
    var organization =
        parsed
            .flatMap(value -> Optional.ofNullable(value.orgID()))
            .flatMap(UserId::parse)
            .map(one -> new OrganizationId(one.value()));
    var description = parsed.flatMap(value -> Optional.ofNullable(value.description())).orElse("");
    if (id.isEmpty() || owner.isEmpty() || organization.isEmpty()) {
      return malformed(at, "token", description);
    }
    var value = parsed.orElseThrow();
    try {
      var hash = tokenHash(value);
      var permissions = permissions(value);
      return new TokenRow(
          at,
          description,
          hash,
          Person.of(new Alias(influx.name(), owner.get())),
          organization,
          Map.of(),
          (user, organizations) ->
              token(
                  id.get().value(),
                  hash,
                  value,
                  user,
                  Objects.requireNonNull(organizations.get(organization.get())),
                  permissions));
    } catch (IllegalArgumentException wrong) {
      return new InvalidRow(
          at,
          "token",
          description,
          Refusal.of(
              "token_form",
              String.valueOf(wrong.getMessage()),
              "issue a new token after the import"));
    }
  }

  private TokenHash tokenHash(AuthorizationValue value) {
    if (value.token() != null && !value.token().isEmpty()) {
      return TokenHash.of(value.token());
    }
    return influx
        .vendor()
        .scopedTokens()
        .orElseThrow()
        .parseHash(Objects.requireNonNullElse(value.hashedToken(), ""));
  }

  private List<Permission> permissions(AuthorizationValue value) {
    var permissions = new ArrayList<Permission>();
    for (var one : Objects.requireNonNullElse(value.permissions(), List.<PermissionValue>of())) {
      var resource = one.resource();
      if (resource == null || one.action() == null || resource.type() == null) {
        throw new IllegalArgumentException("A permission has no action or no type.");
      }
      if (resource.orgID() != null && !resource.orgID().equals(value.orgID())) {
        throw new IllegalArgumentException(
            "A permission is about another organization than the token's.");
      }
      var permission =
          new Permission(
              one.action(),
              resource.type(),
              Optional.ofNullable(resource.id()),
              resource.orgID() != null);
      influx.vendor().scopedTokens().orElseThrow().check(permission);
      permissions.add(permission);
    }
    return permissions;
  }

  private Token token(
      long id,
      TokenHash hash,
      AuthorizationValue value,
      User owner,
      Organization organization,
      List<Permission> permissions) {
    var description = Objects.requireNonNullElse(value.description(), "");
    var issued =
        influx
            .newToken(
                hash,
                Optional.ofNullable(value.token()).filter(secret -> !secret.isEmpty()),
                owner,
                organization,
                description,
                permissions)
            .orElseThrow();
    var created = InfluxBolt.time(value.createdAt(), now);
    return new Token(
        hash,
        id,
        owner.id(),
        owner.created(),
        owner.sessionEpoch(),
        Token.Kind.API,
        issued.dialect(),
        "inactive".equals(value.status()) ? Status.INACTIVE : Status.ACTIVE,
        created,
        InfluxBolt.time(value.updatedAt(), created),
        issued.expires(),
        description,
        issued.extras());
  }

  private static EstateRow legacy(BoltEntry entry) {
    return new InvalidRow(
        at(InfluxBolt.LEGACY_AUTHORIZATIONS, entry),
        "token",
        "",
        Refusal.of(
            "legacy_authorization",
            "Authorizations for the API of InfluxDB 1.x have no counterpart.",
            "issue a token, or go on without it"));
  }
}
