"""AccountLock: one account, one daemon.

Holds two locks at once: on the machine (different databases) and in the database (different
machines). Losing the database session is reported at once and the lock is taken again with
back-off; meanwhile it is not held, and whoever asks must not trade.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from daemon.adapters.postgres.connection import Reach
from daemon.adapters.postgres.host_lock import HostLock
from daemon.adapters.postgres.lock_key import AccountKey, Holder
from daemon.adapters.postgres.patience import pause
from daemon.adapters.postgres.session_lock import SessionLock
from daemon.errors import PennydError

RETRY_DELAY_S_MIN = 0.1
RETRY_DELAY_S_MAX = 5.0

OnChange = Callable[[bool, str], None]
"""Called with whether the lock is held and, when not, why; never raises."""


class AccountLock:
    """The right to trade one account."""

    def __init__(
        self,
        key: AccountKey,
        *,
        run: str,
        reach: Reach,
        on_change: OnChange,
        folder: Path | None = None,
    ) -> None:
        """`folder` replaces the machine's shared folder (tests)."""
        self._holder = Holder.this_process(run)
        self._host = HostLock(key, folder=folder)
        self._session = SessionLock(key, self._holder, reach)
        self._on_change = on_change

    @property
    def is_held(self) -> bool:
        """Is the account ours right now?"""
        return self._session.is_held

    async def acquire(self) -> None:
        """Take both locks or neither.

        Raises LockHeld naming the holder (exit code 3), JournalUnavailable without a database.
        """
        self._host.acquire(self._holder)
        try:
            await self._session.acquire()
        except BaseException:
            self._host.release()
            raise

    async def hold(self) -> NoReturn:
        """Watch the lock until cancelled; report when it is lost and when it is held again."""
        while True:
            self._on_change(False, await self._session.lost())
            await self._take_again()
            self._on_change(True, "")

    async def release(self) -> None:
        """Give both locks back."""
        await self._session.release()
        self._host.release()

    async def _take_again(self) -> None:
        delay_s = RETRY_DELAY_S_MIN
        told = ""
        while True:
            try:
                await self._session.acquire()
                return
            except PennydError as error:
                if str(error) != told:
                    told = str(error)
                    self._on_change(False, told)
            await pause(delay_s)
            delay_s = min(2 * delay_s, RETRY_DELAY_S_MAX)
