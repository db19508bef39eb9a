-- Several changes can be made as one, and what users refer to is there.

-- A transaction that makes several changes holds this lock alone, all others share it. Statements look at
-- constraints and versions of rows when it is their turn, so what they read before they waited does no
-- harm.
CREATE FUNCTION await_turn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock_shared(1685024881, 0);
  RETURN NULL;
END
$$;

CREATE TRIGGER users_turn BEFORE INSERT OR UPDATE OR DELETE ON users
  FOR EACH STATEMENT EXECUTE FUNCTION await_turn();
CREATE TRIGGER roles_turn BEFORE INSERT OR UPDATE OR DELETE ON roles
  FOR EACH STATEMENT EXECUTE FUNCTION await_turn();
CREATE TRIGGER organizations_turn BEFORE INSERT OR UPDATE OR DELETE ON organizations
  FOR EACH STATEMENT EXECUTE FUNCTION await_turn();

-- Users lose roles and organizations that are gone.
DELETE FROM user_roles r WHERE NOT EXISTS (SELECT FROM roles WHERE name = r.role);

UPDATE users u SET home = 0
WHERE home <> 0 AND NOT EXISTS (SELECT FROM organizations WHERE id = u.home);

DELETE FROM memberships m
WHERE organization <> 0 AND NOT EXISTS (SELECT FROM organizations WHERE id = m.organization);

INSERT INTO memberships (user_id, organization, owner, name)
SELECT id, 0, false, name FROM users u
WHERE home = 0
  AND NOT EXISTS (SELECT FROM memberships m WHERE m.user_id = u.id AND m.organization = 0);

DELETE FROM member_counts;
INSERT INTO member_counts (organization, slot, count)
SELECT organization, 0, count(*) FROM memberships GROUP BY organization;

ALTER TABLE user_roles ADD CONSTRAINT user_roles_role FOREIGN KEY (role) REFERENCES roles;

-- Organization 0 stands for the default one, which is made late.
ALTER TABLE memberships
  ADD organization_id bigint GENERATED ALWAYS AS (nullif(organization, 0)) STORED
    CONSTRAINT memberships_organization_id REFERENCES organizations;

-- Names and e-mail addresses are one namespace to sign in by, and no two users are shown by one name in an
-- organization. Each query of the function sees what was committed while it waited for its locks; texts
-- share 1024 locks, so that no transaction takes many, and they are taken in one order.
CREATE OR REPLACE FUNCTION check_identifiers() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  bucket integer;
BEGIN
  FOR bucket IN
    SELECT DISTINCT hashtext(identifier) & 1023 AS number
    FROM unnest(ARRAY[
           split_part(NEW.name, '@', 1),
           CASE WHEN TG_OP = 'INSERT' OR NEW.name <> OLD.name THEN NEW.name_address END,
           CASE WHEN TG_OP = 'UPDATE' AND NEW.name <> OLD.name THEN split_part(OLD.name, '@', 1) END,
           CASE WHEN TG_OP = 'INSERT' OR NEW.email IS DISTINCT FROM OLD.email THEN NEW.email_lower END])
         AS identifier
    WHERE identifier IS NOT NULL
    ORDER BY number
  LOOP
    PERFORM pg_advisory_xact_lock(1685024880, bucket);
  END LOOP;
  IF NEW.name_address IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.name <> OLD.name)
     AND EXISTS (SELECT FROM users WHERE email_lower = NEW.name_address AND id <> NEW.id) THEN
    RAISE unique_violation USING CONSTRAINT = 'users_name_is_an_address';
  END IF;
  IF NEW.email IS NOT NULL AND (TG_OP = 'INSERT' OR NEW.email IS DISTINCT FROM OLD.email)
     AND EXISTS (SELECT FROM users WHERE name = NEW.email AND id <> NEW.id) THEN
    RAISE unique_violation USING CONSTRAINT = 'users_address_is_a_name';
  END IF;
  RETURN NEW;
END
$$;

-- Names of organizations in which a user would be shown by the name of a built-in account, which is that
-- account's alone. Which names these are, and how they are compared, is not SQL's to know.
ALTER TABLE users ADD reserved_in text[] NOT NULL DEFAULT '{}' COLLATE "C";

UPDATE users SET reserved_in = ARRAY[substr(name, strpos(name, '@') + 1)]
WHERE lower(split_part(name, '@', 1)) IN ('root', 'administrator') AND name LIKE '%@%' AND NOT built_in;

-- In the organization of this name, bob@acme is shown as bob in acme; others by their names.
CREATE FUNCTION shown_name(user_name text, organization_name text) RETURNS text
LANGUAGE sql IMMUTABLE AS $$
  SELECT CASE
    WHEN right(user_name, length(organization_name) + 1) = '@' || organization_name
      AND length(user_name) > length(organization_name) + 1
    THEN left(user_name, -length(organization_name) - 1)
    ELSE user_name
  END
$$;

-- Whether another user than the one is shown by the name in the organization.
CREATE FUNCTION is_shown(
  shown text, in_organization organizations, other_than bigint
) RETURNS boolean LANGUAGE plpgsql STABLE AS $$
BEGIN
  RETURN EXISTS (
    SELECT FROM memberships m
    WHERE m.user_id <> other_than
      AND m.name IN (shown, shown || '@' || in_organization.name)
      AND shown_name(m.name, in_organization.name) = shown
      AND m.organization IN (
            in_organization.id, CASE in_organization.kind WHEN 'DEFAULT' THEN 0 ELSE in_organization.id END))
  OR in_organization.kind = 'SYSTEM' AND EXISTS (
    SELECT FROM users u
    WHERE u.administrator AND u.id <> other_than
      AND u.name IN (shown, shown || '@' || in_organization.name)
      AND shown_name(u.name, in_organization.name) = shown);
END
$$;

CREATE FUNCTION check_shown_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  joined organizations;
BEGIN
  IF NEW.organization = 0 THEN
    SELECT * INTO joined FROM organizations WHERE kind = 'DEFAULT';
  ELSE
    SELECT * INTO joined FROM organizations WHERE id = NEW.organization;
  END IF;
  IF FOUND AND (
       is_shown(shown_name(NEW.name, joined.name), joined, NEW.user_id)
       OR NEW.name LIKE '%@%'
          AND EXISTS (SELECT FROM users WHERE id = NEW.user_id AND joined.name = ANY (reserved_in))) THEN
    RAISE unique_violation USING CONSTRAINT = 'memberships_shown_name';
  END IF;
  RETURN NULL;
END
$$;

-- What is older than this rule stays as it is, and may be changed in other respects.
CREATE TRIGGER memberships_shown AFTER INSERT ON memberships
  FOR EACH ROW EXECUTE FUNCTION check_shown_name();
CREATE TRIGGER memberships_shown_anew AFTER UPDATE ON memberships
  FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION check_shown_name();

-- Administrators belong to the organization System by being administrators.
CREATE FUNCTION check_administrator_name() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  joined organizations;
BEGIN
  SELECT * INTO joined FROM organizations WHERE kind = 'SYSTEM';
  IF FOUND AND (
       is_shown(shown_name(NEW.name, joined.name), joined, NEW.id)
       OR joined.name = ANY (NEW.reserved_in)) THEN
    RAISE unique_violation USING CONSTRAINT = 'memberships_shown_name';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER administrators_shown AFTER INSERT ON users
  FOR EACH ROW WHEN (NEW.administrator) EXECUTE FUNCTION check_administrator_name();
CREATE TRIGGER administrators_shown_anew AFTER UPDATE ON users
  FOR EACH ROW WHEN (NEW.administrator AND (NEW.name <> OLD.name OR NOT OLD.administrator))
  EXECUTE FUNCTION check_administrator_name();

-- Another name of an organization is another suffix to leave out.
CREATE FUNCTION check_shown_names() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (
    SELECT FROM memberships m
    WHERE m.organization IN (NEW.id, CASE NEW.kind WHEN 'DEFAULT' THEN 0 ELSE NEW.id END)
      AND m.name LIKE '%@%'
      AND (is_shown(shown_name(m.name, NEW.name), NEW, m.user_id)
           OR EXISTS (SELECT FROM users WHERE id = m.user_id AND NEW.name = ANY (reserved_in)))) THEN
    RAISE unique_violation USING CONSTRAINT = 'memberships_shown_name';
  END IF;
  RETURN NULL;
END
$$;

CREATE TRIGGER organizations_shown AFTER UPDATE ON organizations
  FOR EACH ROW WHEN (NEW.name <> OLD.name) EXECUTE FUNCTION check_shown_names();
