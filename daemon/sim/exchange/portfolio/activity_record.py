"""What a wallet did, as the Data API writes it: trades, and what it did on chain past the book."""

from hashlib import sha256
from typing import Any

from daemon.domain.units import NANOS_PER_S, as_decimal
from daemon.sim.exchange.portfolio.wallet_leg import WalletLeg
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.chain_move import ChainMove, ChainMoveKind

Record = dict[str, Any]


def build_trade(wallet: Wallet, leg: WalletLeg, market: TapeMarket) -> Record:
    """Return a row of the list of trades."""
    index = market.token_ids.index(leg.token)
    return {
        "proxy_wallet": wallet.lower(),
        "token_id": leg.token,
        "condition_id": leg.condition_id,
        "side": leg.side.value,
        "size": as_decimal(leg.shares),
        "price": as_decimal(leg.price),
        "timestamp": leg.at // NANOS_PER_S,
        "transaction_hash": leg.transaction_hash,
        "outcome": market.outcomes[index],
        "outcome_index": index,
        **_names(market),
    }


def build_trade_activity(wallet: Wallet, leg: WalletLeg, market: TapeMarket) -> Record:
    """Return a trade as a row of the history."""
    row = build_trade(wallet, leg, market)
    return row | {"type": "TRADE", "is_combo": False, "usdc_size": as_decimal(leg.cash)}


def build_move_activity(move: ChainMove, market: TapeMarket | None) -> Record:
    """Return a transaction as a row of the history; deposits and withdrawals name no market."""
    row: Record = {
        "type": move.kind.value,
        "proxy_wallet": move.wallet.lower(),
        "timestamp": move.at // NANOS_PER_S,
        "transaction_hash": transaction_hash(move),
        "usdc_size": as_decimal(move.cash),
    }
    if market is None:
        return row
    shares = max(move.shares)
    row |= {"condition_id": move.condition_id, "size": as_decimal(shares), "is_combo": False}
    if move.kind is ChainMoveKind.REDEEM and market.outcomes:
        index = move.shares.index(shares)
        row |= {"outcome": market.outcomes[index], "outcome_index": index}
    return row | _names(market)


def transaction_hash(move: ChainMove) -> str:
    """Return the hash that stands for a transaction; the same in every run."""
    return f"0x{sha256(repr(move).encode()).hexdigest()}"


def _names(market: TapeMarket) -> Record:
    return {"title": market.question, "slug": market.slug, "event_slug": market.event_slug}
