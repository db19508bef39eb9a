package dev.doppel.users;

/** The position of a user in an organization. */
public enum Membership {
  OWNER,
  MEMBER
}
