"""Checks of the database: where it is, whether it answers, whether its schema fits.

Starts an embedded server that exists, for as long as the check takes; makes none.
"""

from config.settings import Settings
from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.binaries import installed_binaries
from daemon.adapters.postgres.connection import describe
from daemon.adapters.postgres.data_folder import SYSTEM_ROOT, is_cluster, possible_data_dirs
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.doctor.check import Check, fail, fine, warn
from daemon.errors import PennydError

NAME = "database"
NO_JOURNAL = "without its journal pennyd does not trade"


async def check_database(settings: Settings) -> list[Check]:
    """Return what there is to say about the database, its place first."""
    if settings.database_url is not None:
        return [await _check_schema(settings.database_url.reveal(), "DATABASE_URL")]
    try:
        binaries = installed_binaries()
    except PennydError as error:
        return [fail(NAME, str(error), meaning=NO_JOURNAL, advice="run make setup again")]
    places = possible_data_dirs(settings.state_dir, SYSTEM_ROOT)
    if not any(is_cluster(place) for place in places):
        finding = f"none yet; the first start makes one (Postgres from {binaries.folder})"
        return [fine(NAME, finding)]
    embedded = EmbeddedPostgres(settings.state_dir)
    try:
        where = await embedded.where()
        place = fine(
            "database place",
            f"data {where.data}, sockets {where.socket_dir}, programs {where.binaries.folder}, "
            f"user {where.user.name}, log {where.log}",
        )
        if where.note:
            place = warn(
                "database place", place.finding, meaning=where.note, advice="add that user"
            )
        schema = await _check_schema(await embedded.start(), "the embedded server")
        return [schema, place]
    except PennydError as error:
        advice = "see postgres.log in the state folder; deploy/RUNBOOK.md, 'The database is down'"
        return [fail(NAME, str(error), meaning=NO_JOURNAL, advice=advice)]
    finally:
        await embedded.stop()


async def _check_schema(dsn: str, who: str) -> Check:
    try:
        found = await migrate.status(dsn)
    except PennydError as error:
        return fail(NAME, str(error), meaning=NO_JOURNAL, advice="the line above says what to do")
    waiting = [m for m in found if m.applied_at is None]
    finding = f"{who} answers ({describe(dsn)}), schema version {len(found) - len(waiting)}"
    if waiting:
        return warn(
            NAME,
            f"{finding}, {len(waiting)} migration(s) wait",
            meaning="the next start applies them; commands that read are refused until then",
            advice="pennyd db migrate",
        )
    return fine(NAME, finding)
