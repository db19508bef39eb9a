CREATE SCHEMA %schema%;
CREATE TABLE %schema%.member_counts (
    organization bigint NOT NULL,
    slot smallint NOT NULL,
    count bigint NOT NULL
)
WITH (fillfactor='50');
CREATE TABLE %schema%.memberships (
    user_id bigint NOT NULL,
    organization bigint NOT NULL,
    owner boolean NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C"
)
WITH (fillfactor='90');
CREATE SEQUENCE %schema%.nodes
    START WITH 0
    INCREMENT BY 1
    MINVALUE 0
    MAXVALUE 1023
    CACHE 1
    CYCLE;
CREATE TABLE %schema%.organizations (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    extras json NOT NULL
);
CREATE TABLE %schema%.roles (
    name text NOT NULL COLLATE pg_catalog."C",
    description text NOT NULL COLLATE pg_catalog."C",
    built_in boolean NOT NULL,
    version bigint NOT NULL,
    extras json NOT NULL
);
CREATE TABLE %schema%.schema_history (
    installed_rank integer NOT NULL,
    version character varying(50),
    description character varying(200) NOT NULL,
    type character varying(20) NOT NULL,
    script character varying(1000) NOT NULL,
    checksum integer,
    installed_by character varying(100) NOT NULL,
    installed_on timestamp without time zone DEFAULT now() NOT NULL,
    execution_time integer NOT NULL,
    success boolean NOT NULL
);
CREATE TABLE %schema%.tokens (
    hash text NOT NULL COLLATE pg_catalog."C",
    id bigint NOT NULL,
    owner bigint NOT NULL,
    kind text NOT NULL COLLATE pg_catalog."C",
    dialect text COLLATE pg_catalog."C",
    active boolean NOT NULL,
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    expires timestamp with time zone,
    description text NOT NULL COLLATE pg_catalog."C",
    version bigint NOT NULL,
    extras json NOT NULL
)
WITH (fillfactor='90');
CREATE TABLE %schema%.user_aliases (
    user_id bigint NOT NULL,
    "position" integer NOT NULL,
    dialect text NOT NULL COLLATE pg_catalog."C",
    foreign_id text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE %schema%.user_roles (
    user_id bigint NOT NULL,
    role text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE %schema%.users (
    id bigint NOT NULL,
    name text NOT NULL COLLATE pg_catalog."C",
    active boolean NOT NULL,
    password text COLLATE pg_catalog."C",
    email text COLLATE pg_catalog."C",
    email_lower text COLLATE pg_catalog."C",
    full_name text COLLATE pg_catalog."C",
    created timestamp with time zone NOT NULL,
    updated timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    extras json NOT NULL
)
WITH (fillfactor='90');
INSERT INTO %schema%.member_counts VALUES (1275173068263653376, 12, 1);
INSERT INTO %schema%.member_counts VALUES (0, 15, 1);
INSERT INTO %schema%.member_counts VALUES (0, 2, 1);
INSERT INTO %schema%.member_counts VALUES (0, 11, 1);
INSERT INTO %schema%.member_counts VALUES (3284227880771976799, 12, 1);
INSERT INTO %schema%.member_counts VALUES (0, 3, 0);
INSERT INTO %schema%.member_counts VALUES (3284227880771976799, 3, 1);
INSERT INTO %schema%.member_counts VALUES (3284227880771976799, 6, 1);
INSERT INTO %schema%.member_counts VALUES (3284227880771976799, 1, 1);
INSERT INTO %schema%.member_counts VALUES (1275173068104269824, 5, 1);
INSERT INTO %schema%.member_counts VALUES (1275173068104269824, 12, 2);
INSERT INTO %schema%.member_counts VALUES (0, 10, 1);
INSERT INTO %schema%.member_counts VALUES (0, 6, 0);
INSERT INTO %schema%.memberships VALUES (-7948198967978754048, 1275173068263653376, true, 'boss');
INSERT INTO %schema%.memberships VALUES (-7948198967978754048, 1275173068104269824, true, 'boss');
INSERT INTO %schema%.memberships VALUES (-7948198959464316928, 0, false, 'mallory');
INSERT INTO %schema%.memberships VALUES (-7948198958927446016, 0, false, 'milvusadmin');
INSERT INTO %schema%.memberships VALUES (-7948198957346193408, 0, false, 'off');
INSERT INTO %schema%.memberships VALUES (-7948198967978754048, 3284227880771976799, true, 'boss');
INSERT INTO %schema%.memberships VALUES (-7948198960512892928, 3284227880771976799, false, 'guest');
INSERT INTO %schema%.memberships VALUES (-7948198949314101248, 3284227880771976799, false, 'tenant');
INSERT INTO %schema%.memberships VALUES (-7948198948169056256, 3284227880771976799, true, 'orgadmin');
INSERT INTO %schema%.memberships VALUES (-7948198947971923968, 1275173068104269824, true, 'sysadmin');
INSERT INTO %schema%.memberships VALUES (-7948198947296641024, 1275173068104269824, true, 'revoked');
INSERT INTO %schema%.memberships VALUES (-7948198946499723264, 0, false, 'reg@example.com');
INSERT INTO %schema%.organizations VALUES (1275173068104269824, 'System', '', '2026-11-26 19:22:31.00684+00', '2026-11-26 19:22:31.00684+00', 1, '{}');
INSERT INTO %schema%.organizations VALUES (1275173068263653376, 'doppel', '', '2026-11-26 19:22:31.044044+00', '2026-11-26 19:22:31.044044+00', 1, '{}');
INSERT INTO %schema%.organizations VALUES (3284227880771976799, 'acme', '', '2026-11-26 19:22:33.829406+00', '2026-11-26 19:22:33.829406+00', 1, '{}');
INSERT INTO %schema%.roles VALUES ('admin', '', true, 1, '{}');
INSERT INTO %schema%.roles VALUES ('public', '', true, 1, '{}');
INSERT INTO %schema%.roles VALUES ('reader', '', false, 1, '{}');
INSERT INTO %schema%.schema_history VALUES (0, NULL, '<< Flyway Schema Creation >>', 'SCHEMA', '"doppel"', NULL, 'postgres', '2026-11-26 19:22:26.985742', 0, true);
INSERT INTO %schema%.schema_history VALUES (1, '1', 'users', 'SQL', 'V1__users.sql', 724447677, 'postgres', '2026-11-26 19:22:27.144447', 174, true);
INSERT INTO %schema%.tokens VALUES ('9084ea613f569fbfbffaf0de61b882d5c942f9030f6fede4e9a80b87cc4e1383', -7948198967865507840, -7948198967978754048, 'API', NULL, true, '2026-11-26 19:22:31.217067+00', '2026-11-26 19:22:31.217067+00', NULL, 'boss''s Token', 1, '{}');
INSERT INTO %schema%.tokens VALUES ('9738bd182987c23839ad1f5d0a5966ed6c3eac2c3d393f68b9708f6f883eea8a', -7948198952224948224, -7948198967978754048, 'SESSION', 'vcloud', true, '2026-11-26 19:22:34.946893+00', '2026-11-26 19:22:34.946893+00', '2026-11-26 19:52:34.946866+00', '', 1, '{"vcloud":{"id":"a4f16840-e95a-3e96-8bec-371516bd151a","organization":1275173068104269824}}');
INSERT INTO %schema%.tokens VALUES ('b87b8387300c4c48b545c0088c5dac8008ff86b59521bac639f8e209ab8aa27b', -7948198946382282752, -7948198959464316928, 'SESSION', 'influx', true, '2026-11-26 19:22:36.339487+00', '2026-11-26 19:22:36.339487+00', '2026-11-26 20:22:36.339471+00', '', 1, '{}');
INSERT INTO %schema%.tokens VALUES ('d1372d572d1c78706d6a71375201b347a457be61363df6e6c7cdd7f1472f8d45', -7948198945358872576, -7948198949314101248, 'SESSION', 'vcloud', true, '2026-11-26 19:22:36.583715+00', '2026-11-26 19:22:36.583715+00', '2026-11-26 19:52:36.583707+00', '', 1, '{"vcloud":{"id":"caa84640-1aef-3c81-ac45-f256b15a02c7","organization":3284227880771976799}}');
INSERT INTO %schema%.tokens VALUES ('0631b98b4f8cf2bc5cd73db9299f1f87087376b95e94b86692d96efbdd5e7908', -7948198944914276352, -7948198959464316928, 'API', 'influx', true, '2026-11-26 19:22:36.689019+00', '2026-11-26 19:22:36.689019+00', NULL, 'scoped', 1, '{"influx":{"orgID":"2d93ebdb62d8fe5f","permissions":[{"action":"read","type":"orgs","id":"2d93ebdb62d8fe5f"}]}}');
INSERT INTO %schema%.tokens VALUES ('f756ba9ec5d7b631cd36b6d8c22c8472d6eb235403ee72e18e5db8a403445f69', -7948198943622430720, -7948198957815955456, 'API', 'influx', true, '2026-11-26 19:22:36.997412+00', '2026-11-26 19:22:36.997412+00', NULL, 'orphan', 1, '{"influx":{"orgID":"2d93ebdb62d8fe5f","permissions":[{"action":"read","type":"orgs","id":"2d93ebdb62d8fe5f"}]}}');
INSERT INTO %schema%.user_roles VALUES (-7948198967978754048, 'admin');
INSERT INTO %schema%.user_roles VALUES (-7948198958927446016, 'admin');
INSERT INTO %schema%.user_roles VALUES (-7948198959464316928, 'reader');
INSERT INTO %schema%.user_roles VALUES (-7948198947971923968, 'admin');
INSERT INTO %schema%.users VALUES (-7948198967978754048, 'boss', true, '$3$274877907200$T6uindbb5vmta854Qj5UTA==$FcBkOfsHwMzxuiun+HauRxk6mzb6dUlTboU7wx3dZLg=', NULL, NULL, NULL, '2026-11-26 19:22:31.190063+00', '2026-11-26 19:22:33.837351+00', 2, '{}');
INSERT INTO %schema%.users VALUES (-7948198960512892928, 'guest', true, '$3$274877907200$dJ6GFe/k9wMNSKSafdC5Vg==$lUPF487wL2Rms0OPLd56VOLR9c/nSZ2n0r0XhyNbBT0=', NULL, NULL, NULL, '2026-11-26 19:22:32.97063+00', '2026-11-26 19:22:33.998839+00', 3, '{}');
INSERT INTO %schema%.users VALUES (-7948198957346193408, 'off', false, '$3$274877907200$9bD6+YHPIcVGL5Hcci0w4w==$DRjeOxTpa0caiwRddmocmRmafxmOdOyuVmjRQAIYyHQ=', NULL, NULL, NULL, '2026-11-26 19:22:33.725685+00', '2026-11-26 19:22:34.267121+00', 3, '{}');
INSERT INTO %schema%.users VALUES (-7948198958927446016, 'milvusadmin', true, '$3$274877907200$sgkaY5sf05Lul43+DJquDA==$ThbMiTQVgMUg++DKliq4T3Cg1SP0JPjWdCLRfCHzx5I=', NULL, NULL, NULL, '2026-11-26 19:22:33.348106+00', '2026-11-26 19:22:34.520398+00', 3, '{}');
INSERT INTO %schema%.users VALUES (-7948198959464316928, 'mallory', true, '$3$274877907200$ls63jp3Jk6eOaLT4zhfRIA==$tD0QRLUw8ITbNVXXZI7ASZMx4dGeJesFGGVctX+Nflc=', NULL, NULL, NULL, '2026-11-26 19:22:33.220839+00', '2026-11-26 19:22:34.670793+00', 3, '{}');
INSERT INTO %schema%.users VALUES (-7948198949314101248, 'tenant', true, '$3$274877907200$tRMo3tVjDCwb9nDI9ESiWw==$Auh/XPQ1+BBYKYhnPDIX2IBDrl0irBFeMrM3pwnl0mc=', 'tenant@example.com', 'tenant@example.com', NULL, '2026-11-26 19:22:35.640017+00', '2026-11-26 19:22:35.640017+00', 1, '{"vcloud":{"providerType":"LOCAL","roles":{"2d93ebdb62d8fe5f":["VAPP_USER"]}}}');
INSERT INTO %schema%.users VALUES (-7948198948169056256, 'orgadmin', true, '$3$274877907200$nsstu4pxyXHaww3PLstvQQ==$JMd+GaqOEOE9pMmH8l+wNiw32u9lYaSRaJXhAr39w5M=', NULL, NULL, NULL, '2026-11-26 19:22:35.9135+00', '2026-11-26 19:22:35.9135+00', 1, '{"vcloud":{"providerType":"LOCAL","roles":{"2d93ebdb62d8fe5f":["ORGANIZATION_ADMINISTRATOR"]}}}');
INSERT INTO %schema%.users VALUES (-7948198947971923968, 'sysadmin', true, '$3$274877907200$s0kuD9/mHg9tLvkcoVuufQ==$yRrs2py5FQec9dLLxNz70tBws1MkDgeqSn92kXbuo1c=', NULL, NULL, NULL, '2026-11-26 19:22:35.960584+00', '2026-11-26 19:22:35.960584+00', 1, '{"vcloud":{"providerType":"LOCAL","roles":{"11b2532637800000":["SYSTEM_ADMINISTRATOR"]}}}');
INSERT INTO %schema%.users VALUES (-7948198947296641024, 'revoked', true, '$3$274877907200$v2hDgoBHoaIQO3t962Je4w==$/f+MB95ozj/LWKulW+rCIrFiu+rCcDQFs/uDO5VP3/8=', NULL, NULL, NULL, '2026-11-26 19:22:36.121553+00', '2026-11-26 19:22:36.179115+00', 2, '{"vcloud":{"providerType":"LOCAL","roles":{"11b2532637800000":["SYSTEM_ADMINISTRATOR"]}}}');
INSERT INTO %schema%.users VALUES (-7948198946499723264, 'reg@example.com', true, '$3$274877907200$MPhB6LrRdydmXr0yE6AV9A==$DbdcSXQkwSsfUT9hykvwCjmWcSRp0O0WZUKIE12Gfs8=', 'reg@example.com', 'reg@example.com', 'R G', '2026-11-26 19:22:36.311474+00', '2026-11-26 19:22:36.311474+00', 1, '{"workspace":{"firstName":"R","lastName":"G","newsletter":false}}');
SELECT pg_catalog.setval('%schema%.nodes', 0, true);
ALTER TABLE ONLY %schema%.member_counts
    ADD CONSTRAINT member_counts_id PRIMARY KEY (organization, slot);
ALTER TABLE ONLY %schema%.memberships
    ADD CONSTRAINT memberships_id PRIMARY KEY (user_id, organization) INCLUDE (owner);
ALTER TABLE ONLY %schema%.organizations
    ADD CONSTRAINT organizations_id PRIMARY KEY (id);
ALTER TABLE ONLY %schema%.organizations
    ADD CONSTRAINT organizations_name UNIQUE (name);
ALTER TABLE ONLY %schema%.roles
    ADD CONSTRAINT roles_name PRIMARY KEY (name);
ALTER TABLE ONLY %schema%.schema_history
    ADD CONSTRAINT schema_history_pk PRIMARY KEY (installed_rank);
ALTER TABLE ONLY %schema%.tokens
    ADD CONSTRAINT tokens_hash PRIMARY KEY (hash);
ALTER TABLE ONLY %schema%.user_aliases
    ADD CONSTRAINT user_aliases_id PRIMARY KEY (dialect, foreign_id);
ALTER TABLE ONLY %schema%.user_roles
    ADD CONSTRAINT user_roles_id PRIMARY KEY (user_id, role);
ALTER TABLE ONLY %schema%.users
    ADD CONSTRAINT users_id PRIMARY KEY (id);
ALTER TABLE ONLY %schema%.users
    ADD CONSTRAINT users_name UNIQUE (name);
CREATE INDEX memberships_organization ON %schema%.memberships USING btree (organization, user_id);
CREATE INDEX memberships_organization_name ON %schema%.memberships USING btree (organization, name, user_id);
CREATE INDEX memberships_owner ON %schema%.memberships USING btree (organization, user_id) WHERE owner;
CREATE INDEX schema_history_s_idx ON %schema%.schema_history USING btree (success);
CREATE INDEX tokens_expires ON %schema%.tokens USING btree (expires) WHERE (expires IS NOT NULL);
CREATE INDEX tokens_kind ON %schema%.tokens USING btree (kind, id);
CREATE INDEX tokens_owner ON %schema%.tokens USING btree (owner, id);
CREATE INDEX user_aliases_user ON %schema%.user_aliases USING btree (user_id);
CREATE INDEX user_roles_role ON %schema%.user_roles USING btree (role, user_id);
CREATE INDEX users_email ON %schema%.users USING btree (email_lower, id) WHERE (email_lower IS NOT NULL);
CREATE INDEX users_full_name ON %schema%.users USING btree (full_name, id) WHERE (full_name IS NOT NULL);
ALTER TABLE ONLY %schema%.memberships
    ADD CONSTRAINT memberships_user_id_fkey FOREIGN KEY (user_id) REFERENCES %schema%.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY %schema%.user_aliases
    ADD CONSTRAINT user_aliases_user_id_fkey FOREIGN KEY (user_id) REFERENCES %schema%.users(id) ON DELETE CASCADE;
ALTER TABLE ONLY %schema%.user_roles
    ADD CONSTRAINT user_roles_user_id_fkey FOREIGN KEY (user_id) REFERENCES %schema%.users(id) ON DELETE CASCADE;
