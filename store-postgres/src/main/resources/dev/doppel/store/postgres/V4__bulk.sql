-- Many users are kept by one statement.

-- Keeps users, given as an array of JSON objects; all of them, or none.
CREATE FUNCTION insert_users(rows jsonb) RETURNS void LANGUAGE sql AS $$
  WITH wanted AS (
    SELECT * FROM jsonb_to_recordset(rows) AS w (
      id bigint, name text, active boolean, password text, email text, email_lower text,
      full_name text, created timestamptz, updated timestamptz, version bigint, extras text,
      administrator boolean, built_in boolean, home bigint, email_since timestamptz,
      session_epoch bigint, name_address text, reserved_in text[], slot smallint,
      roles text[], memberships jsonb, aliases jsonb)
  ), kept AS (
    INSERT INTO users (id, name, active, password, email, email_lower, full_name,
                       created, updated, version, extras,
                       administrator, built_in, home, email_since, session_epoch,
                       name_address, reserved_in)
    SELECT id, name, active, password, email, email_lower, full_name,
           created, updated, version, extras::json,
           administrator, built_in, home, email_since, session_epoch,
           name_address, reserved_in
    FROM wanted
    RETURNING id -- which the others wait for, so that it is the first to be refused
  ), held AS (
    INSERT INTO user_roles (user_id, role) SELECT id, unnest(roles) FROM wanted JOIN kept USING (id)
  ), joined AS (
    INSERT INTO memberships (user_id, organization, owner, name)
    SELECT w.id, m.organization, m.owner, w.name
    FROM wanted w JOIN kept USING (id),
         jsonb_to_recordset(w.memberships) AS m (organization bigint, owner boolean)
  ), counted AS (
    INSERT INTO member_counts AS c (organization, slot, count)
    SELECT m.organization, w.slot, count(*)
    FROM wanted w, jsonb_to_recordset(w.memberships) AS m (organization bigint)
    GROUP BY m.organization, w.slot
    ORDER BY m.organization, w.slot
    ON CONFLICT (organization, slot) DO UPDATE SET count = c.count + excluded.count
  )
  INSERT INTO user_aliases (user_id, position, dialect, foreign_id)
  SELECT w.id, a.position, a.dialect, a.foreign_id
  FROM wanted w JOIN kept USING (id),
       jsonb_to_recordset(w.aliases) AS a (position bigint, dialect text, foreign_id text)
$$;

-- Keeps those of many users that break no constraint, one after the other. Returns the place of each other,
-- counted from 0, and the constraint that it breaks; an empty text where a value is too long for an index. They are taken one by one only if one of them is refused.
CREATE FUNCTION keep_users(rows jsonb) RETURNS TABLE (place integer, broken text)
LANGUAGE plpgsql AS $$
BEGIN
  PERFORM insert_users(rows);
EXCEPTION WHEN integrity_constraint_violation OR program_limit_exceeded THEN
  place := 0;
  WHILE place < jsonb_array_length(rows) LOOP
    BEGIN
      PERFORM insert_users(jsonb_build_array(rows -> place));
    EXCEPTION WHEN integrity_constraint_violation OR program_limit_exceeded THEN
      GET STACKED DIAGNOSTICS broken = CONSTRAINT_NAME;
      RETURN NEXT;
    END;
    place := place + 1;
  END LOOP;
END
$$;

-- Short texts about the store itself, such as how far a seed has been loaded.
CREATE TABLE notes (
  name text PRIMARY KEY,
  note text NOT NULL
);

-- Ids that organizations had in the products they come from, by dialect.
ALTER TABLE organizations ADD aliases json NOT NULL DEFAULT '{}';
