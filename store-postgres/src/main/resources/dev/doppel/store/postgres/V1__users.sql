-- Users and what belongs to them. Texts are kept by the order of their code points (COLLATE "C").
--
-- Ids of users and tokens are unsigned, bigint is not: their first bit is flipped, so that they sort.
-- The id that a vendor shows is to_hex(id # x'8000000000000000'::bigint).

CREATE TABLE users (
  id          bigint      NOT NULL,
  name        text        NOT NULL COLLATE "C",
  active      boolean     NOT NULL,
  password    text        COLLATE "C",
  email       text        COLLATE "C",
  email_lower text        COLLATE "C",
  full_name   text        COLLATE "C",
  created     timestamptz NOT NULL,
  updated     timestamptz NOT NULL,
  version     bigint      NOT NULL,
  extras      json        NOT NULL,
  CONSTRAINT users_id PRIMARY KEY (id),
  CONSTRAINT users_name UNIQUE (name)
) WITH (fillfactor = 90);

CREATE INDEX users_email ON users (email_lower, id) WHERE email_lower IS NOT NULL;
CREATE INDEX users_full_name ON users (full_name, id) WHERE full_name IS NOT NULL;

CREATE TABLE user_aliases (
  user_id    bigint  NOT NULL REFERENCES users ON DELETE CASCADE,
  position   integer NOT NULL,
  dialect    text    NOT NULL COLLATE "C",
  foreign_id text    NOT NULL COLLATE "C",
  CONSTRAINT user_aliases_id PRIMARY KEY (dialect, foreign_id)
);

CREATE INDEX user_aliases_user ON user_aliases (user_id);

-- Extras of a role are a vendor's privileges.
CREATE TABLE roles (
  name        text    NOT NULL COLLATE "C",
  description text    NOT NULL COLLATE "C",
  built_in    boolean NOT NULL,
  version     bigint  NOT NULL,
  extras      json    NOT NULL,
  CONSTRAINT roles_name PRIMARY KEY (name)
);

-- Roles that dialects only know by name can be held too, so there is no reference to roles.
CREATE TABLE user_roles (
  user_id bigint NOT NULL REFERENCES users ON DELETE CASCADE,
  role    text   NOT NULL COLLATE "C",
  CONSTRAINT user_roles_id PRIMARY KEY (user_id, role)
);

CREATE INDEX user_roles_role ON user_roles (role, user_id);

CREATE TABLE organizations (
  id          bigint      NOT NULL,
  name        text        NOT NULL COLLATE "C",
  description text        NOT NULL COLLATE "C",
  created     timestamptz NOT NULL,
  updated     timestamptz NOT NULL,
  version     bigint      NOT NULL,
  extras      json        NOT NULL,
  CONSTRAINT organizations_id PRIMARY KEY (id),
  CONSTRAINT organizations_name UNIQUE (name)
);

-- Organization 0 is that of users who were put into none. The name is the user's, so that an
-- organization's users can be listed by it.
CREATE TABLE memberships (
  user_id      bigint  NOT NULL REFERENCES users ON DELETE CASCADE,
  organization bigint  NOT NULL,
  owner        boolean NOT NULL,
  name         text    NOT NULL COLLATE "C",
  CONSTRAINT memberships_id PRIMARY KEY (user_id, organization) INCLUDE (owner)
) WITH (fillfactor = 90);

CREATE INDEX memberships_organization ON memberships (organization, user_id);
CREATE INDEX memberships_organization_name ON memberships (organization, name, user_id);
CREATE INDEX memberships_owner ON memberships (organization, user_id) WHERE owner;

-- How many users an organization has: the sum over its slots, which there are several of so that
-- changes at the same time needn't wait for each other. A slot by itself says nothing.
CREATE TABLE member_counts (
  organization bigint   NOT NULL,
  slot         smallint NOT NULL,
  count        bigint   NOT NULL,
  CONSTRAINT member_counts_id PRIMARY KEY (organization, slot)
) WITH (fillfactor = 50);

-- By the SHA-256 of a secret, in hex digits. The owner may be gone; a dialect says what that means.
CREATE TABLE tokens (
  hash        text        NOT NULL COLLATE "C",
  id          bigint      NOT NULL,
  owner       bigint      NOT NULL,
  kind        text        NOT NULL COLLATE "C",
  dialect     text        COLLATE "C",
  active      boolean     NOT NULL,
  created     timestamptz NOT NULL,
  updated     timestamptz NOT NULL,
  expires     timestamptz,
  description text        NOT NULL COLLATE "C",
  version     bigint      NOT NULL,
  extras      json        NOT NULL,
  CONSTRAINT tokens_hash PRIMARY KEY (hash)
) WITH (fillfactor = 90);

CREATE INDEX tokens_kind ON tokens (kind, id);
CREATE INDEX tokens_owner ON tokens (owner, id);
CREATE INDEX tokens_expires ON tokens (expires) WHERE expires IS NOT NULL;

-- Every gateway that starts takes the next, so that no two draw the same id.
CREATE SEQUENCE nodes MINVALUE 0 MAXVALUE 1023 CYCLE;
