package dev.doppel.users;

/**
 * Who a client says it is, and by what it proves it.
 *
 * @param name as the client says it
 * @param address where it comes from, as an IP address; empty if that isn't known
 */
public record SignIn(String name, Password password, String address) {}
