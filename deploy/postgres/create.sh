#!/bin/sh
# Makes the role and the database of pennyd on a Postgres server; harmless when repeated (it then
# sets the password anew). Run it as a superuser; psql's own variables say where (PGHOST, PGUSER …).
# The official image runs it by itself at its first start (see compose.yaml).
#   PENNYD_DB_PASSWORD=… sh deploy/postgres/create.sh
# PENNYD_DB_ROLE and PENNYD_DB_NAME name others than `pennyd`.
set -eu

: "${PENNYD_DB_PASSWORD:?set it to the password that DATABASE_URL will carry}"
export PENNYD_DB_PASSWORD
export PENNYD_DB_ROLE="${PENNYD_DB_ROLE:-pennyd}"
export PENNYD_DB_NAME="${PENNYD_DB_NAME:-pennyd}"
export PGUSER="${PGUSER:-${POSTGRES_USER:-postgres}}"

# The password travels by the environment: never in the process list, never in the server's log.
psql --no-psqlrc --quiet --no-password --dbname "${PGDATABASE:-postgres}" --set ON_ERROR_STOP=1 <<'SQL'
\getenv role PENNYD_DB_ROLE
\getenv name PENNYD_DB_NAME
\getenv password PENNYD_DB_PASSWORD
set log_statement = 'none';
set log_min_error_statement = 'panic';
select format('create role %I', :'role')
 where not exists (select from pg_roles where rolname = :'role') \gexec
alter role :"role" with login nosuperuser nocreatedb nocreaterole noreplication password :'password';
select format('create database %I owner %I template template0 encoding ''UTF8'' locale ''C.UTF-8''',
              :'name', :'role')
 where not exists (select from pg_database where datname = :'name') \gexec
revoke all on database :"name" from public;
alter database :"name" set timezone = 'UTC';
SQL
echo "pennyd: database $PENNYD_DB_NAME is there, owned by $PENNYD_DB_ROLE"
