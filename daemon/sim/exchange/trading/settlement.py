"""The life of a trade after its match: seen, mined, confirmed; or tried again; or failed.

Chance decides when and whether, drawn from a generator that is handed in. A trade whose payer has
moved the money or taken back the approval in the meantime is tried again once and then fails. A mined
trade fails only while all that it brought is still there and free; else it is confirmed.
"""

from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from random import Random
from typing import Final, TypeAlias

from daemon.domain.ids import ConditionId, TradeId
from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.agenda import Agenda
from daemon.sim.exchange.trading.ledger import Ledger
from daemon.sim.exchange.trading.posting import Posting
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.exchange.trading.venue_event import TradeReported, TraderSide, VenueEvent

FINAL_MAX: Final = 20_000
"""Trades that are final remembered for each owner's sake; the oldest go."""

_Steps = tuple[tuple[Nanos, TradeStatus], ...]

FailsAt: TypeAlias = Callable[[Trade], Nanos | None]
"""Tells of a new trade when it fails for certain, without ever having been mined; None leaves its
fate to chance."""


def never_fails_for_certain(trade: Trade) -> None:
    """Leave every trade to chance."""
    del trade


@dataclass(frozen=True, slots=True, kw_only=True)
class SettlementOptions:
    """How long settlement takes, counted from the match, and how often it goes wrong."""

    seen_ms_max: int = 100
    """A match is told within this."""
    mined_ms: tuple[int, int] = (1_000, 5_000)
    confirmed_ms: tuple[int, int] = (3_000, 15_000)
    retrying_rate: int = 0
    """Millionths of the trades that are tried again and settle then."""
    failed_rate: int = 0
    """Millionths of the trades that fail, half of them after they were mined."""

    def __post_init__(self) -> None:
        if not 0 <= self.seen_ms_max <= self.mined_ms[0] <= self.mined_ms[1]:
            raise ValueError("a trade is seen before it is mined")
        if not self.mined_ms[0] <= self.confirmed_ms[0] <= self.confirmed_ms[1]:
            raise ValueError("a trade is mined before it is confirmed")
        if min(self.retrying_rate, self.failed_rate) < 0:
            raise ValueError("a rate is not negative")
        if self.retrying_rate + self.failed_rate > MICRO:
            raise ValueError("the rates together exceed all trades")


class Settlement:
    """Every trade made, and what is still due of each.

    Trades stay until their market is forgotten, or until `FINAL_MAX` more of each owner in them are
    final; those between transient owners until they are final.
    """

    def __init__(
        self,
        options: SettlementOptions,
        ledger: Ledger,
        agenda: Agenda,
        chance: Random,
        report: Callable[[VenueEvent], None],
        fails_at: FailsAt,
    ) -> None:
        self._options = options
        self._ledger = ledger
        self._agenda = agenda
        self._chance = chance
        self._report = report
        self._fails_at = fails_at
        self._trades: dict[TradeId, Trade] = {}
        self._by_owner: dict[Owner, dict[TradeId, None]] = defaultdict(dict)
        self._by_wallet: dict[Wallet, dict[TradeId, None]] = defaultdict(dict)
        self._by_market: dict[ConditionId, dict[TradeId, None]] = defaultdict(dict)
        self._transient: set[Owner] = set()
        self._final: dict[Owner, deque[TradeId]] = defaultdict(deque)

    def mark_transient(self, owner: Owner) -> None:
        """Keep no trade for this owner's sake once it is final."""
        self._transient.add(owner)

    def begin(self, trade: Trade, posting: Posting) -> None:
        """Claim what the trade needs and let it settle in time."""
        self._ledger.claim(posting)
        self._trades[trade.trade_id] = trade
        self._by_market[trade.condition_id][trade.trade_id] = None
        for owner, wallet in _parties(trade):
            if owner not in self._transient:
                self._by_owner[owner][trade.trade_id] = None
                self._by_wallet[wallet][trade.trade_id] = None
        seen_at = Nanos(trade.matched_at + self._within((0, self._options.seen_ms_max)))
        self._agenda.add(seen_at, partial(self._tell, trade))
        steps, fails_at = self._draw_steps(trade.matched_at), self._fails_at(trade)
        if fails_at is not None:
            steps = ((max(seen_at, fails_at), TradeStatus.FAILED),)
        self._await(trade.trade_id, posting, steps)

    def trade(self, trade_id: TradeId) -> Trade | None:
        """Return a trade as it stands now."""
        return self._trades.get(trade_id)

    def trades_of(self, owner: Owner) -> tuple[Trade, ...]:
        """Return the trades an owner's orders are part of, earliest first."""
        return tuple(self._trades[trade_id] for trade_id in self._by_owner.get(owner, ()))

    def trades_of_wallet(self, wallet: Wallet) -> tuple[Trade, ...]:
        """Return the trades that a wallet paid or was paid in, earliest first."""
        return tuple(self._trades[trade_id] for trade_id in self._by_wallet.get(wallet, ()))

    def trades_of_market(self, condition_id: ConditionId) -> tuple[Trade, ...]:
        """Return the trades of a market that are kept, earliest first."""
        return tuple(self._trades[trade_id] for trade_id in self._by_market.get(condition_id, ()))

    def forget_market(self, condition_id: ConditionId) -> None:
        """Let go of all trades of a market, which are final."""
        for trade in self.trades_of_market(condition_id):
            assert trade.status.is_final
            self._drop(trade)
        self._by_market.pop(condition_id, None)

    def _draw_steps(self, now: Nanos) -> _Steps:
        mined_at = Nanos(now + self._within(self._options.mined_ms))
        final_at = Nanos(max(mined_at, now + self._within(self._options.confirmed_ms)))
        drawn = self._chance.randrange(MICRO)
        if drawn < self._options.failed_rate:
            first = self._chance.choice((TradeStatus.RETRYING, TradeStatus.MINED))
            return (mined_at, first), (final_at, TradeStatus.FAILED)
        if drawn < self._options.failed_rate + self._options.retrying_rate:
            again_at = Nanos(mined_at + self._within(self._options.mined_ms))
            return (
                (mined_at, TradeStatus.RETRYING),
                (again_at, TradeStatus.MINED),
                (Nanos(max(again_at, final_at)), TradeStatus.CONFIRMED),
            )
        return (mined_at, TradeStatus.MINED), (final_at, TradeStatus.CONFIRMED)

    def _await(self, trade_id: TradeId, posting: Posting, steps: _Steps) -> None:
        if steps:
            self._agenda.add(steps[0][0], partial(self._step, trade_id, posting, steps))

    def _step(self, trade_id: TradeId, posting: Posting, steps: _Steps, now: Nanos) -> None:
        trade, status, rest = self._trades[trade_id], steps[0][1], steps[1:]
        if status is TradeStatus.MINED:
            if self._ledger.can_settle(posting):
                self._ledger.settle(posting, now)
            else:
                status = TradeStatus.RETRYING
                failed_at = Nanos(now + self._within(self._options.mined_ms))
                rest = ((failed_at, TradeStatus.FAILED),)
        elif status is TradeStatus.FAILED:
            if trade.status is not TradeStatus.MINED:
                self._ledger.release(posting)
            elif self._ledger.can_reverse(posting):
                self._ledger.reverse(posting, now)
            else:
                status = TradeStatus.CONFIRMED
        self._trades[trade_id] = moved = _moved_to(trade, status, now)
        self._tell(moved, now)
        self._await(trade_id, posting, rest)
        if status.is_final:
            self._keep(moved)

    def _keep(self, trade: Trade) -> None:
        """Remember a final trade, and no more than so many of each owner; none for transient ones."""
        owners = [owner for owner in trade.owners if owner not in self._transient]
        if not owners:
            self._drop(trade)
        for owner in owners:
            final = self._final[owner]
            final.append(trade.trade_id)
            if len(final) > FINAL_MAX:
                self._let_go(final.popleft(), owner)

    def _let_go(self, trade_id: TradeId, owner: Owner) -> None:
        """Remember a trade no longer for one owner's sake, who may be the last."""
        trade = self._trades.get(trade_id)
        self._by_owner[owner].pop(trade_id, None)
        if trade is not None and not any(
            trade_id in self._by_owner.get(one, ()) for one in trade.owners
        ):
            self._drop(trade)

    def _drop(self, trade: Trade) -> None:
        del self._trades[trade.trade_id]
        del self._by_market[trade.condition_id][trade.trade_id]
        for owner, wallet in _parties(trade):
            self._by_owner.get(owner, {}).pop(trade.trade_id, None)
            self._by_wallet.get(wallet, {}).pop(trade.trade_id, None)

    def _tell(self, trade: Trade, now: Nanos) -> None:
        for owner in trade.owners:
            side = TraderSide.TAKER if owner == trade.owner else TraderSide.MAKER
            self._report(TradeReported(at=now, owner=owner, trader_side=side, trade=trade))

    def _within(self, range_ms: tuple[int, int]) -> int:
        low, high = range_ms
        return self._chance.randint(low * NANOS_PER_MS, high * NANOS_PER_MS)


def _parties(trade: Trade) -> dict[tuple[Owner, Wallet], None]:
    makers = ((maker.owner, maker.wallet) for maker in trade.makers)
    return dict.fromkeys(((trade.owner, trade.wallet), *makers))


def _moved_to(trade: Trade, status: TradeStatus, now: Nanos) -> Trade:
    transaction = trade.transaction_hash
    if not status.is_final:
        transaction = f"0x{sha256(f'{trade.trade_id} {status}'.encode()).hexdigest()}"
    return replace(trade, status=status, updated_at=now, transaction_hash=transaction)
