"""What a feed receives is shown as received, before anybody reads it; look-ups likewise."""

from typing import Any

from daemon.adapters.polymarket.http_reader import Answer, Query
from daemon.adapters.polymarket.lookups import PolymarketLookup
from daemon.adapters.polymarket.market_feed import MarketFeed
from daemon.adapters.system_clock import SystemClock
from daemon.domain.received import ReceivedKind
from daemon.domain.units import Nanos
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from tests.integration.polymarket.loopback_venue import (
    TOKENS,
    Collected,
    ended,
    living,
    loopback_venue,
)

ODD = '{"event_type":"moon", "price":".48"}'


class Tapped(Collected):
    """A sink that remembers what the tap saw, too."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[ReceivedKind, bytes]] = []
        self.times: list[Nanos] = []

    def tap(self, kind: ReceivedKind, payload: bytes, at: Nanos) -> None:
        self.seen.append((kind, payload))
        self.times.append(at)
        self._changed.set()

    @property
    def frames(self) -> list[bytes]:
        return [payload for kind, payload in self.seen if kind is ReceivedKind.FRAME]


def a_tapped_feed(url: str, sink: Tapped) -> MarketFeed:
    return MarketFeed(url=url, tokens=TOKENS, sink=sink, clock=SystemClock(), tap=sink.tap)


async def test_frames_are_shown_byte_for_byte_garbled_and_in_pieces_too() -> None:
    sink = Tapped()
    async with loopback_venue() as venue:
        feed = a_tapped_feed(venue.url, sink)
        async with living(feed):
            await sink.until(lambda: len(sink.frames) == 1)
            for message in ("not json", ODD, "PONG"):
                await venue.send(message)
            await venue.socket.send(["in ", "three ", "pieces"])
            await sink.until(lambda: len(sink.frames) >= 5)
    assert sink.frames[1:5] == [b"not json", ODD.encode(), b"PONG", b"in three pieces"]
    assert sink.times == sorted(sink.times)


async def test_the_tap_hears_when_a_connection_is_up_and_why_it_was_lost() -> None:
    sink = Tapped()
    async with loopback_venue() as venue:
        feed = a_tapped_feed(venue.url, sink)
        for _ in range(2):
            async with living(feed) as task:
                await sink.until(lambda: sink.seen[-1:] != [] and len(sink.frames) % 2 == 1)
                await venue.socket.close(1000, "maintenance")
                await ended(task)
            sink.seen.append((ReceivedKind.FRAME, b"between two lives"))
    kinds = [kind for kind, payload in sink.seen if payload != b"between two lives"]
    assert kinds == ["up", "frame", "lost"] * 2
    assert sink.seen[0][1] == venue.url.encode()
    assert b"maintenance" in sink.seen[2][1]


async def test_every_reply_of_a_look_up_is_shown_with_its_request() -> None:
    seen: list[tuple[str, Query, Answer]] = []

    def see(url: str, query: Query, answer: Answer) -> None:
        seen.append((url, query, answer))

    async with ExchangeBox(BoxOptions(tape="nhl", is_now=True)) as box:
        ready: Any = box.ready
        async with PolymarketLookup(
            gamma_base=ready.gamma, clob_base=ready.clob, clock=SystemClock(), on_answer=see
        ) as lookup:
            market = await lookup.resolve(ready.markets[0].slug)
            await lookup.book(market.tokens[0])
    urls = [url for url, _, _ in seen]
    assert urls == [f"{ready.gamma}/markets/slug/{market.slug}", f"{ready.clob}/book"]
    assert seen[1][1] == (("token_id", market.tokens[0]),)
    assert all(answer.status == 200 for _, _, answer in seen)
    assert market.condition_id.encode() in seen[0][2].body
