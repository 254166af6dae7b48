"""Where to rest in front of the others: one tick better, never beyond a limit, never across.

Shared by every strategy that follows the touch.
"""

from daemon.domain.ids import TokenId
from daemon.domain.side import Side
from daemon.domain.strategy import View
from daemon.domain.units import Price


def pegged_price(view: View, token: TokenId, side: Side, limit_price: Price) -> Price | None:
    """Return the price that leads the side by one tick, within the limit.

    The best price of the others (our own size excluded) plus a tick; their price itself when a tick
    more would meet the opposite side; the limit when a tick more would pass it. None when the others
    are already beyond the limit, or there is no book to believe: then we wait.
    """
    book = view.book(token)
    if book is None:
        return None
    sign = side.sign
    best = book.external_best(side, view.own_levels(token, side))
    opposite = book.external_best(side.opposite, view.own_levels(token, side.opposite))
    if best is None or opposite is None or (best - limit_price) * sign > 0:
        return None
    improved = Price(best + sign * view.market.tick)
    if (improved - limit_price) * sign > 0:
        improved = view.market.snap(limit_price, side)
    if (opposite - improved) * sign <= 0:
        improved = best
    return improved if view.market.on_grid(improved) else None
