package dev.doppel.users;

/** Whether a user may do anything at all. */
public enum Status {
  ACTIVE,
  INACTIVE
}
