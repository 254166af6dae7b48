"""When and at what price the paper venue fills.

Three causes: an arriving order walks the levels it may take, level by level, never beyond its limit;
a resting order is filled when the opposite best comes to its price or beyond (trade-through); or when
what stood before it in the queue is used up. Each fill also says what a pessimist would have given:
a walk one tick worse, a trade-through only when the price was passed and not merely met, the queue
nothing.
"""

from collections.abc import Callable
from typing import Final

from daemon.domain.fill import FillCause, Liquidity, Simulated
from daemon.domain.ids import TradeId
from daemon.domain.order import Order, TimeInForce
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import Nanos, Price, Shares
from daemon.domain.venue_reports import FillReported
from daemon.ports import Rejected
from daemon.sim.outside_book import OutsideBook
from daemon.sim.paper_options import PaperOptions
from daemon.sim.resting_order import RestingOrder

# The venue's own words (errors of order entry).
CROSSES: Final = "invalid post-only order: order crosses book"
NOT_FULLY: Final = "order couldn't be fully filled. FOK orders are fully filled or killed."
NO_MATCH: Final = (
    "no orders found to match with FAK order. "
    "FAK orders are partially filled or killed if no match is found."
)


class Matching:
    """Matches one of our orders against the outside book."""

    def __init__(self, options: PaperOptions, report: Callable[[FillReported], None]) -> None:
        self._options = options
        self._report = report

    def arrive(self, order: Order, outside: OutsideBook, now: Nanos) -> RestingOrder | Rejected:
        """Take what the order may take; return what is left of it, or the venue's refusal."""
        offers = self._within_reach(order, outside)
        if order.is_post_only and any(outside.offers(order.side, order.price)):
            return Rejected(CROSSES)
        offered = sum(shares for _, shares in offers)
        if order.time_in_force is TimeInForce.FOK and offered < order.leaves:
            return Rejected(NOT_FULLY)
        if order.time_in_force is TimeInForce.FAK and not offered:
            return Rejected(NO_MATCH)
        resting = RestingOrder(order)
        for price, shares in offers:
            if not resting.leaves:
                break
            taken = Shares(min(shares, resting.leaves))
            outside.take(order.side, price, taken)
            self._walk(resting, outside, price, taken, now)
        resting.place(Shares(outside.book.levels(order.side).get(order.price, 0)), now)
        return resting

    def follow(
        self, resting: RestingOrder, outside: OutsideBook, now: Nanos, spent: Shares
    ) -> Shares:
        """Fill a resting order as far as the changed book fills it.

        `spent` is what the level's shrinking filled of our own orders before it; returns what it
        filled of this one.
        """
        order = resting.order
        for price, shares in self._within_reach(order, outside):
            if not resting.leaves:
                return Shares(0)
            taken = Shares(min(shares, resting.leaves))
            outside.take(order.side, price, taken)
            is_passed = price != order.price
            self._fill(
                resting,
                outside,
                FillCause.TRADE_THROUGH,
                price=order.price,
                shares=taken,
                sure=taken if is_passed else Shares(0),
                sure_price=order.price,
                at=now,
            )
        level = Shares(outside.book.levels(order.side).get(order.price, 0))
        if not resting.is_placed:
            resting.place(level, now)
            return Shares(0)
        is_best = outside.book.best(order.side) == order.price
        reached = resting.note_level(
            level,
            is_best=is_best,
            shrink_traded=self._options.shrink_traded,
            spent=spent,
            now=now,
        )
        self.queue(resting, outside, reached, now)
        return reached

    def _within_reach(self, order: Order, outside: OutsideBook) -> tuple[tuple[Price, Shares], ...]:
        """Return what the order may take: levels that lie the cushion within its limit."""
        cushion = self._options.spread_cushion_ticks * outside.market.tick
        return tuple(outside.offers(order.side, Price(order.price - order.side.sign * cushion)))

    def queue(self, resting: RestingOrder, outside: OutsideBook, shares: Shares, at: Nanos) -> None:
        """Fill what reached us in the queue."""
        if shares:
            self._fill(
                resting,
                outside,
                FillCause.QUEUE,
                price=resting.order.price,
                shares=shares,
                sure=Shares(0),
                sure_price=resting.order.price,
                at=at,
            )

    def _walk(
        self, resting: RestingOrder, outside: OutsideBook, level: Price, shares: Shares, now: Nanos
    ) -> None:
        order, tick = resting.order, outside.market.tick
        price = _within(order, Price(level + order.side.sign * self._options.slippage_ticks * tick))
        worse = Price(price + order.side.sign * tick)
        is_within = (order.price - worse) * order.side.sign >= 0
        self._fill(
            resting,
            outside,
            FillCause.WALK,
            price=price,
            shares=shares,
            sure=shares if is_within else Shares(0),
            sure_price=worse if is_within else price,
            at=now,
        )

    def _fill(
        self,
        resting: RestingOrder,
        outside: OutsideBook,
        cause: FillCause,
        *,
        price: Price,
        shares: Shares,
        sure: Shares,
        sure_price: Price,
        at: Nanos,
    ) -> None:
        order = resting.order
        resting.filled = Shares(resting.filled + shares)
        self._report(
            FillReported(
                venue_order_id=order.venue_order_id,
                trade_id=TradeId(f"{order.venue_order_id[:18]}:{resting.filled}"),
                price=price,
                shares=shares,
                liquidity=Liquidity.TAKER if cause is FillCause.WALK else Liquidity.MAKER,
                settlement=SettlementStatus.CONFIRMED,
                at=at,
                simulated=Simulated(
                    cause=cause,
                    book_id=outside.book.book_id,
                    pessimistic_shares=sure,
                    pessimistic_price=sure_price,
                ),
            )
        )


def _within(order: Order, price: Price) -> Price:
    """Return the price, or the order's limit where the price would be beyond it."""
    return Price(min(price, order.price) if order.side is Side.BUY else max(price, order.price))
