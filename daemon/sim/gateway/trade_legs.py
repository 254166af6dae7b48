"""The exchange's trades in the daemon's words: what each order of one owner had of a trade."""

from collections.abc import Iterator
from typing import Final

from daemon.domain.fill import Liquidity
from daemon.domain.settlement import SettlementStatus
from daemon.domain.venue_reports import FillReported
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import Trade, TradeStatus

_SETTLEMENTS: Final = {
    TradeStatus.MATCHED: SettlementStatus.MATCHED,
    TradeStatus.MINED: SettlementStatus.MINED,
    TradeStatus.RETRYING: SettlementStatus.RETRYING,
    TradeStatus.CONFIRMED: SettlementStatus.CONFIRMED,
    TradeStatus.FAILED: SettlementStatus.FAILED,
}


def legs_of(trade: Trade, owner: Owner) -> Iterator[FillReported]:
    """Yield the taker's leg if it is the owner's, then those of the owner's resting orders."""
    settlement = _SETTLEMENTS[trade.status]
    if trade.owner == owner:
        yield FillReported(
            venue_order_id=trade.taker_order_id,
            trade_id=trade.trade_id,
            price=trade.price,
            shares=trade.shares,
            liquidity=Liquidity.TAKER,
            settlement=settlement,
            at=trade.matched_at,
        )
    for leg in trade.own_makers(owner):
        yield FillReported(
            venue_order_id=leg.order_id,
            trade_id=trade.trade_id,
            price=leg.price,
            shares=leg.shares,
            liquidity=Liquidity.MAKER,
            settlement=settlement,
            at=trade.matched_at,
        )
