package dev.doppel.vcloud;

import dev.doppel.users.Failure;
import dev.doppel.users.Failure.Reason;
import dev.doppel.vcloud.VcloudWire.EntityReference;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Validates requests that create or change a {@link VcloudRightsContainer}. Lengths are those of
 * the vendor's OpenAPI description 37.2.
 */
final class VcloudContainerRequest {

  private static final int MAX_NAME_LENGTH = 128;
  private static final int MAX_DESCRIPTION_LENGTH = 256;

  /** The maximum number of roles of an organization, of global roles and of rights bundles. */
  private static final int MAX_CONTAINERS = 100;

  private VcloudContainerRequest() {}

  /**
   * Returns a name.
   *
   * @throws Failure INVALID_VALUE if it is missing or too long
   */
  static String requireName(@Nullable String name) {
    if (name == null || name.isBlank()) {
      throw VcloudErrors.newMissingException("name");
    }
    return VcloudProperties.requireShort("name", name, MAX_NAME_LENGTH);
  }

  /** Returns a description, or an empty text if it is missing. Fails as {@link #requireName}. */
  static String requireDescription(@Nullable String description) {
    return VcloudProperties.requireShort(
        "description", Objects.requireNonNullElse(description, ""), MAX_DESCRIPTION_LENGTH);
  }

  /**
   * Returns the rights that references identify.
   *
   * @param available the rights that the container can have
   * @throws Failure INVALID_VALUE if the list is missing, NO_SUCH_ROLE with the vendor's error for
   *     references if a right isn't available
   */
  static List<VcloudRight> requireRights(
      @Nullable List<@Nullable EntityReference> references, Collection<VcloudRight> available) {
    if (references == null) {
      throw VcloudErrors.newMissingException("values");
    }
    return references.stream()
        .map(
            reference -> {
              if (reference == null) {
                throw VcloudErrors.newInvalidValueException(
                    "The property values must refer to rights.");
              }
              return VcloudRight.find(reference.name(), reference.id())
                  .filter(available::contains)
                  .orElseThrow(() -> newNoSuchReferenceException(reference.name(), reference.id()));
            })
        .distinct()
        .toList();
  }

  static Failure newNoSuchReferenceException(@Nullable String name, @Nullable String id) {
    return Failure.of(
        Reason.NO_SUCH_ROLE, Objects.requireNonNullElse(id, Objects.requireNonNullElse(name, "")));
  }

  /**
   * Checks that a name is free among the containers, and that there can be another one.
   *
   * @param renamed the container to rename, or empty for a new one
   * @throws Failure ROLE_EXISTS or INVALID_VALUE
   */
  static void checkFree(
      String name, List<VcloudRightsContainer> all, Optional<VcloudRightsContainer> renamed) {
    if (all.stream()
        .filter(one -> renamed.isEmpty() || !one.id().equals(renamed.get().id()))
        .anyMatch(one -> one.name().equals(name))) {
      throw Failure.of(Reason.ROLE_EXISTS, name);
    }
    if (renamed.isEmpty() && all.size() >= MAX_CONTAINERS) {
      throw VcloudErrors.newInvalidValueException(
          "There can not be more than %s of them.".formatted(MAX_CONTAINERS));
    }
  }
}
