"""What must be there before anything may trade: database, schema, lock, markets, history.

Start-up is recovery: there is no other way to start.
"""

import gc
import os
from collections.abc import AsyncGenerator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import structlog

from config.feasible import check_feasible
from config.settings import Settings
from daemon.adapters.polymarket.http_reader import OnAnswer
from daemon.adapters.polymarket.lookups import PolymarketLookup
from daemon.adapters.postgres import migrate
from daemon.adapters.postgres.account_lock import AccountLock
from daemon.adapters.postgres.archive import RunArchive
from daemon.adapters.postgres.connection import Reach, connect
from daemon.adapters.postgres.embedded import EmbeddedPostgres
from daemon.adapters.postgres.lock_key import AccountKey
from daemon.adapters.system_clock import SystemClock
from daemon.app.beginning import Beginning, begin_run
from daemon.app.start_replies import StartReplies
from daemon.domain.ids import ConditionId, RunId
from daemon.domain.market import Market
from daemon.errors import ConfigError, MarketEnded
from daemon.ports import Clock

log = structlog.get_logger()

MARKETS_MAX: Final = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Database:
    """The database of a run and how to reach it again when it was lost."""

    reach: Reach
    where: str
    """For people; no password in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Premises:
    """Everything a run stands on."""

    beginning: Beginning
    database: Database
    lock: AccountLock
    replies: StartReplies
    """What the look-ups of the markets answered."""

    @property
    def run_id(self) -> RunId:
        """Which run stands on it."""
        return self.beginning.run.run_id


def make_state_folder(folder: Path) -> None:
    """Make the state folder unless it is there: ours alone.

    As root others may pass through it, not look: the embedded server runs as another user.
    """
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)


@asynccontextmanager
async def open_database(settings: Settings) -> AsyncGenerator[Database]:
    """Reach the configured database, or the embedded one of the state folder; migrate it."""
    make_state_folder(settings.state_dir)
    async with AsyncExitStack() as stack:
        if settings.database_url is None:
            embedded = EmbeddedPostgres(settings.state_dir)
            await embedded.start()
            stack.push_async_callback(embedded.stop)
            reach = embedded.ensure_running
            where = str((await embedded.where()).data)
        else:
            reach = _always(settings.database_url.reveal())
            where = "DATABASE_URL"
        for migration in await migrate.apply(await reach()):
            log.info("database.migrated", version=migration.version, name=migration.name)
        yield Database(reach=reach, where=where)


def _always(dsn: str) -> Reach:
    async def reach() -> str:
        return dsn

    return reach


@asynccontextmanager
async def open_premises(
    settings: Settings,
    *,
    database: Database,
    clock: Clock,
    on_lock: Callable[[bool, str], None],
) -> AsyncGenerator[Premises]:
    """Take the lock, resolve the markets and read the account's history, in this order.

    Raises ConfigError, LockHeld, JournalUnavailable, JournalConflict, Unreachable.
    """
    async with AsyncExitStack() as stack:
        run_id = new_run_id(settings.account)
        lock = AccountLock(
            AccountKey(account=str(settings.state_dir.resolve()), mode=settings.mode.label),
            run=run_id,
            reach=database.reach,
            on_change=on_lock,
        )
        await lock.acquire()
        stack.push_async_callback(lock.release)
        replies = StartReplies(clock)
        markets = await resolve_markets(settings, clock, replies)
        _require_feasible(settings, markets)
        connection = await connect(await database.reach())
        stack.push_async_callback(connection.close)
        beginning = await begin_run(
            RunArchive(connection),
            settings,
            run_id=run_id,
            markets=markets,
            clock=clock,
            now=SystemClock().now(),
        )
        yield Premises(beginning=beginning, database=database, lock=lock, replies=replies)


async def resolve_markets(
    settings: Settings, clock: Clock, on_answer: OnAnswer
) -> tuple[Market, ...]:
    """Find every configured market at the venue; the same market named twice is one.

    `on_answer` sees every reply as received.

    A market that has ended is left out with a warning, so that a restart is not refused because one
    of several is over; when none is left the start is refused.
    """
    if len(settings.markets) > MARKETS_MAX:
        raise ConfigError(f"markets: {len(settings.markets)} named, at most {MARKETS_MAX}")
    venue = settings.venue
    async with PolymarketLookup(
        gamma_base=venue.gamma_url, clob_base=venue.clob_url, clock=clock, on_answer=on_answer
    ) as lookup:
        found: dict[ConditionId, Market] = {}
        ended: list[str] = []
        for reference in settings.markets:
            try:
                market = await lookup.resolve(reference)
            except MarketEnded as error:
                log.warning("market.left_out", reason=str(error))
                ended.append(str(error))
            else:
                found[market.condition_id] = market
    if not found:
        raise ConfigError(*ended)
    return tuple(found.values())


def _require_feasible(settings: Settings, markets: tuple[Market, ...]) -> None:
    """Refuse a configuration that can never trade, with the numbers; warn of one that rarely can."""
    errors, warnings = check_feasible(settings, markets)
    for warning in warnings:
        log.warning("configuration.narrow", reason=warning)
    if errors:
        raise ConfigError(*errors)


def new_run_id(account: str) -> RunId:
    """Return a run id that sorts by start and is unique for one account on one machine."""
    return RunId(f"{account}-{SystemClock().now() // 1_000_000}")


def settle_memory() -> None:
    """Keep what start-up made out of the garbage collector's way, so that a full collection is short.

    Measured: a full collection over 900 000 objects stops the loop 130 ms, frozen 0.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
