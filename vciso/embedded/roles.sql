-- The three database roles and the shape of a database they work in. Run by a superuser
-- in the application's database and in template1 (from which test databases are copied);
-- running it again changes nothing but the passwords.
--
-- Passwords come from the environment: VCISO_MIGRATOR_PASSWORD and VCISO_APP_PASSWORD.
\set ON_ERROR_STOP on
\getenv migrator_password VCISO_MIGRATOR_PASSWORD
\getenv app_password VCISO_APP_PASSWORD

-- Owns the schema; used by migrations, set-up and back-up alone. BYPASSRLS, because a
-- table under FORCE ROW LEVEL SECURITY would silently hide its rows from data migrations.
SELECT 'CREATE ROLE vciso_migrator' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'vciso_migrator') \gexec
ALTER ROLE vciso_migrator LOGIN NOSUPERUSER BYPASSRLS CREATEDB NOCREATEROLE
    PASSWORD :'migrator_password';

-- The web server and the workers: owns nothing, bypasses nothing.
SELECT 'CREATE ROLE vciso_app' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'vciso_app') \gexec
ALTER ROLE vciso_app LOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT
    PASSWORD :'app_password';

-- Owns the few SECURITY DEFINER functions; nobody signs in as it.
SELECT 'CREATE ROLE vciso_definer' WHERE NOT EXISTS
    (SELECT FROM pg_roles WHERE rolname = 'vciso_definer') \gexec
ALTER ROLE vciso_definer NOLOGIN NOSUPERUSER BYPASSRLS NOCREATEDB NOCREATEROLE;

-- The migrator hands functions to the definer, and tests act as the app role.
GRANT vciso_definer TO vciso_migrator WITH INHERIT FALSE, SET TRUE;
GRANT vciso_app TO vciso_migrator WITH INHERIT FALSE, SET TRUE;

ALTER ROLE vciso_app SET statement_timeout = '15s';
ALTER ROLE vciso_app SET lock_timeout = '5s';
ALTER ROLE vciso_app SET idle_in_transaction_session_timeout = '60s';
ALTER ROLE vciso_app SET TimeZone = 'UTC';
ALTER ROLE vciso_migrator SET TimeZone = 'UTC';

-- Nobody but the migrator makes anything in the schema.
ALTER SCHEMA public OWNER TO vciso_migrator;
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO vciso_app, vciso_definer;
