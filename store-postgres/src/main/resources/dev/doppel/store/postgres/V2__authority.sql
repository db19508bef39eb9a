-- One authority for every dialect: administrators, homes and marks are properties, not names.

ALTER TABLE users
  ADD administrator boolean NOT NULL DEFAULT false,
  ADD built_in      boolean NOT NULL DEFAULT false,
  -- The organization that a user was made in; 0 is the default organization.
  ADD home          bigint  NOT NULL DEFAULT 0,
  ADD email_since   timestamptz,
  ADD session_epoch bigint  NOT NULL DEFAULT 0,
  -- The name in lower case if it could be an e-mail address.
  ADD name_address  text    COLLATE "C";

UPDATE users SET administrator = true
WHERE id IN (SELECT user_id FROM user_roles WHERE role = 'admin');

DELETE FROM user_roles WHERE role = 'admin';

-- Administrators belong to the organization System by being administrators.
WITH freed AS (
  DELETE FROM memberships m USING organizations o
  WHERE o.name = 'System' AND m.organization = o.id AND m.owner
  RETURNING m.organization
)
INSERT INTO member_counts AS c (organization, slot, count)
SELECT organization, 0, -count(*) FROM freed GROUP BY organization
ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + excluded.count;

UPDATE users SET name_address = lower(name) WHERE name LIKE '%@%';

UPDATE users SET email_since = created WHERE email IS NOT NULL;

-- A user of one organization is at home there if a dialect knows something of it there. Others were
-- added to theirs, which gives its owners no power over them.
UPDATE users u SET home = o.organization
FROM (SELECT user_id, min(organization) AS organization
      FROM memberships GROUP BY user_id HAVING count(*) = 1) o
WHERE o.user_id = u.id AND o.organization <> 0
  AND u.extras::text LIKE '%' || lpad(to_hex(o.organization), 16, '0') || '%';

-- Organization 0 has those whose home is the default organization, whatever they were added to.
WITH joined AS (
  INSERT INTO memberships (user_id, organization, owner, name)
  SELECT u.id, 0, false, u.name FROM users u
  WHERE u.home = 0
    AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.organization = 0)
  RETURNING 1
)
INSERT INTO member_counts AS c (organization, slot, count)
SELECT 0, 0, count(*) FROM joined
ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + excluded.count;

CREATE INDEX users_administrator ON users (id) WHERE administrator;
CREATE UNIQUE INDEX users_built_in ON users (built_in) WHERE built_in;

-- Of several users with one e-mail address, the one who has had it longest signs in by it.
DROP INDEX users_email;
CREATE INDEX users_email ON users (email_lower, email_since, id) WHERE email_lower IS NOT NULL;

-- Names and e-mail addresses are one namespace to sign in by. Each query of the function sees what was
-- committed while it waited for the lock; texts share 1024 locks, so that no transaction takes many.
CREATE FUNCTION check_identifiers() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.name_address IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.name <> OLD.name) THEN
    PERFORM pg_advisory_xact_lock(1685024880, hashtext(NEW.name_address) & 1023);
    IF EXISTS (SELECT FROM users WHERE email_lower = NEW.name_address AND id <> NEW.id) THEN
      RAISE unique_violation USING CONSTRAINT = 'users_name_is_an_address';
    END IF;
  END IF;
  IF NEW.email IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.email IS DISTINCT FROM OLD.email) THEN
    PERFORM pg_advisory_xact_lock(1685024880, hashtext(NEW.email_lower) & 1023);
    IF EXISTS (SELECT FROM users WHERE name = NEW.email AND id <> NEW.id) THEN
      RAISE unique_violation USING CONSTRAINT = 'users_address_is_a_name';
    END IF;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER users_identifiers BEFORE INSERT OR UPDATE ON users
  FOR EACH ROW EXECUTE FUNCTION check_identifiers();

ALTER TABLE organizations ADD kind text NOT NULL DEFAULT 'ORDINARY' COLLATE "C";
CREATE UNIQUE INDEX organizations_kind ON organizations (kind) WHERE kind <> 'ORDINARY';

-- Whose a token is, should another user come to have the owner's id; and the epoch of its sessions.
ALTER TABLE tokens
  ADD owner_created timestamptz NOT NULL DEFAULT 'epoch',
  ADD owner_epoch   bigint      NOT NULL DEFAULT 0;

UPDATE tokens t SET owner_created = u.created FROM users u WHERE u.id = t.owner;

CREATE INDEX tokens_sessions ON tokens (owner, id) WHERE kind = 'SESSION';
