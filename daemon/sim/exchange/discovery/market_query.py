"""The filters of discovery's listings: which markets or events a query asks for, in which order.

A filter that is not given matches everything; several values of one match any of them. What this
exchange has no figures for (volume, liquidity) neither filters nor orders.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, TypeVar

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.discovery.gamma_market import resolution_status
from daemon.sim.exchange.discovery.gamma_tag import tag_names, tag_slug
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.discovery.shown_market import ShownMarket

T = TypeVar("T")
Query = Mapping[str, Sequence[str]]
"""The values of each parameter, as sent."""


class BadQueryError(Exception):
    """A parameter that cannot be read; the text is the venue's."""


_NAMES: Final[dict[str, Callable[[ShownMarket], tuple[str, ...]]]] = {
    "id": lambda shown: (shown.record.id,),
    "slug": lambda shown: (shown.record.slug,),
    "condition_ids": lambda shown: (shown.record.condition_id, shown.condition_id),
    "clob_token_ids": lambda shown: () if shown.is_v2 else shown.record.token_ids,
    "position_ids": lambda shown: shown.record.token_ids if shown.is_v2 else (),
    "question_ids": lambda _: (),
    "tag_id": lambda shown: tuple(
        number_of("tag", tag_slug(label)) for label in tag_names(shown.record)
    ),
    "tag_slug": lambda shown: tuple(tag_slug(label) for label in tag_names(shown.record)),
    "version": lambda shown: ("v2" if shown.is_v2 else "v1",),
    "uma_resolution_status": lambda shown: (
        ("resolved",) if shown.is_closed and not shown.is_v2 else ()
    ),
    "resolution_status": lambda shown: (resolution_status(shown) or "",),
}
_EVENT_NAMES: Final[dict[str, Callable[[ShownMarket], tuple[str, ...]]]] = {
    "id": lambda shown: (number_of("event", shown.record.event_slug),),
    "slug": lambda shown: (shown.record.event_slug,),
    "series_id": lambda shown: (number_of("series", shown.record.series_slug or ""),),
    "series_slug": lambda shown: (shown.record.series_slug or "",),
}
_TIMES: Final[dict[str, Callable[[ShownMarket], str]]] = {
    "start_date": lambda shown: shown.record.listed,
    "start_time": lambda shown: shown.record.event_start,
    "end_date": lambda shown: shown.record.end,
}
_ORDERS: Final[dict[str, Callable[[ShownMarket], Any]]] = {
    "id": lambda shown: int(shown.record.id),
    "startDate": lambda shown: parse_time(shown.record.listed),
    "start_date": lambda shown: parse_time(shown.record.listed),
    "startTime": lambda shown: parse_time(shown.record.event_start),
    "eventStartTime": lambda shown: parse_time(shown.record.event_start),
    "endDate": lambda shown: parse_time(shown.record.end),
    "end_date": lambda shown: parse_time(shown.record.end),
}


def select_markets(markets: Iterable[ShownMarket], query: Query) -> list[ShownMarket]:
    """Return the markets asked for; decided ones only when asked for, or when both are.

    Raises BadQueryError.
    """
    found = [shown for shown in markets if _fits(shown, query, _NAMES) and _in_time(shown, query)]
    wants_closed = read_flag(query, "closed", default=False)
    if read_flag(query, "active", default=True) is False or read_flag(
        query, "archived", default=False
    ):
        return []  # every market here is active, and none is archived
    found = [shown for shown in found if shown.is_closed is wants_closed]
    return _ordered(found, query, lambda shown: shown)


def select_events(events: Iterable[list[ShownMarket]], query: Query) -> list[list[ShownMarket]]:
    """Return the events asked for, with all their markets. Raises BadQueryError."""
    names = {**_EVENT_NAMES, **{name: _NAMES[name] for name in ("tag_id", "tag_slug", "version")}}
    wants_closed = read_flag(query, "closed", default=False)
    if read_flag(query, "active", default=True) is False or read_flag(
        query, "archived", default=False
    ):
        return []
    found = [
        event
        for event in events
        if _fits(event[0], query, names)
        and _in_time(event[0], query)
        and all(shown.is_closed for shown in event) is wants_closed
    ]
    return _ordered(found, query, lambda event: event[0])


def read_flag(query: Query, name: str, *, default: bool) -> bool:
    """Return a yes or no; BadQueryError for anything else."""
    text = _last(query, name)
    if text is None:
        return default
    if text.lower() not in {"true", "false"}:
        raise BadQueryError(f"{name} is invalid")
    return text.lower() == "true"


def read_number(query: Query, name: str, default: int) -> int:
    """Return a number that is not negative; BadQueryError for anything else."""
    text = _last(query, name)
    if text is None:
        return default
    if not (text.isascii() and text.isdigit() and len(text) <= 9):
        raise BadQueryError(f"{name} is invalid")
    return int(text)


def parse_time(text: str) -> Nanos:
    """Return the instant of an ISO text; ValueError for anything else."""
    at = datetime.fromisoformat(text)
    seconds = at if at.tzinfo else at.replace(tzinfo=UTC)
    return Nanos(int(seconds.timestamp()) * NANOS_PER_S)


def _fits(
    shown: ShownMarket, query: Query, names: Mapping[str, Callable[[ShownMarket], tuple[str, ...]]]
) -> bool:
    return all(
        not query.get(name) or not set(query[name]).isdisjoint(values(shown))
        for name, values in names.items()
    )


def _in_time(shown: ShownMarket, query: Query) -> bool:
    for name, text_of in _TIMES.items():
        at = parse_time(text_of(shown))
        low, high = _read_time(query, f"{name}_min"), _read_time(query, f"{name}_max")
        if (low is not None and at < low) or (high is not None and at > high):
            return False
    return True


def _read_time(query: Query, name: str) -> Nanos | None:
    text = _last(query, name)
    if text is None:
        return None
    try:
        return parse_time(text)
    except (ValueError, OverflowError):
        raise BadQueryError(f"{name} is invalid") from None


def _ordered(found: list[T], query: Query, market_of: Callable[[T], ShownMarket]) -> list[T]:
    """Return them by the first known key of `order`; as listed without one."""
    is_ascending = read_flag(query, "ascending", default=False)
    keys = (_last(query, "order") or "").split(",")
    key = next((_ORDERS[name] for name in keys if name in _ORDERS), None)
    if key is None:
        return found
    return sorted(found, key=lambda item: key(market_of(item)), reverse=not is_ascending)


def _last(query: Query, name: str) -> str | None:
    values = query.get(name)
    return values[-1] if values else None
