"""Which resting orders a taker meets, how many shares of each, and what each side pays.

Every fill happens at the resting order's price; what that saves the taker stays with the taker. Cash
is rounded down to a millionth at the resting order's price, and the other side of a mint or merge pays
or gets what makes up the dollar. A pair of amounts is thus met to within one millionth of a dollar.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

from daemon.domain.side import Side
from daemon.domain.units import ONE, Cash
from daemon.sim.exchange.trading.listing import Listing
from daemon.sim.exchange.trading.taker_fee import taker_fee
from daemon.sim.exchange.trading.trade import MatchKind
from daemon.sim.exchange.trading.venue_order import DUST, BookedOrder

MAKERS_PER_TRADE_MAX: Final = 25
"""What one taker order matches beyond this becomes another trade."""


class Match(NamedTuple):
    """A taker and one resting order: not done yet, only worked out."""

    maker: BookedOrder
    kind: MatchKind
    shares: int
    maker_cash: int
    taker_cash: int
    taker_price: int
    """The resting order's price in the terms of the taker's token."""


def plan_matches(taker: BookedOrder, makers: Iterable[BookedOrder]) -> tuple[Match, ...]:
    """Work out what the order would match of those it meets, in their order; nothing changes."""
    matches: list[Match] = []
    left, budget, is_budget = taker.left, taker.budget_left, taker.posted.is_budget
    for maker in makers:
        same_token = maker.posted.token == taker.posted.token
        taker_price = maker.price if same_token else ONE - maker.price
        if is_budget and budget <= DUST:
            break
        wanted = budget * ONE // taker_price if is_budget else left
        shares = min(maker.left, wanted)
        maker_cash = shares * maker.price // ONE
        taker_cash = maker_cash if same_token else shares - maker_cash
        kind = _kind(taker, same_token=same_token)
        matches.append(Match(maker, kind, shares, maker_cash, taker_cash, taker_price))
        left -= shares
        budget -= taker_cash
        if shares == wanted:
            break
    return tuple(matches)


def fills_completely(taker: BookedOrder, matches: Iterable[Match]) -> bool:
    """Tell whether the matches use the whole order: its shares, or its budget up to one millionth."""
    if taker.posted.is_budget:
        return sum(match.taker_cash for match in matches) >= taker.budget_left - DUST
    return sum(match.shares for match in matches) == taker.left


def split_into_trades(matches: Sequence[Match]) -> Iterator[Sequence[Match]]:
    """Yield the matches of each trade: all in one, unless there are too many."""
    for start in range(0, len(matches), MAKERS_PER_TRADE_MAX):
        yield matches[start : start + MAKERS_PER_TRADE_MAX]


def fee_of(taker: BookedOrder, matches: Sequence[Match], listing: Listing) -> Cash:
    """Return what the taker is charged for the matches of one trade.

    A SELL never pays more than it receives: the fee is taken off the proceeds.
    """
    fee = taker_fee(listing, ((match.taker_price, match.shares) for match in matches))
    if taker.posted.side is Side.SELL:
        return Cash(min(fee, sum(match.taker_cash for match in matches)))
    return fee


def placement_needs(taker: BookedOrder, matches: Sequence[Match], listing: Listing) -> int:
    """Return what the wallet must have for an order: of its cash when it buys, of its shares if not.

    An order that takes nothing needs its amount. One that takes must also afford the fee, at its own
    price and at the prices it would really get: a budget buys more shares at better ones.
    """
    posted = taker.posted
    if posted.side is Side.SELL or not matches:
        return posted.maker_amount
    at_limit = posted.maker_amount + taker_fee(listing, ((taker.price, posted.shares),))
    planned = sum(match.taker_cash for match in matches)
    planned += sum(fee_of(taker, trade, listing) for trade in split_into_trades(matches))
    if not posted.is_budget:
        planned += (taker.left - sum(match.shares for match in matches)) * taker.price // ONE
    return max(at_limit, planned)


def _kind(taker: BookedOrder, *, same_token: bool) -> MatchKind:
    if same_token:
        return MatchKind.COMPLEMENTARY
    return MatchKind.MINT if taker.posted.side is Side.BUY else MatchKind.MERGE
