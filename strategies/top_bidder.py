"""Stay one tick in front of the best price that is not ours, within a limit."""

from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import SlotId, StrategyId, TokenId
from daemon.domain.parent import ParentRequest
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder, View
from daemon.domain.units import LOT, Nanos, Price, Shares
from strategies.peg import pegged_price

SLOT: Final = SlotId("top")


@dataclass(frozen=True, slots=True, kw_only=True)
class TopBidderParams:
    """What the trader sets."""

    token: TokenId
    side: Side
    limit_price: Price
    """Never bid above it (BUY), never offer below it (SELL)."""
    shares_per_order: Shares
    is_enabled: bool = True


class TopBidder:
    """Declares one post-only order at the pegged price.

    A BUY always wants `shares_per_order`. A SELL wants that much of what is held and free: the venue
    knows no short sale. It begins no order below the venue's minimum, but lets the rest of one trade.
    """

    def __init__(self, strategy_id: StrategyId, params: TopBidderParams) -> None:
        self._strategy_id = strategy_id
        self._params = params
        self._is_sell = params.side is Side.SELL
        self._tokens = (params.token,)
        self._last: tuple[TargetOrder, ...] = ()

    @property
    def strategy_id(self) -> StrategyId:
        """Its name."""
        return self._strategy_id

    @property
    def tokens(self) -> tuple[TokenId, ...]:
        """The one token it quotes."""
        return self._tokens

    @property
    def parent(self) -> ParentRequest | None:
        """It works no parent."""
        return None

    def decide(self, view: View) -> tuple[TargetOrder, ...]:
        """Return the one order that should rest, or none while waiting."""
        params = self._params
        if not params.is_enabled:
            return ()
        price = pegged_price(view, params.token, params.side, params.limit_price)
        if price is None:
            return ()
        shares = params.shares_per_order
        if self._is_sell:
            shares = Shares(min(shares, view.sellable(params.token)))
            if view.live(SLOT) is None:
                shares = Shares(shares // LOT * LOT)
                if shares < view.market.shares_min:
                    return ()
        continuity = view.continuity(params.token)
        last = self._last
        # The same wish is the same object: comparing and making it is most of a quiet tick.
        if (
            last
            and last[0].price == price
            and last[0].shares == shares
            and last[0].continuity == continuity
        ):
            return last
        self._last = (
            TargetOrder(
                slot=SLOT,
                token=params.token,
                side=params.side,
                price=price,
                shares=shares,
                continuity=continuity,
                is_post_only=True,
            ),
        )
        return self._last

    def due_at(self, view: View) -> Nanos | None:
        """It acts on changes only."""
        del view
        return None
