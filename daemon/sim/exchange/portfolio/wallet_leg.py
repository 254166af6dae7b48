"""One wallet's part in a trade, in the terms of its own token, whether it took or was resting."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.side import Side
from daemon.domain.units import Cash, Nanos, Price, Shares
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.trade import Trade, TradeStatus

ON_CHAIN: Final = frozenset({TradeStatus.MINED, TradeStatus.CONFIRMED})
"""An index of the chain knows no trade that is not mined, and none that failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalletLeg:
    """What a wallet gave and got; `cash` is paid by a BUY and received by a SELL, before the fee."""

    at: Nanos
    condition_id: ConditionId
    token: TokenId
    side: Side
    price: Price
    shares: Shares
    cash: Cash
    fee: Cash
    is_taker: bool
    transaction_hash: str


def legs_of(wallet: Wallet, trades: tuple[Trade, ...]) -> Iterator[WalletLeg]:
    """Yield the wallet's parts in trades that are on chain, in order of time."""
    for trade in trades:
        if trade.status not in ON_CHAIN:
            continue
        if trade.wallet == wallet:
            yield WalletLeg(
                at=trade.matched_at,
                condition_id=trade.condition_id,
                token=trade.token,
                side=trade.side,
                price=trade.price,
                shares=trade.shares,
                cash=trade.cash,
                fee=trade.fee,
                is_taker=True,
                transaction_hash=trade.transaction_hash,
            )
        for maker in trade.makers:
            if maker.wallet == wallet:
                yield WalletLeg(
                    at=trade.matched_at,
                    condition_id=trade.condition_id,
                    token=maker.token,
                    side=maker.side,
                    price=maker.price,
                    shares=maker.shares,
                    cash=maker.cash,
                    fee=Cash(0),
                    is_taker=False,
                    transaction_hash=trade.transaction_hash,
                )
