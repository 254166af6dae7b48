#!/bin/sh
# Writes one backup of the database and keeps the newest ones. Safe while pennyd trades: it reads
# one consistent snapshot. libpq's variables say what and where (PGHOST, PGUSER, PGDATABASE, and
# PGPASSWORD or ~/.pgpass: a password in an argument could be read in the process list).
#   PGDATABASE=pennyd sh deploy/postgres/backup.sh FOLDER [KEEP]     KEEP: 14 unless said
set -eu

folder=${1:?name the folder for the backups}
keep=${2:-14}
: "${PGDATABASE:?name the database}"
case $keep in '' | 0 | *[!0-9]*) echo "pennyd: KEEP must be a number from 1, not '$keep'" >&2; exit 2 ;; esac

umask 077
mkdir -p -- "$folder"
file=$folder/$PGDATABASE-$(date -u +%Y%m%dT%H%M%SZ).dump
trap 'rm -f -- "$file.part"' EXIT
pg_dump --no-password --format=custom --file="$file.part"
pg_restore --list "$file.part" >/dev/null # a backup that cannot be read is none
mv -- "$file.part" "$file"

# Names carry their time, so the shell's order is the order of age.
set -- "$folder/$PGDATABASE"-????????T??????Z.dump
while [ $# -gt "$keep" ]; do
    rm -- "$1"
    shift
done
echo "pennyd: wrote $file; $# kept"
