#!/bin/sh
# Reads a backup into an EMPTY database, all or nothing. It never overwrites: make a new database
# (create.sh with PENNYD_DB_NAME), restore into it, look at it, then point DATABASE_URL there.
# libpq's variables say where, as in backup.sh; PGUSER is the role that shall own the tables.
#   PGDATABASE=pennyd_restored PGUSER=pennyd sh deploy/postgres/restore.sh FILE
set -eu

file=${1:?name the backup file}
: "${PGDATABASE:?name the empty database to restore into}"

tables=$(psql --no-psqlrc --no-password --tuples-only --no-align --command \
    "select count(*) from pg_tables where schemaname not in ('pg_catalog', 'information_schema')")
if [ "$tables" != 0 ]; then
    echo "pennyd: database $PGDATABASE holds $tables tables and is left alone; restore into an empty one." >&2
    exit 1
fi
pg_restore --no-password --exit-on-error --single-transaction --no-owner --no-privileges \
    --dbname="$PGDATABASE" "$file"
echo "pennyd: restored $file into $PGDATABASE; next: pennyd db status, then pennyd db rebuild-positions"
