package dev.doppel.users;

/**
 * The original id of a user or organization that was imported from a vendor's product. Immutable.
 *
 * @param dialect name of the dialect that implements the vendor's API
 * @param id in the vendor's form; unique within the dialect
 */
public record Alias(String dialect, String id) {}
