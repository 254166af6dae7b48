"""Postgres: the only store. A server of our own when none is given, migrations, locks, the journal."""
