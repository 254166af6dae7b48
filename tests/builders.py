"""Sensible things of the trade in one line: `an_order(price="0.42")`, `a_book(bids={"0.4": "10"})`.

Numbers are decimal texts, as people write them. Every default fits every other one: the order, the
fill, the book and the view are of the same market.
"""

from collections.abc import Mapping
from itertools import count

from daemon.domain.book import OrderBook
from daemon.domain.fee import FeeSchedule
from daemon.domain.fill import Fill, Liquidity
from daemon.domain.ids import (
    ClientOrderId,
    ConditionId,
    ParentId,
    SlotId,
    StrategyId,
    TokenId,
    TradeId,
    VenueOrderId,
)
from daemon.domain.market import Market
from daemon.domain.order import Order, OrderStatus, TimeInForce
from daemon.domain.parent import Parent, ParentRequest
from daemon.domain.position import Position
from daemon.domain.schedule import Slice
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder
from daemon.domain.units import NANOS_PER_S, Cash, Nanos, Price, Shares, parse_micros
from tests.still_view import StillView

CONDITION = ConditionId("0x" + "c0" * 32)
YES = TokenId("71" * 38)
NO = TokenId("29" * 38)
STRATEGY = StrategyId("top_bidder-buy:a-market:Yes")
START = Nanos(1_776_081_600 * NANOS_PER_S)
"""A venue time at which all defaults begin."""

_names = count(1)


def price(text: str) -> Price:
    """Return the price a text says."""
    return Price(parse_micros(text))


def shares(text: str) -> Shares:
    """Return the shares a text says."""
    return Shares(parse_micros(text))


def cash(text: str) -> Cash:
    """Return the cash a text says."""
    return Cash(parse_micros(text))


def seconds(after: int) -> Nanos:
    """Return the instant this many seconds after `START`."""
    return Nanos(START + after * NANOS_PER_S)


def a_market(
    *,
    tick: str = "0.01",
    shares_min: str = "5",
    fee_rate: str = "0.05",
    condition_id: ConditionId = CONDITION,
    tokens: tuple[TokenId, TokenId] = (YES, NO),
    slug: str = "a-market",
    is_accepting: bool = True,
    ends_at: Nanos | None = None,
) -> Market:
    """Return a market of two outcomes, Yes and No."""
    return Market(
        condition_id=condition_id,
        slug=slug,
        question="Will it happen?",
        tokens=tokens,
        outcomes=("Yes", "No"),
        tick=price(tick),
        shares_min=shares(shares_min),
        fee=FeeSchedule(rate=parse_micros(fee_rate)),
        is_accepting=is_accepting,
        ends_at=ends_at,
    )


def levels(texts: Mapping[str, str]) -> dict[Price, Shares]:
    """Return price → size of a side of a book."""
    return {price(level): shares(size) for level, size in texts.items()}


def a_book(
    *,
    bids: Mapping[str, str] | None = None,
    asks: Mapping[str, str] | None = None,
    token: TokenId = YES,
    at: Nanos = START,
    last_trade: str | None = None,
) -> OrderBook:
    """Return a book; 100 shares at 0.48 and at 0.52 when a side is not given, `{}` for an empty one."""
    book = OrderBook(token)
    book.replace(
        levels({"0.48": "100"} if bids is None else bids),
        levels({"0.52": "100"} if asks is None else asks),
        at,
    )
    book.last_trade = None if last_trade is None else price(last_trade)
    return book


def an_order(
    *,
    client_order_id: str = "",
    side: Side = Side.BUY,
    price: str = "0.42",
    shares: str = "10",
    status: OrderStatus = OrderStatus.PENDING,
    filled: str = "0",
    matched: str | None = None,
    token: TokenId = YES,
    condition_id: ConditionId = CONDITION,
    strategy_id: StrategyId = STRATEGY,
    slot: str = "bid",
    parent_id: ParentId | None = None,
    time_in_force: TimeInForce = TimeInForce.GTC,
    is_post_only: bool = False,
    created_at: Nanos = START,
    arrival_price: str = "0.5",
    reason: str = "",
) -> Order:
    """Return an order with a name of its own; what is `filled` was filled at its limit."""
    name = client_order_id or f"run-{next(_names):06d}"
    limit = parse_micros(price)
    return Order(
        client_order_id=ClientOrderId(name),
        venue_order_id=VenueOrderId(f"0x{name}"),
        strategy_id=strategy_id,
        slot=SlotId(slot),
        condition_id=condition_id,
        token=token,
        side=side,
        price=Price(limit),
        shares=Shares(parse_micros(shares)),
        time_in_force=time_in_force,
        is_post_only=is_post_only,
        created_at=created_at,
        arrival_price=Price(parse_micros(arrival_price)),
        parent_id=parent_id,
        status=status,
        filled=Shares(parse_micros(filled)),
        filled_exact=parse_micros(filled) * limit,
        matched=None if matched is None else Shares(parse_micros(matched)),
        reason=reason,
    )


def a_fill(
    *,
    order: Order | None = None,
    trade_id: str = "",
    side: Side = Side.BUY,
    price: str = "0.42",
    shares: str = "10",
    fee: str = "0",
    token: TokenId = YES,
    condition_id: ConditionId = CONDITION,
    liquidity: Liquidity = Liquidity.MAKER,
    settlement: SettlementStatus = SettlementStatus.MATCHED,
    at: Nanos = START,
) -> Fill:
    """Return a fill with a trade id of its own; of `order`, whose side and token win, when given."""
    return Fill(
        trade_id=TradeId(trade_id or f"trade-{next(_names):06d}"),
        client_order_id=order.client_order_id if order else ClientOrderId("run-000000"),
        condition_id=order.condition_id if order else condition_id,
        token=order.token if order else token,
        side=order.side if order else side,
        price=Price(parse_micros(price)),
        shares=Shares(parse_micros(shares)),
        fee=Cash(parse_micros(fee)),
        liquidity=liquidity,
        at=at,
        settlement=settlement,
    )


def a_position(
    *,
    shares: str = "10",
    average: str = "0.4",
    token: TokenId = YES,
    condition_id: ConditionId = CONDITION,
) -> Position:
    """Return a position of shares bought at an average price."""
    held = parse_micros(shares)
    return Position(
        token=token,
        condition_id=condition_id,
        shares=Shares(held),
        cost_exact=held * parse_micros(average),
    )


def a_target(
    *,
    side: Side = Side.BUY,
    price: str = "0.42",
    shares: str = "10",
    token: TokenId = YES,
    slot: str = "bid",
    continuity: int = 1,
    time_in_force: TimeInForce = TimeInForce.GTC,
    is_post_only: bool = False,
    parent_id: ParentId | None = None,
) -> TargetOrder:
    """Return an order that should rest."""
    return TargetOrder(
        slot=SlotId(slot),
        token=token,
        side=side,
        price=Price(parse_micros(price)),
        shares=Shares(parse_micros(shares)),
        continuity=continuity,
        time_in_force=time_in_force,
        is_post_only=is_post_only,
        parent_id=parent_id,
    )


def a_parent(
    *,
    slices: Mapping[int, str] | None = None,
    side: Side = Side.BUY,
    token: TokenId = YES,
    parent_id: str = "parent-1",
    strategy_id: StrategyId = STRATEGY,
    started_at: Nanos = START,
    arrival_price: str = "0.5",
) -> Parent:
    """Return a parent at work; `slices` are seconds after the start → shares."""
    plan = {0: "100", 360: "100"} if slices is None else slices
    request = ParentRequest(
        parent_id=ParentId(parent_id),
        token=token,
        side=side,
        slices=tuple(
            Slice(due_after=Nanos(after * NANOS_PER_S), shares=Shares(parse_micros(size)))
            for after, size in plan.items()
        ),
    )
    return Parent(
        request=request,
        strategy_id=strategy_id,
        started_at=started_at,
        arrival_price=Price(parse_micros(arrival_price)),
    )


def a_view(
    *,
    books: Mapping[TokenId, OrderBook] | None = None,
    market: Market | None = None,
    now: Nanos = START,
    orders: tuple[Order, ...] = (),
    positions: tuple[Position, ...] = (),
    parent: Parent | None = None,
    fills: Mapping[str, str] | None = None,
) -> StillView:
    """Return a view of one market; `orders` are the strategy's own, `fills` are slot → shares.

    Without `books` the YES book of `a_book` is believed and no other one.
    """
    return StillView(
        now=now,
        market=a_market() if market is None else market,
        books={YES: a_book()} if books is None else books,
        orders=orders,
        positions={position.token: position for position in positions},
        parent=parent,
        fills={SlotId(slot): shares(size) for slot, size in (fills or {}).items()},
    )
