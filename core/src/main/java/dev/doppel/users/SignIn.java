package dev.doppel.users;

/**
 * An attempt to sign in. Immutable.
 *
 * @param name as the client sent it
 * @param address the client's IP address; empty if it is unknown
 */
public record SignIn(String name, Password password, String address) {}
