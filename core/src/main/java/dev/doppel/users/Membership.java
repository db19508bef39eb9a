package dev.doppel.users;

/** What a user is to an organisation. */
public enum Membership {
  OWNER,
  MEMBER
}
