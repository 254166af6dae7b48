"""The venue's older feed of prices: topics with filters that are JSON inside a text."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple, cast

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.feeds.feed_session import FeedReply, read_object, to_text
from daemon.sim.exchange.feeds.price_point import (
    approximate,
    ms_of,
    recent_averages,
    recent_prices,
)
from daemon.sim.exchange.feeds.spot_quote import build_quote
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window import ASSETS
from daemon.sim.exchange.windows.window_resolution import ReferencePrice
from daemon.sim.named_chance import NamedChance

PING: Final = "PING"
PONG: Final = "PONG"
SUBSCRIPTIONS_MAX: Final = 64

SPOT: Final = "crypto_prices"
REFERENCE: Final = "crypto_prices_chainlink"
AVERAGES: Final = {"crypto_prices_twap_thirty": 30, "crypto_prices_twap_sixty": 60}
"""Topics of averages, with the seconds they are taken over."""
TOPICS: Final = (SPOT, REFERENCE, *AVERAGES)
SCALE: Final = 10**12
"""From millionths to the feed's full accuracy."""

_ACTIONS: Final = ("subscribe", "unsubscribe")
"""Compared one by one, as all that clients send: a list has no hash."""

Json = dict[str, Any]


class _Wish(NamedTuple):
    topic: str
    asset: str | None
    """None for every asset."""


class RtdsSession:
    """One client."""

    def __init__(self, prices: Mapping[str, ReferencePrices], chance: NamedChance) -> None:
        self._prices = prices
        self._chance = chance
        self._wishes: dict[_Wish, None] = {}

    def receive(self, text: str, now: Nanos) -> FeedReply:
        """Take in a ping or a request; what cannot be read is answered with nothing but a text."""
        if text == PING:
            return FeedReply((PONG,))
        request = read_object(text) or {}
        action, items = request.get("action"), request.get("subscriptions")
        wishes = _read_wishes(items)
        if action not in _ACTIONS or wishes is None:
            return FeedReply((to_text({"message": "Invalid request body"}),))
        if action == "unsubscribe":
            for wish in wishes:
                self._wishes.pop(wish, None)
            return FeedReply()
        if len({*self._wishes, *wishes}) > SUBSCRIPTIONS_MAX:
            return FeedReply((to_text({"message": "too many subscriptions"}),))
        self._wishes.update(dict.fromkeys(wishes))
        return FeedReply(tuple(self._snapshot(wish, now) for wish in wishes if wish.asset))

    def tell(self, asset: str, price: ReferencePrice, now: Nanos) -> tuple[str, ...]:
        """Return the price on every topic the client has asked for."""
        texts: list[str] = []
        for topic in TOPICS:
            if {_Wish(topic, None), _Wish(topic, asset)}.isdisjoint(self._wishes):
                continue
            payload = self._payload(topic, asset, price)
            if payload is not None:
                texts.append(_frame(topic, "update", payload, now))
        return tuple(texts)

    def _payload(self, topic: str, asset: str, price: ReferencePrice) -> Json | None:
        if topic == SPOT:
            value: int | None = build_quote(asset, price, self._chance).trade_price
        elif topic == REFERENCE:
            value = price.price
        else:
            over = Nanos(AVERAGES[topic] * NANOS_PER_S)
            value = self._prices[asset].average(price.at, over)
        if value is None:
            return None
        payload: Json = {
            "symbol": _symbol(topic, asset),
            "timestamp": ms_of(price.at),
            "value": approximate(value),
        }
        if topic != SPOT:
            payload["full_accuracy_value"] = str(value * SCALE)
        if topic in AVERAGES:
            payload["window_s"] = AVERAGES[topic]
        return payload

    def _snapshot(self, wish: _Wish, now: Nanos) -> str:
        topic, asset = wish
        assert asset is not None
        prices = self._prices.get(asset)
        if topic in AVERAGES:
            history = recent_averages(prices, now, Nanos(AVERAGES[topic] * NANOS_PER_S))
        else:
            history = recent_prices(prices, now)
        data = [{"timestamp": ms_of(one.at), "value": approximate(one.price)} for one in history]
        payload = {"symbol": _symbol(topic, asset), "data": data}
        return _frame(topic, "subscribe", payload, now)


def _frame(topic: str, kind: str, payload: Json, now: Nanos) -> str:
    return to_text({"topic": topic, "type": kind, "timestamp": ms_of(now), "payload": payload})


def _symbol(topic: str, asset: str) -> str:
    return f"{asset}usdt" if topic == SPOT else f"{asset}/usd"


def _read_wishes(items: object) -> list[_Wish] | None:
    """Return what is asked for; topics that are no prices are left out. None for rubbish."""
    if not isinstance(items, list):
        return None
    wishes: list[_Wish] = []
    for item in cast("list[object]", items):
        if not isinstance(item, dict):
            return None
        fields = cast("Json", item)
        topic, filters = fields.get("topic"), fields.get("filters") or "{}"
        rules = read_object(filters) if isinstance(filters, str) else None
        if not isinstance(topic, str) or rules is None:
            return None
        if topic in TOPICS:
            symbol = rules.get("symbol")
            asset = {_symbol(topic, one): one for one in ASSETS}.get(str(symbol).lower())
            if symbol is None or asset is not None:
                wishes.append(_Wish(topic, asset))
    return wishes
