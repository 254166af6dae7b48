"""What is held and promised, summed to what is at stake.

YES and NO of one condition offset: a pair is worth one dollar whatever happens. Sums are exact
(price × shares, unrounded) and become cash once, at the end; rounding each part up would overrun a
limit by a millionth. Everything here is a worst case: what may still fill counts as filled. Prices
only: the fee of an order that may still take is not reserved.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import Final

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, TokenId, TradeId
from daemon.domain.market import Market
from daemon.domain.order import Order
from daemon.domain.position import Position
from daemon.domain.position_ledger import PositionLedger
from daemon.domain.settlement import FINAL, SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO, Cash, Price, Rounding, Shares, round_exact

_BUY: Final = Side.BUY  # Before Python 3.12, to ask the class for it is as slow as a call.
_NOTHING: Final[Mapping[TokenId, Position]] = MappingProxyType({})


class Portfolio:
    """Positions of all tokens of one account, and its cash.

    Totals are kept as positions change, so that a question costs what is held, not what ever was.
    """

    def __init__(self, cash_start: Cash) -> None:
        self._ledgers: dict[TokenId, PositionLedger] = {}
        self._held: dict[ConditionId, dict[TokenId, Position]] = {}
        """Positions that are not flat."""
        self._owners: dict[TradeId, tuple[TokenId, ...]] = {}
        """Tokens that hold a leg of a trade whose settlement is not final."""
        self._cash_exact = cash_start * MICRO
        self._realized_exact = 0
        self._fees = 0

    def apply_fill(self, fill: Fill) -> Position:
        """Count a fill and return the position after it; one leg must not be given twice."""
        ledger = self._ledgers.get(fill.token)
        if ledger is None:
            ledger = self._ledgers[fill.token] = PositionLedger(fill.token, fill.condition_id)
        if fill.settlement not in FINAL:
            owners = self._owners.get(fill.trade_id, ())
            if fill.token not in owners:
                self._owners[fill.trade_id] = (*owners, fill.token)
        before = ledger.position
        return self._keep(before, ledger.add(fill))

    def settle(self, trade_id: TradeId, news: SettlementStatus) -> tuple[Position, ...]:
        """Move a trade's settlement on; return the positions that changed: only failure changes any."""
        owners = self._owners.get(trade_id, ())
        if news in FINAL:
            self._owners.pop(trade_id, None)
        changed: list[Position] = []
        for token in owners:
            before = self._ledgers[token].position
            after = self._ledgers[token].settle(trade_id, news)
            if after is not None:
                changed.append(self._keep(before, after))
        return tuple(changed)

    def position(self, token: TokenId, condition_id: ConditionId) -> Position:
        """Return what is held of a token; an empty position when nothing ever was."""
        ledger = self._ledgers.get(token)
        return _empty(token, condition_id) if ledger is None else ledger.position

    def positions(self) -> tuple[Position, ...]:
        """Return every position that was ever opened, flat ones included, by token."""
        return tuple(self._ledgers[token].position for token in sorted(self._ledgers))

    def sellable(self, token: TokenId, orders: Iterable[Order]) -> Shares:
        """Return shares held and settled, less what the given orders may still sell."""
        ledger = self._ledgers.get(token)
        if ledger is None:
            return Shares(0)
        promised = _risk(orders, token, Side.SELL)
        return Shares(max(0, ledger.position.shares - ledger.unsettled - promised))

    def cash_free(self, orders: Iterable[Order]) -> Cash:
        """Return cash less what the given orders may still spend, rounded down."""
        reserved = 0
        for order in orders:
            if order.side is _BUY:
                reserved += order.price * order.at_risk
        return round_exact(self._cash_exact - reserved, Rounding.DOWN)

    def exposure(self, orders: Iterable[Order]) -> Cash:
        """Return the worst-case cash at stake: what is held, less certain pairs, plus open BUYs."""
        by_condition: dict[ConditionId, list[Order]] = {c: [] for c in self._held}
        for order in orders:
            by_condition.setdefault(order.condition_id, []).append(order)
        stakes = [self._stake_exact(c, live) for c, live in by_condition.items()]
        return round_exact(sum(stakes), Rounding.UP)

    def market_exposure(self, condition_id: ConditionId, orders: Iterable[Order]) -> Cash:
        """Return the worst-case cash at stake in one market."""
        live = [order for order in orders if order.condition_id == condition_id]
        return round_exact(self._stake_exact(condition_id, live), Rounding.UP)

    def net_shares_worst(self, market: Market, orders: Iterable[Order]) -> Shares:
        """Return the largest net holding of either outcome that open orders could lead to."""
        live = tuple(o for o in orders if o.condition_id == market.condition_id)
        worst = 0
        for token in market.tokens:
            sibling = market.sibling(token)
            most = self._shares(token) + _risk(live, token, Side.BUY)
            least = self._shares(sibling) - _risk(live, sibling, Side.SELL)
            worst = max(worst, most - least)
        return Shares(worst)

    def realized(self) -> Cash:
        """Return realized profit of all tokens, net of fees, rounded down."""
        return round_exact(self._realized_exact, Rounding.DOWN)

    def unrealized(self, marks: dict[TokenId, Price]) -> Cash:
        """Return the profit of what is held at the marks; a token without one counts as worthless."""
        held = (p for positions in self._held.values() for p in positions.values())
        return round_exact(
            sum(p.shares * marks.get(p.token, 0) - p.cost_exact for p in held), Rounding.DOWN
        )

    def fees(self) -> Cash:
        """Return all fees paid."""
        return Cash(self._fees)

    def _keep(self, before: Position, after: Position) -> Position:
        """Move the totals on by what changed; spent is cost less realized profit."""
        realized = after.realized_exact - before.realized_exact
        self._realized_exact += realized
        self._cash_exact += realized - (after.cost_exact - before.cost_exact)
        self._fees += after.fees - before.fees
        held = self._held.setdefault(after.condition_id, {})
        if after.shares:
            held[after.token] = after
        else:
            held.pop(after.token, None)
            if not held:
                del self._held[after.condition_id]
        return after

    def _shares(self, token: TokenId) -> Shares:
        ledger = self._ledgers.get(token)
        return ledger.position.shares if ledger else Shares(0)

    def _stake_exact(self, condition_id: ConditionId, live: Iterable[Order]) -> int:
        """Cost of what is held and may be bought, less one dollar per pair that no SELL can break.

        `live` are the orders of this condition.

        A share owed (a fill that was sold on and then failed) is a pair less than none.
        """
        cost = bought = 0
        least: dict[TokenId, int] = {}
        for position in self._held.get(condition_id, _NOTHING).values():
            cost += position.cost_exact
            least[position.token] = position.shares
        for order in live:
            if order.side is _BUY:
                bought += order.price * order.at_risk
            else:
                least[order.token] = least.get(order.token, 0) - order.at_risk
        if not least:
            return bought
        pairs = min(least.values()) if len(least) > 1 else min(0, *least.values())
        return max(0, cost - pairs * MICRO) + bought


@lru_cache(maxsize=1_000)
def _empty(token: TokenId, condition_id: ConditionId) -> Position:
    return Position(token=token, condition_id=condition_id)


def _risk(orders: Iterable[Order], token: TokenId, side: Side) -> int:
    return sum(o.at_risk for o in orders if o.token == token and o.side is side)
