"""A recorded market as a tape describes it: from the market we traded and the venue's own record of it.

What decides a trade comes from the market; the record adds what only look-ups show.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Final

import msgspec

from daemon.adapters.polymarket.condition_text import is_condition, parse_condition
from daemon.domain.ids import ConditionId
from daemon.domain.market import Market
from daemon.domain.received import Received
from daemon.domain.units import NANOS_PER_S, Nanos, format_micros, parse_micros
from daemon.sim.exchange.tape.tape import TapeFee, TapeMarket

NO_END: Final = Nanos(4_102_444_800 * NANOS_PER_S)
"""The year 2100, for a market that states no end."""
UNKNOWN_START: Final = "2020-01-01T00:00:00Z"
"""For a record that does not say when the market was listed."""
NOTE: Final = "no look-up of it was recorded: dates and event are made up"


class _Fee(msgspec.Struct, rename="camel"):
    taker_only: bool = True
    rebate_rate: Decimal = Decimal(0)


class _Event(msgspec.Struct, rename="camel"):
    slug: str = ""
    title: str = ""
    series_slug: str | None = None


class _Record(msgspec.Struct, rename="camel"):
    """What a tape keeps of the discovery API's record; everything may be missing or null."""

    condition_id: str | None = None
    id: str | None = None
    seconds_delay: int | None = None
    fee_type: str | None = None
    fee_schedule: _Fee | None = None
    accepting_orders_timestamp: str | None = None
    start_date: str | None = None
    event_start_time: str | None = None
    end_date: str | None = None
    resolution_source: str | None = None
    events: list[_Event] | None = None
    constructed: bool = False
    constructed_note: str = ""
    markets: list["_Record"] | None = None
    """Of a page or an event that holds several."""


_RECORDS: Final[msgspec.json.Decoder[_Record | list[_Record]]] = msgspec.json.Decoder(
    _Record | list[_Record]
)


def tape_market(market: Market, replies: Iterable[Received]) -> TapeMarket:
    """Return the market of a tape; without its record dates and event are constructed, and say so."""
    found = [
        record
        for reply in replies
        for record in _records(reply.payload)
        if _is_of(record, market.condition_id)
    ]
    record = found[-1] if found else _Record(constructed=True, constructed_note=NOTE)
    listed = record.accepting_orders_timestamp or record.start_date or UNKNOWN_START
    event = record.events[0] if record.events else _Event(slug=market.slug, title=market.question)
    ends_at = NO_END if market.ends_at is None else market.ends_at
    return TapeMarket(
        id=record.id or str(int(market.condition_id[:18], 16)),
        condition_id=market.condition_id,
        slug=market.slug,
        question=market.question,
        token_ids=market.tokens,
        outcomes=market.outcomes,
        tick_size=_text(market.tick),
        min_order_size=_text(market.shares_min),
        fee=_fee(market, record),
        neg_risk=market.is_neg_risk,
        seconds_delay=record.seconds_delay or 0,
        listed=listed,
        event_start=record.event_start_time or record.start_date or listed,
        end=record.end_date or _date(ends_at),
        end_at=ends_at,
        event_slug=event.slug,
        event_title=event.title,
        series_slug=event.series_slug,
        resolution_source=record.resolution_source or "",
        constructed=record.constructed,
        constructed_note=record.constructed_note,
    )


def _records(body: bytes) -> Iterator[_Record]:
    """Yield the market records of a reply; none of one that is about something else."""
    try:
        decoded = _RECORDS.decode(body)
    except (msgspec.MsgspecError, RecursionError):
        return
    for one in decoded if isinstance(decoded, list) else [decoded]:
        yield one
        yield from one.markets or ()


def _is_of(record: _Record, condition_id: ConditionId) -> bool:
    text = record.condition_id or ""
    return is_condition(text) and parse_condition(text) == condition_id


def _fee(market: Market, record: _Record) -> TapeFee | None:
    if not market.fee.rate:
        return None
    stated = record.fee_schedule or _Fee()
    return TapeFee(
        rate=_text(market.fee.rate),
        exponent=market.fee.exponent,
        taker_only=stated.taker_only,
        rebate_rate=_text(parse_micros(format(stated.rebate_rate, "f"))),
        fee_type=record.fee_type or "",
    )


def _text(micros: int) -> str:
    return format_micros(micros, decimals_min=0)


def _date(at: Nanos) -> str:
    moment = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=at // NANOS_PER_S)
    return moment.isoformat().replace("+00:00", "Z")
