"""Events and series of the discovery API: markets that belong together, and events that repeat."""

from collections.abc import Iterable, Sequence
from typing import Any

from daemon.sim.exchange.discovery.gamma_market import build_event_head, build_market, origin_of
from daemon.sim.exchange.discovery.gamma_tag import build_tags
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.discovery.shown_market import ShownMarket

Record = dict[str, Any]


def group_events(markets: Iterable[ShownMarket]) -> list[list[ShownMarket]]:
    """Return the markets of each event together, events in the order of their first market."""
    events: dict[str, list[ShownMarket]] = {}
    for shown in markets:
        events.setdefault(shown.record.event_slug, []).append(shown)
    return list(events.values())


def is_closed(event: Sequence[ShownMarket]) -> bool:
    """Tell whether every market of an event is decided."""
    return all(shown.is_closed for shown in event)


def build_event(event: Sequence[ShownMarket]) -> Record:
    """Return the event with its markets; it is closed when all of them are."""
    first = event[0]
    record = first.record
    body = build_event_head(record, first.strike) | {
        "active": True,
        "closed": is_closed(event),
        "archived": False,
        "restricted": True,
        "startDate": record.listed,
        "negRisk": record.neg_risk,
        "markets": [build_market(shown) for shown in event],
        "tags": build_tags(record),
    }
    if record.series_slug:
        body["series"] = [build_series_head(record.series_slug, record.event_title)]
    return body | origin_of(record)


def build_series_head(slug: str, title: str) -> Record:
    """Return a series without its events."""
    return {
        "id": number_of("series", slug),
        "ticker": slug,
        "slug": slug,
        "title": title,
        "seriesType": "single",
        "recurrence": slug.rsplit("-", 1)[-1],
        "active": True,
        "closed": False,
        "archived": False,
    }


def build_series(slug: str, events: Sequence[Sequence[ShownMarket]]) -> Record:
    """Return a series with the heads of its events."""
    heads = [
        build_event_head(event[0].record, event[0].strike) | {"closed": is_closed(event)}
        for event in events
    ]
    return build_series_head(slug, events[0][0].record.event_title) | {"events": heads}
