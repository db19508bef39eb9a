package dev.doppel.workspace;

import java.util.List;

/**
 * A member of a body, or a parameter of a query, that fails validation.
 *
 * @param field path of the member
 * @param location {@code body} or {@code query}
 * @param messages the error messages of the vendor's validation library
 * @param types the library's name for each of the messages
 */
record InvalidField(
    List<String> field, String location, List<String> messages, List<String> types) {}
