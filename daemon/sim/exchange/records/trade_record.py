"""A trade as the venue writes it: over REST, and in the events of the user channel.

All but `maker_orders` and `trader_side` is said of the taker, whoever asks. Fees are not shown: the
venue writes a rate of 0 and charges by the market's schedule.
"""

from typing import Any, Final

from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, format_micros
from daemon.sim.exchange.records.order_record import outcome_of
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import MakerLeg, Trade
from daemon.sim.exchange.trading.venue_event import TradeReported, TraderSide

Record = dict[str, Any]

FEE_RATE_BPS: Final = "0"


def build_trade(trade: Trade, owner: Owner, market: TapeMarket) -> Record:
    """Return the trade as `GET /data/trades` shows it to one of those who are part of it."""
    return {
        "id": trade.trade_id,
        "taker_order_id": trade.taker_order_id,
        "market": trade.condition_id,
        "asset_id": trade.token,
        "side": trade.side.value,
        "size": format_micros(trade.shares, 0),
        "fee_rate_bps": FEE_RATE_BPS,
        "price": format_micros(trade.price, 0),
        "status": trade.status.value,
        "match_time": str(trade.matched_at // NANOS_PER_S),
        "match_time_nano": str(trade.matched_at),
        "last_update": str(trade.updated_at // NANOS_PER_S),
        "outcome": outcome_of(market, trade.token),
        "bucket_index": trade.bucket_index,
        "owner": trade.owner,
        "maker_address": trade.wallet,
        "transaction_hash": trade.transaction_hash,
        "trader_side": _side_of(trade, owner).value,
        "maker_orders": [_build_leg(leg, market) for leg in trade.makers],
    }


def build_trade_event(event: TradeReported, market: TapeMarket) -> Record:
    """Return a `trade` event of the user channel, as its receiver is shown it."""
    trade = event.trade
    legs: list[Record] = []
    for leg in trade.makers:
        record = _build_leg(leg, market)
        side = record.pop("side")
        legs.append(record | {"outcome_index": market.token_ids.index(leg.token), "side": side})
    return {
        "event_type": "trade",
        "type": "TRADE",
        "id": trade.trade_id,
        "status": trade.status.value,
        "taker_order_id": trade.taker_order_id,
        "market": trade.condition_id,
        "asset_id": trade.token,
        "side": trade.side.value,
        "size": format_micros(trade.shares, 0),
        "price": format_micros(trade.price, 0),
        "outcome": outcome_of(market, trade.token),
        "fee_rate_bps": FEE_RATE_BPS,
        "owner": trade.owner,
        "trade_owner": event.owner,
        "trader_side": event.trader_side.value,
        "match_time": str(trade.matched_at // NANOS_PER_S),
        "last_update": str(trade.updated_at // NANOS_PER_S),
        "timestamp": str(event.at // NANOS_PER_MS),
        "bucket_index": trade.bucket_index,
        "transaction_hash": trade.transaction_hash or None,
        "maker_orders": legs,
    }


def _build_leg(leg: MakerLeg, market: TapeMarket) -> Record:
    return {
        "order_id": leg.order_id,
        "owner": leg.owner,
        "maker_address": leg.wallet,
        "matched_amount": format_micros(leg.shares, 0),
        "price": format_micros(leg.price, 0),
        "fee_rate_bps": FEE_RATE_BPS,
        "asset_id": leg.token,
        "outcome": outcome_of(market, leg.token),
        "side": leg.side.value,
    }


def _side_of(trade: Trade, owner: Owner) -> TraderSide:
    """Return an owner's part; who is both is told as the taker."""
    return TraderSide.TAKER if trade.owner == owner else TraderSide.MAKER
