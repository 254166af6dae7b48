"""Where to rest in front of the others: one tick better, never beyond a limit, never across.

Shared by every strategy that follows the touch.
"""

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.strategy import View
from daemon.domain.units import Price

_BUY, _SELL = Side.BUY, Side.SELL  # Before Python 3.12, to ask the class is as slow as a call.


def pegged_price(view: View, token: TokenId, side: Side, limit_price: Price) -> Price | None:
    """Return the price that leads the side by one tick, within the limit.

    The best price of the others (our own size excluded) plus a tick; their price itself when a tick
    more would meet the opposite side; the limit when a tick more would pass it. None when the others
    are already beyond the limit, or there is no book to believe: then we wait.
    """
    book = view.book(token)
    if book is None:
        return None
    sign, across = (1, _SELL) if side is _BUY else (-1, _BUY)
    best = book.external_best(side, view.own_levels(token, side))
    opposite = book.external_best(across, view.own_levels(token, across))
    if best is None or opposite is None or (best - limit_price) * sign > 0:
        return None
    market = view.market
    improved = Price(best + sign * market.tick)
    if (improved - limit_price) * sign > 0:
        improved = market.snap(limit_price, side)
    if (opposite - improved) * sign <= 0:
        improved = best
    return improved if market.on_grid(improved) else None
