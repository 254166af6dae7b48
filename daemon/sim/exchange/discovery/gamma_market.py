"""The market object of the discovery API, key for key in the venue's order."""

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from daemon.domain.units import MICRO, NANOS_PER_S, ONE, Nanos, as_decimal, format_micros
from daemon.sim.exchange.discovery.gamma_tag import build_tags
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.discovery.shown_market import ShownMarket
from daemon.sim.exchange.season.strike import Strike
from daemon.sim.exchange.tape.fee_marker import FEE_MARKER
from daemon.sim.exchange.tape.tape import TapeFee, TapeMarket

Record = dict[str, Any]


def build_market(shown: ShownMarket, *, has_tags: bool = False) -> Record:
    """Return the market; of a decided one the outcome prices are what the outcomes pay."""
    record, book, fee = shown.record, shown.book, shown.record.fee
    bid, ask = as_decimal(book.best_bid), as_decimal(book.best_ask)
    marker = FEE_MARKER if fee else 0
    is_closed = shown.is_closed
    market: Record = {
        "id": record.id,
        "slug": record.slug,
        "version": "v2" if shown.is_v2 else "v1",
        "question": record.question,
        "conditionId": shown.condition_id,
        "outcomes": json.dumps(record.outcomes),
        "outcomePrices": json.dumps(outcome_prices(shown)),
        "clobTokenIds": None if shown.is_v2 else json.dumps(record.token_ids),
        "positionIds": list(record.token_ids) if shown.is_v2 else None,
        "active": True,
        "closed": is_closed,
        "archived": False,
        "acceptingOrders": shown.takes_orders,
        "acceptingOrdersTimestamp": record.listed,
        "enableOrderBook": True,
        "negRisk": record.neg_risk,
        "restricted": True,
        "startDate": record.listed,
        "eventStartTime": record.event_start,
        "endDate": record.end,
        "closedTime": _closed_time(shown.closed_at),
        "orderPriceMinTickSize": Decimal(book.tick_size),
        "orderMinSize": Decimal(record.min_order_size),
        "secondsDelay": record.seconds_delay,
        "makerBaseFee": marker,
        "takerBaseFee": marker,
        "feesEnabled": fee is not None,
        "feeType": fee.fee_type if fee else None,
        "rewardsMinSize": 0,
        "rewardsMaxSpread": 0,
        "holdingRewardsEnabled": False,
        "clobRewards": [],
        "bestBid": bid,
        "bestAsk": ask,
        "lastTradePrice": Decimal(book.last_trade_price or "0"),
        "spread": ask - bid,
        "umaResolutionStatus": "resolved" if is_closed and not shown.is_v2 else None,
        "resolutionStatus": resolution_status(shown),
        "automaticallyResolved": True if is_closed else None,
        "resolutionSource": record.resolution_source,
        "events": [build_event_head(record, shown.strike)],
    }
    if fee is not None:
        market["feeSchedule"] = _fee_schedule(fee)
    if has_tags:
        market["tags"] = build_tags(record)
    return market | origin_of(record)


def outcome_prices(shown: ShownMarket) -> tuple[str, str]:
    """Return what either outcome pays or is worth: the middle of the book while it is open."""
    first = first_price(shown)
    return format_micros(first, 0), format_micros(ONE - first, 0)


def first_price(shown: ShownMarket) -> int:
    """Return what a share of the first outcome pays or is worth, in millionths."""
    if shown.resolution is not None:
        return shown.resolution.payouts[0]
    return (shown.book.best_bid + shown.book.best_ask) // 2


def resolution_status(shown: ShownMarket) -> str | None:
    """Return how far the resolution is, which only markets of the second protocol say."""
    if not shown.is_v2:
        return None
    return "resolved" if shown.is_closed else "active"


def build_event_head(record: TapeMarket, strike: Strike | None) -> Record:
    """Return the event of a market without its markets, with the prices of a window if known."""
    head: Record = {
        "id": number_of("event", record.event_slug),
        "ticker": record.event_slug,
        "slug": record.event_slug,
        "title": record.event_title,
        "seriesSlug": record.series_slug,
        "startTime": record.event_start,
        "endDate": record.end,
    }
    prices = _event_metadata(strike)
    return head | ({"eventMetadata": prices} if prices else {})


def origin_of(record: TapeMarket) -> Record:
    """Return the two keys, unknown to the venue, that say that a record is made up."""
    if not record.constructed:
        return {}
    return {"constructed": True, "constructedNote": record.constructed_note}


def _event_metadata(strike: Strike | None) -> Record:
    if strike is None:
        return {}
    prices = {"priceToBeat": strike.price_to_beat, "finalPrice": strike.final_price}
    return {name: Decimal(price) / MICRO for name, price in prices.items() if price is not None}


def _fee_schedule(fee: TapeFee) -> Record:
    return {
        "rate": Decimal(fee.rate),
        "exponent": fee.exponent,
        "takerOnly": fee.taker_only,
        "rebateRate": Decimal(fee.rebate_rate),
    }


def _closed_time(at: Nanos | None) -> str | None:
    """Return the instant in the other of the venue's two spellings."""
    if at is None:
        return None
    return f"{datetime.fromtimestamp(at // NANOS_PER_S, UTC):%Y-%m-%d %H:%M:%S}+00"
