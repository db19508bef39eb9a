package dev.doppel.users;

/** The status of a user or token. An inactive one can't be used at all. */
public enum Status {
  ACTIVE,
  INACTIVE
}
