"""The market outside as one more owner in the book: its levels stand there as orders, its takers take.

What the outside shows is decided elsewhere, so its orders pass no checks and wait for nobody. They keep
their place as honestly as a recording allows: a level that grows grows at its end, one that shrinks
shrinks from its end, and a trade uses up what stands first.
"""

from collections.abc import Iterator
from hashlib import sha256
from typing import Final, assert_never

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId
from daemon.domain.side import Side
from daemon.domain.units import MICRO, ONE, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Owner, Wallet
from daemon.sim.exchange.trading.execution import Execution
from daemon.sim.exchange.trading.ledger import UNLIMITED, Ledger
from daemon.sim.exchange.trading.order_match import plan_matches
from daemon.sim.exchange.trading.order_register import OrderRegister
from daemon.sim.exchange.trading.outside_move import (
    OutsideLevel,
    OutsideMove,
    OutsideOffer,
    OutsideTrade,
)
from daemon.sim.exchange.trading.venue_market import VenueMarket
from daemon.sim.exchange.trading.venue_order import (
    BookedOrder,
    OrderStatus,
    OrderType,
    PostedOrder,
)

OUTSIDE_OWNER: Final = Owner("ffffffff-ffff-4fff-bfff-ffffffffffff")
OUTSIDE_WALLET: Final = Wallet("0x0000000000000000000000000000000000000001")
"""An address that nobody has a key for."""
PURSE: Final = 10**15 * MICRO
"""Cash, and as many shares of each outcome, that the outside has in a market: no order lacks any."""

_LevelKey = tuple[ConditionId, bool, int]


class OutsideDesk:
    """Keeps the outside's orders equal to what it offers; one that has ended is forgotten."""

    def __init__(self, ledger: Ledger, register: OrderRegister, execution: Execution) -> None:
        self._ledger = ledger
        self._register = register
        self._execution = execution
        self._orders: dict[_LevelKey, list[BookedOrder]] = {}
        self._funded: set[ConditionId] = set()
        self._count = 0

    def move(self, market: VenueMarket, move: OutsideMove, now: Nanos) -> None:
        """Let the outside do what it did."""
        self._fund(market, now)
        match move:
            case OutsideOffer(levels=levels):
                for level in levels:
                    self._shrink(market, level)
                for level in levels:
                    self._grow(market, level, now)
                self._execution.tell_levels(market, now)
            case OutsideTrade():
                self._trade(market, move, now)
            case _:
                assert_never(move)

    def _fund(self, market: VenueMarket, now: Nanos) -> None:
        listing, ledger = market.listing, self._ledger
        if listing.condition_id in self._funded:
            return
        self._funded.add(listing.condition_id)
        for is_cash in (True, False):
            ledger.approve(
                OUTSIDE_WALLET, listing.spender, is_cash=is_cash, amount=UNLIMITED, now=now
            )
        ledger.deposit(OUTSIDE_WALLET, 2 * PURSE, now)
        ledger.convert(OUTSIDE_WALLET, listing, PURSE, now)
        for asset in (CASH, *map(Asset, listing.tokens)):
            ledger.refresh(OUTSIDE_WALLET, asset)

    # --- levels ---------------------------------------------------------------------------------
    def _shrink(self, market: VenueMarket, level: OutsideLevel) -> None:
        orders = self._standing(market, level)
        excess = sum(order.left for order in orders) - level.shares
        while excess > 0:
            cut = min(excess, orders[-1].left)
            self._use_up(market, orders[-1], cut)
            excess -= cut
            if not orders[-1].left:
                orders.pop()
        if not orders:
            self._orders.pop(_key(market, level), None)

    def _grow(self, market: VenueMarket, level: OutsideLevel, now: Nanos) -> None:
        lack = level.shares - sum(order.left for order in self._standing(market, level))
        if lack <= 0:
            return
        last = market.book.last(level.price, is_bid=level.is_bid)
        if last is not None and last.posted.owner == OUTSIDE_OWNER:
            market.book.enlarge(last, lack)  # nobody stands behind it
            self._register.reserve(last, last.rest_needs)
            return
        side = Side.BUY if level.is_bid else Side.SELL
        order = self._order(market, market.listing.tokens[0], side, level.price, lack, now)
        self._register.add(order)
        matches = plan_matches(order, market.book.opposite(order))
        self._execution.match(order, market, matches, now)
        if order.is_done:
            self._register.finish(order, OrderStatus.MATCHED)
        else:
            self._register.reserve(order, order.rest_needs)
            market.book.add(order)
            self._orders.setdefault(_key(market, level), []).append(order)
        if matches:
            self._execution.tell(order, market, matches, now)

    def _standing(self, market: VenueMarket, level: OutsideLevel) -> list[BookedOrder]:
        """Return the outside's orders at a level that still stand, first to match first."""
        orders = self._orders.get(_key(market, level), [])
        orders[:] = [order for order in orders if order.left]
        return orders

    # --- trades ---------------------------------------------------------------------------------
    def _trade(self, market: VenueMarket, trade: OutsideTrade, now: Nanos) -> None:
        """Give our resting orders what their place entitles them to; the rest was traded outside.

        The outside's shares that stood before them move to the end: how many there are is told by its
        levels alone, which usually follow the trade and then shrink by it.
        """
        taker = self._order(market, trade.token, trade.side, trade.price, trade.shares, now)
        level = OutsideLevel(not taker.is_bid, Price(taker.yes_price), Shares(0))
        shown = sum(order.left for order in self._standing(market, level))
        matches = plan_matches(taker, _met(market, taker))
        others = [match for match in matches if match.maker.posted.owner != OUTSIDE_OWNER]
        for match in matches:
            if match.maker.posted.owner == OUTSIDE_OWNER:
                self._use_up(market, match.maker, match.shares)
                taker.left -= match.shares
        if others:
            self._register.add(taker)
            self._execution.match(taker, market, others, now)
            self._register.finish(taker, OrderStatus.MATCHED)
            self._execution.tell_fills(taker, others, now)
        self._grow(market, level._replace(shares=Shares(shown)), now)
        prints = dict.fromkeys([match.taker_price for match in others], 0)
        for match in others:
            prints[match.taker_price] += match.shares
        rest = trade.shares - sum(prints.values())
        if rest:
            prints[trade.price] = prints.get(trade.price, 0) + rest
        self._execution.tell_prints(taker, market, prints, now)
        self._execution.tell_levels(market, now, is_after_trade=True)

    # --- orders ---------------------------------------------------------------------------------
    def _order(
        self, market: VenueMarket, token: TokenId, side: Side, price: int, shares: int, now: Nanos
    ) -> BookedOrder:
        self._count += 1
        name = f"outside/{market.listing.condition_id}/{self._count}"
        cash = shares * price // ONE
        posted = PostedOrder(
            order_id=VenueOrderId(f"0x{sha256(name.encode()).hexdigest()}"),
            owner=OUTSIDE_OWNER,
            wallet=OUTSIDE_WALLET,
            token=token,
            side=side,
            maker_amount=cash if side is Side.BUY else shares,
            taker_amount=shares if side is Side.BUY else cash,
            order_type=OrderType.GTC,
        )
        return BookedOrder(posted, price, market.listing, now)

    def _use_up(self, market: VenueMarket, order: BookedOrder, shares: int) -> None:
        """Take shares off a standing order without a match."""
        order.left -= shares
        market.book.note_fill(order, shares)
        if order.left:
            self._register.reserve(order, order.rest_needs)
        else:
            self._register.forget(order)


def _key(market: VenueMarket, level: OutsideLevel) -> _LevelKey:
    return market.listing.condition_id, level.is_bid, level.price


def _met(market: VenueMarket, taker: BookedOrder) -> Iterator[BookedOrder]:
    """Yield whom a trade at a price meets: the outside's better levels were gone when it happened."""
    for maker in market.book.opposite(taker):
        if maker.posted.owner != OUTSIDE_OWNER or maker.yes_price == taker.yes_price:
            yield maker
