"""Short names for lines that must fit: market tags, strategy initials, the head of an order id."""

import re
from datetime import UTC, datetime
from typing import Final

TAG_WORDS_MAX: Final = 3
ORDER_CHARACTERS: Final = 8
_STOP: Final = re.compile(r"\d|^(?:updown|up|down|or|on|by)$")
_NUMBER: Final = re.compile(r"-(\d{1,3})$")
_EPOCH: Final = re.compile(r"-(\d{10})$")


def market_tag(slug: str) -> str:
    """Return a market's tag: `btc-updown-5m-1776081600` is BTC.

    The words before the first date, time or filler, at most three; a short number at the end is kept
    because it tells the markets of one event apart: `nhl-car-vgk-2026-06-07-market-5` is
    `NHL CAR VGK 5`.
    """
    words: list[str] = []
    for word in slug.split("-"):
        if _STOP.search(word) or len(words) == TAG_WORDS_MAX:
            break
        words.append(word)
    tag = " ".join(words).upper() or slug.upper()
    number = _NUMBER.search(slug)
    return f"{tag} {number[1]}" if words and number else tag


def market_name(slug: str) -> str:
    """Return a name that also tells windows of one series apart: `BTC 12:05` (UTC), by its start."""
    tag = market_tag(slug)
    epoch = _EPOCH.search(slug)
    if epoch is None:
        return tag
    return f"{tag} {datetime.fromtimestamp(int(epoch[1]), UTC):%H:%M}"


def strategy_tag(strategy_id: str) -> str:
    """Return the initials of a strategy: `top_bidder-buy:…` is TB."""
    name = strategy_id.partition(":")[0].partition("-")[0]
    return "".join(word[0] for word in name.split("_") if word).upper()


def order_tag(venue_order_id: str) -> str:
    """Return the head of the venue's order id, as `a1b2c3d4...`."""
    return f"{venue_order_id.removeprefix('0x')[:ORDER_CHARACTERS]}..."
