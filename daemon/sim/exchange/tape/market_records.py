"""What the venue's look-ups say about the markets of a tape at a given time.

Pure: records come from the tape's header, prices from its books, time from the caller. A market of
a tape is never `closed`, because no tape knows how it ended; after its end it takes no orders.
"""

import hashlib
import json
from decimal import Decimal
from typing import Any

from daemon.domain.units import as_decimal
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_book import TapeBook, TapeBooks

Record = dict[str, Any]

FEE_MARKER = 1000
"""What `base_fee` says of every market that charges a fee; not the rate."""


def build_gamma_market(market: TapeMarket, books: TapeBooks, now: int) -> Record:
    """Return the market object of the discovery API; `now` in ns."""
    first = books.by_token[market.token_ids[0]]
    bid, ask = as_decimal(first.best_bid), as_decimal(first.best_ask)
    mid = (bid + ask) / 2
    fee = market.fee
    marker = FEE_MARKER if fee else 0
    record: Record = {
        "id": market.id,
        "slug": market.slug,
        "version": "v1",
        "question": market.question,
        "conditionId": market.condition_id,
        "outcomes": json.dumps(market.outcomes),
        "outcomePrices": json.dumps([_plain(mid), _plain(1 - mid)]),
        "clobTokenIds": json.dumps(market.token_ids),
        "positionIds": None,
        "active": True,
        "closed": False,
        "archived": False,
        "acceptingOrders": now < market.end_at,
        "acceptingOrdersTimestamp": market.listed,
        "enableOrderBook": True,
        "negRisk": market.neg_risk,
        "restricted": True,
        "startDate": market.listed,
        "eventStartTime": market.event_start,
        "endDate": market.end,
        "closedTime": None,
        "orderPriceMinTickSize": Decimal(first.tick_size),
        "orderMinSize": Decimal(market.min_order_size),
        "secondsDelay": market.seconds_delay,
        "makerBaseFee": marker,
        "takerBaseFee": marker,
        "feesEnabled": fee is not None,
        "feeType": fee.fee_type if fee else None,
        "bestBid": bid,
        "bestAsk": ask,
        "lastTradePrice": Decimal(first.last_trade_price or "0"),
        "spread": ask - bid,
        "umaResolutionStatus": None,
        "resolutionStatus": None,
        "automaticallyResolved": None,
        "resolutionSource": market.resolution_source,
        "events": [_event_head(market)],
    }
    if fee is not None:
        record["feeSchedule"] = {
            "rate": Decimal(fee.rate),
            "exponent": fee.exponent,
            "takerOnly": fee.taker_only,
            "rebateRate": Decimal(fee.rebate_rate),
        }
    return record | _origin(market)


def build_event(markets: list[TapeMarket], books: TapeBooks, now: int) -> Record:
    """Return the event object that embeds its markets; they share one event slug."""
    head = _event_head(markets[0])
    inner = [build_gamma_market(market, books, now) for market in markets]
    return head | {"active": True, "closed": False, "markets": inner} | _origin(markets[0])


def build_clob_market(market: TapeMarket, books: TapeBooks, now: int) -> Record:
    """Return the compact market record of the order-book API; `now` in ns."""
    marker = FEE_MARKER if market.fee else 0
    pairs = zip(market.token_ids, market.outcomes, strict=True)
    record: Record = {
        "c": market.condition_id,
        "t": [{"t": token, "o": outcome} for token, outcome in pairs],
        "mos": Decimal(market.min_order_size),
        "mts": Decimal(books.by_token[market.token_ids[0]].tick_size),
        "mbf": marker,
        "tbf": marker,
        "ao": now < market.end_at,
        "aot": market.listed,
        "r": {"mi": 0, "ma": 0, "moas": 0},
    }
    if market.fee is not None:
        fee = market.fee
        record["fd"] = {"r": Decimal(fee.rate), "e": fee.exponent, "to": fee.taker_only}
    if market.neg_risk:
        record["nr"] = True
    if market.has_taker_delay:
        record["itode"] = True
    if market.seconds_delay:
        record["sd"] = market.seconds_delay
    return record | _origin(market)


def build_token_market(market: TapeMarket) -> Record:
    """Return which market a token belongs to; primary is the numerically smaller id."""
    primary, secondary = sorted(market.token_ids, key=int)
    return {
        "condition_id": market.condition_id,
        "primary_token_id": primary,
        "secondary_token_id": secondary,
    }


def build_tick_size(book: TapeBook) -> Record:
    """Return the token's price grid, as a JSON number."""
    return {"minimum_tick_size": Decimal(book.tick_size)}


def _event_head(market: TapeMarket) -> Record:
    return {
        "id": _event_id(market.event_slug),
        "slug": market.event_slug,
        "title": market.event_title,
        "seriesSlug": market.series_slug,
        "startTime": market.event_start,
        "endDate": market.end,
    }


def _event_id(slug: str) -> str:
    # Any number that repeats and that two events do not share.
    return str(int.from_bytes(hashlib.sha256(slug.encode()).digest()[:4], "big"))


def _origin(market: TapeMarket) -> Record:
    if not market.constructed:
        return {}
    return {"constructed": True, "constructedNote": market.constructed_note}


def _plain(value: Decimal) -> str:
    return format(value.normalize(), "f")
