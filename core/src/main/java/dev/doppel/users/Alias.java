package dev.doppel.users;

/**
 * The id that a user had in the vendor's product it was imported from.
 *
 * @param dialect name of the dialect that speaks that vendor's API
 * @param id the vendor's own text for it; unique within the dialect
 */
public record Alias(String dialect, String id) {}
