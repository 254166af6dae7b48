"""The venue's real-time feed of settlement prices: authenticate, subscribe, snapshot, updates.

Sequence numbers count per channel and connection. The average is the one that windows settle on.
"""

import hmac
from collections import Counter
from collections.abc import Mapping
from typing import Any, Final, cast

from daemon.domain.units import NANOS_PER_MS, Nanos, format_micros
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.feeds.feed_session import FeedClose, FeedReply, read_object, to_text
from daemon.sim.exchange.feeds.price_point import (
    approximate,
    build_point,
    ms_of,
    recent_averages,
    recent_prices,
)
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window import ASSETS
from daemon.sim.exchange.windows.window_resolution import AVERAGE_OVER, ReferencePrice

SUBSCRIPTIONS_MAX: Final = 64
AUTH_FRAMES_MAX: Final = 8
SOURCE: Final = "chainlink"
WINDOW_SECONDS: Final = 60
RECEIVED_AFTER: Final = Nanos(150 * NANOS_PER_MS)
"""From the time of a price to its arrival at the venue."""

PRICE: Final = "price.crypto"
AVERAGE: Final = "price.crypto.twap"

_CHANNELS: Final = (PRICE, AVERAGE)
_CHANGES: Final = ("subscribe", "unsubscribe")
"""Compared one by one, as all that clients send: a list has no hash."""

Json = dict[str, Any]
_Key = tuple[str, str]
"""Channel and asset."""
_ASSET_OF: Final = {f"{asset}usd": asset for asset in ASSETS}


class PolyboltSession:
    """One client; nothing but `ping` is served before it has shown its API key."""

    def __init__(self, keys: ApiKeys, prices: Mapping[str, ReferencePrices]) -> None:
        self._keys = keys
        self._prices = prices
        self._is_known = False
        self._auth_frames = 0
        self._subscribed: dict[_Key, None] = {}
        self._seq: Counter[str] = Counter()

    def receive(self, text: str, now: Nanos) -> FeedReply:
        """Take in a frame."""
        frame = read_object(text) or {}
        rid, op = frame.get("rid"), frame.get("op")
        if op == "ping":
            return FeedReply((_reply("pong", rid),))
        if op == "auth":
            return self._authenticate(frame.get("auth"), rid)
        if op not in _CHANGES:
            return FeedReply((_refusal(rid, "bad_op"),))
        if not self._is_known:
            return FeedReply((_refusal(rid, "auth_required"),))
        items = frame.get("subscriptions")
        if not isinstance(items, list) or not items:
            return FeedReply((_refusal(rid, "bad_filter"),))
        change = self._subscribe if op == "subscribe" else self._unsubscribe
        texts = [change(item, rid) for item in cast("list[object]", items)]
        new = [text for text, _ in texts]
        snapshots = [self._snapshot(key, now) for _, key in texts if key and op == "subscribe"]
        return FeedReply((*new, *snapshots))

    def tell(self, asset: str, price: ReferencePrice, now: Nanos) -> tuple[str, ...]:
        """Return the price, and the average it brings, to who has subscribed to them."""
        texts: list[str] = []
        if (PRICE, asset) in self._subscribed:
            extra = {
                "received_at": ms_of(Nanos(price.at + RECEIVED_AFTER)),
                "is_carried_forward": False,
            }
            texts.append(self._update(PRICE, asset, price, now, extra))
        if (AVERAGE, asset) in self._subscribed:
            average = self._prices[asset].average(price.at, AVERAGE_OVER)
            if average is not None:
                mean = ReferencePrice(price.at, average)
                extra = {"window_seconds": WINDOW_SECONDS}
                texts.append(self._update(AVERAGE, asset, mean, now, extra))
        return tuple(texts)

    def _authenticate(self, auth: object, rid: object) -> FeedReply:
        self._auth_frames += 1
        if self._auth_frames > AUTH_FRAMES_MAX:
            close = FeedClose(4001, "auth_attempts")
            return FeedReply((_refusal(rid, "auth_attempts"),), close)
        if not self._is_credential(auth):
            return FeedReply((_refusal(rid, "auth_invalid"),), FeedClose(4001, "auth_invalid"))
        self._is_known = True
        return FeedReply((_reply("authed", rid),))

    def _is_credential(self, auth: object) -> bool:
        if not isinstance(auth, dict):
            return False
        given = cast("Json", auth)
        texts = [given.get(name) for name in ("apiKey", "secret", "passphrase")]
        if not all(isinstance(text, str) for text in texts):
            return False
        key_id, secret, passphrase = cast("list[str]", texts)
        key = self._keys.find(key_id)
        return (
            key is not None
            and _is_same(secret, key.secret)
            and _is_same(passphrase, key.passphrase)
        )

    def _subscribe(self, item: object, rid: object) -> tuple[str, _Key | None]:
        channel, key, code = _read_item(item)
        if key is not None and key not in self._subscribed:
            if len(self._subscribed) >= SUBSCRIPTIONS_MAX:
                key, code = None, "sub_limit"
            else:
                self._subscribed[key] = None
        if key is None:
            return _refusal(rid, code, channel), None
        return _reply("subscribed", rid, channel), key

    def _unsubscribe(self, item: object, rid: object) -> tuple[str, _Key | None]:
        channel, key, code = _read_item(item)
        if key is None:
            return _refusal(rid, code, channel), None
        self._subscribed.pop(key, None)
        return _reply("unsubscribed", rid, channel), key

    def _snapshot(self, key: _Key, now: Nanos) -> str:
        channel, asset = key
        history = recent_prices if channel == PRICE else recent_averages
        points = [build_point(one.at, one.price) for one in history(self._prices.get(asset), now)]
        payload: Json = {"symbol": f"{asset}usd", "source": SOURCE, "data": points}
        if channel == AVERAGE:
            payload["window_seconds"] = WINDOW_SECONDS
        return to_text(self._frame(channel, now) | {"snapshot": True, "payload": payload})

    def _update(
        self, channel: str, asset: str, price: ReferencePrice, now: Nanos, extra: Json
    ) -> str:
        payload = {
            "symbol": f"{asset}usd",
            "source": SOURCE,
            "value": approximate(price.price),
            "full_accuracy_value": format_micros(price.price, 0),
            "timestamp": ms_of(price.at),
        }
        return to_text(self._frame(channel, now) | {"payload": payload | extra})

    def _frame(self, channel: str, now: Nanos) -> Json:
        self._seq[channel] += 1
        return {"v": 1, "channel": channel, "seq": self._seq[channel], "ts": ms_of(now)}


def _read_item(item: object) -> tuple[str | None, _Key | None, str]:
    """Return channel and key of a subscription, or the channel and what is wrong with it."""
    fields = cast("Json", item) if isinstance(item, dict) else {}
    channel, wanted = fields.get("channel"), fields.get("filter")
    if channel not in _CHANNELS:
        return (channel if isinstance(channel, str) else None), None, "bad_channel"
    rules = cast("Json", wanted) if isinstance(wanted, dict) else {}
    symbol = rules.get("symbol")
    asset = _ASSET_OF.get(symbol.lower()) if isinstance(symbol, str) else None
    is_source = rules.get("provider", SOURCE) == SOURCE
    is_window = channel == PRICE or rules.get("window_seconds") == WINDOW_SECONDS
    if asset is None or not is_source or not is_window:
        return channel, None, "bad_filter"
    return channel, (channel, asset), ""


def _reply(op: str, rid: object, channel: str | None = None) -> str:
    body: Json = {"op": op}
    if isinstance(rid, str):
        body["rid"] = rid
    if channel is not None:
        body["channel"] = channel
    return to_text(body)


def _refusal(rid: object, code: str, channel: str | None = None) -> str:
    body: Json = {"op": "error"}
    if isinstance(rid, str):
        body["rid"] = rid
    if channel is not None:
        body["channel"] = channel
    return to_text(body | {"code": code})


def _is_same(given: str, expected: str) -> bool:
    return hmac.compare_digest(given.encode("utf-8", "surrogatepass"), expected.encode())
