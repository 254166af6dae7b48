"""Builds what the desks work on, as the options ask for it: markets, wallets, faults, one chance."""

import stat
from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Final

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.errors import ConfigError
from daemon.exchange.cashier import Cashier
from daemon.exchange.floor import Floor
from daemon.exchange.funding import parse_funding
from daemon.exchange.options import BoxOptions
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_file import FaultFile, parse_faults
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.marketplace.standing_markets import build_standing_markets
from daemon.sim.exchange.marketplace.taped_listing import list_taped
from daemon.sim.exchange.tape.tape_player import TapePlayer
from daemon.sim.exchange.trading.account_ids import CASH, Asset
from daemon.sim.exchange.trading.account_ids import Wallet as WalletName
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.exchange.trading.settlement import FailsAt, SettlementOptions
from daemon.sim.exchange.trading.trade import Trade
from daemon.sim.named_chance import NamedChance

FAULT_FILE_BYTES_MAX: Final = 1024 * 1024
SEEN_MS_MAX: Final = 20
"""How long a trade may take to be told where settlement is quick."""


def open_floor(
    options: BoxOptions, *, clock: Callable[[], Nanos], player: TapePlayer | None = None
) -> Floor:
    """Return a floor with its markets listed and its wallets funded; ConfigError if it cannot be.

    With a tape its markets are those of the tape, and each takes orders until its end.
    """
    now = clock()

    def fails_at(trade: Trade) -> Nanos | None:
        return floor.fates.fails_at(trade)

    exchange = Exchange(_exchange_options(options, fails_at), Random(options.seed), now)
    marketplace = Marketplace(exchange, now)
    faults = _read_faults(options)
    floor = Floor(
        marketplace=marketplace,
        books=DisplayedBooks(marketplace, None if player is None else player.books),
        keys=ApiKeys(options.seed),
        wallets={},
        faults=build_plan(faults, now) if faults else quiet_plan(now),
        service=ServiceSchedule(),
        clock=clock,
    )
    if player is None:
        for market in build_standing_markets(str(options.seed), now):
            marketplace.list_market(market)
    else:
        for market in player.header.markets:
            list_taped(marketplace, market)
    cashier = Cashier(floor)
    for text in options.fund:
        try:
            cashier.fund(parse_funding(text), now)
        except ValueError as error:
            raise ConfigError(f"--fund {text}: {error}") from None
    for wallet in floor.wallets:
        # It came long ago; one refresh is of cash, one of all shares.
        for asset in (CASH, Asset("")):
            exchange.refresh_balance(WalletName(wallet), asset)
    return floor


def build_plan(faults: FaultFile, now: Nanos) -> FaultPlan:
    """Return the plan of a file, which starts now."""
    return FaultPlan(chance=faults.chance, rules=faults.rules, start_at=now, quiet=faults.quiet)


def quiet_plan(now: Nanos) -> FaultPlan:
    """Return a plan in which nothing goes wrong."""
    return FaultPlan(chance=NamedChance(""), rules=(), start_at=now)


def _exchange_options(options: BoxOptions, fails_at: FailsAt) -> ExchangeOptions:
    confirmed, lag = options.settle_ms, Nanos(options.balance_lag_ms * NANOS_PER_MS)
    if confirmed is None:
        return ExchangeOptions(fails_at=fails_at, balance_lag=lag)
    mined = confirmed // 2
    return ExchangeOptions(
        fails_at=fails_at,
        balance_lag=lag,
        settlement=SettlementOptions(
            seen_ms_max=min(SEEN_MS_MAX, mined),
            mined_ms=(mined, mined),
            confirmed_ms=(confirmed, confirmed),
        ),
    )


def _read_faults(options: BoxOptions) -> FaultFile | None:
    if options.faults is None:
        return None
    path = Path(options.faults)
    try:
        if not stat.S_ISREG(path.stat().st_mode) or path.stat().st_size > FAULT_FILE_BYTES_MAX:
            raise ConfigError(
                f"--faults {path}: give a file of at most {FAULT_FILE_BYTES_MAX} bytes"
            )
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(f"--faults {path}: cannot be read ({error}); correct it") from None
    return parse_faults(text, str(path))
