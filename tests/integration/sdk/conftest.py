"""An exchange in a box, its accounts, and both official SDKs, loaded when a test asks: that takes a second."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.integration.sdk.account import Account
from tests.integration.sdk.box_process import BoxProcess

if TYPE_CHECKING:
    from collections.abc import Awaitable

    from tests.integration.sdk.retired_client import RetiredTrader
    from tests.integration.sdk.unified_client import Trader

    OpenTrader = Callable[[Account], Awaitable[Trader]]
    OpenRetired = Callable[[Account], RetiredTrader]

OUTWARD = ("SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
PURSE_USD = 1_000
ACCOUNTS_OF_A_KIND = 40
"""Funded when the box starts; every test takes fresh ones."""


@pytest.fixture(autouse=True)
def loopback_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Leave the SDKs no certificate to trust anybody by, and no proxy between them and the box.

    A client of the living SDK reads all certificates for each of its dozen transports: without any,
    it opens seven times as fast.
    """
    for name in OUTWARD:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path))


@pytest.fixture(scope="session")
def unified() -> Any:
    """Return the module that knows the living SDK."""
    from tests.integration.sdk import unified_client  # noqa: PLC0415 - a second

    return unified_client


@pytest.fixture(scope="session")
def retired() -> Any:
    """Return the module that knows the older SDK."""
    from tests.integration.sdk import retired_client  # noqa: PLC0415 - a second

    return retired_client


@pytest.fixture(scope="session")
def accounts(unified: Any) -> dict[bool, list[Account]]:
    """Return throw-away accounts: true, plain keys that are their own wallet; false, deposit wallets."""
    return {
        is_eoa: [unified.make_account(is_eoa=is_eoa) for _ in range(ACCOUNTS_OF_A_KIND)]
        for is_eoa in (True, False)
    }


@pytest.fixture(scope="session")
def box(accounts: dict[bool, list[Account]]) -> Iterator[BoxProcess]:
    """Return the exchange, in a process of its own, at speed 1."""
    box = BoxProcess("--quiet", accounts=accounts[True] + accounts[False], usd=PURSE_USD)
    yield box
    box.end()


@pytest.fixture(scope="session")
def unused(accounts: dict[bool, list[Account]]) -> dict[bool, Iterator[Account]]:
    """Return the accounts that no test has had yet."""
    return {is_eoa: iter(kind) for is_eoa, kind in accounts.items()}


@pytest.fixture
def eoa(box: BoxProcess, unused: dict[bool, Iterator[Account]]) -> Callable[[], Account]:
    """Return the way to a fresh, funded account that is its own wallet."""
    return lambda: next(unused[True])


@pytest.fixture
def depositor(box: BoxProcess, unused: dict[bool, Iterator[Account]]) -> Callable[[], Account]:
    """Return the way to a fresh, funded account with a deposit wallet."""
    return lambda: next(unused[False])


@pytest.fixture
async def trader(unified: Any, box: BoxProcess) -> AsyncIterator[OpenTrader]:
    """Return the way to an account at work with the living SDK; afterwards nothing of it rests."""
    environment = unified.environment_of(box.ready)
    async with AsyncExitStack() as stack:

        async def open_trader(account: Account) -> Trader:
            opened: Trader = await stack.enter_async_context(
                unified.open_trader(environment, account)
            )
            return opened

        yield open_trader


@pytest.fixture
def retired_trader(retired: Any, box: BoxProcess) -> Iterator[OpenRetired]:
    """Return the way to an account at work with the older SDK; afterwards nothing of it rests."""
    opened: list[RetiredTrader] = []

    def open_retired(account: Account) -> RetiredTrader:
        opened.append(retired.RetiredTrader(box.ready["clob"], account))
        return opened[-1]

    yield open_retired
    for trader in opened:
        trader.cancel_all()
