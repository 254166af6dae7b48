"""Look-ups over real HTTP: what is asked, what comes back, and in which words it is refused."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from aiohttp import web

from daemon.adapters.polymarket.http_reader import ATTEMPTS_MAX, BODY_BYTES_MAX
from daemon.adapters.polymarket.lookups import PolymarketLookup
from daemon.domain.fee import FeeSchedule
from daemon.domain.feed import SnapshotOrigin
from daemon.domain.units import NANOS_PER_S
from daemon.errors import (
    ConfigError,
    FeedGarbled,
    MarketEnded,
    RateLimited,
    Unreachable,
    VenueError,
)
from daemon.ports import MarketLookup
from daemon.sim.clock import SteppedClock
from tests.unit.adapters.polymarket.gamma_records import (
    CONDITION,
    POSITIONS,
    SLUG,
    TOKENS,
    gamma_record,
)

NOW = 1_790_000_000 * NANOS_PER_S
V2 = {"version": "v2", "positionIds": list(POSITIONS), "conditionId": CONDITION[:-2]}


class LoopbackRest:
    """Both interfaces at one address; a test puts in what they answer, by path."""

    def __init__(self) -> None:
        self.base = ""
        self.answers: dict[str, Any] = {}
        self.failures: list[web.Response] = []
        self.requests: list[str] = []
        self.headers: list[str] = []

    async def answer(self, request: web.Request) -> web.Response:
        self.requests.append(request.path_qs)
        self.headers += request.headers
        if self.failures:
            return self.failures.pop(0)
        answer = self.answers.get(request.path_qs, self.answers.get(request.path))
        if answer is None:
            return web.json_response({"type": "not found error", "error": "not found"}, status=404)
        text = answer if isinstance(answer, str) else json.dumps(answer)
        return web.Response(text=text, content_type="application/json")


@pytest.fixture
async def rest() -> AsyncGenerator[LoopbackRest]:
    rest = LoopbackRest()
    app = web.Application()
    app.router.add_get("/{path:.*}", rest.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    rest.base = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield rest
    await runner.cleanup()


@pytest.fixture
async def lookup(rest: LoopbackRest) -> AsyncGenerator[PolymarketLookup]:
    async with PolymarketLookup(
        gamma_base=rest.base + "/", clob_base=rest.base, clock=SteppedClock(NOW), retry_wait_s=0.001
    ) as lookup:
        fits: MarketLookup = lookup
        assert fits is lookup
        yield lookup


@pytest.mark.requirement("S0-060")
async def test_slug_condition_and_token_lead_to_the_same_market(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {
        f"/markets/slug/{SLUG}": gamma_record(),
        f"/markets?condition_ids={CONDITION}": [gamma_record()],
        f"/markets?clob_token_ids={TOKENS[0]}": [gamma_record()],
        f"/markets?clob_token_ids={TOKENS[1]}": [gamma_record()],
    }
    markets = [await lookup.resolve(text) for text in (SLUG, CONDITION, *TOKENS)]
    assert markets == [markets[0]] * 4
    assert markets[0].tokens == TOKENS
    assert markets[0].fee == FeeSchedule(rate=70_000)


async def test_a_market_of_the_second_protocol_is_found_by_both_forms_of_its_condition(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    short = CONDITION[:-2]
    full = short + "00"
    rest.answers = {
        f"/markets?condition_ids={full}&condition_ids={short}": [gamma_record(**V2)],
        f"/markets?clob_token_ids={POSITIONS[0]}": [],
        f"/markets?clob_token_ids={POSITIONS[0]}&closed=true": [],
        f"/markets/keyset?position_ids={POSITIONS[0]}": {
            "markets": [gamma_record(), gamma_record(**V2)]
        },
    }
    for reference in (short, full, POSITIONS[0]):
        market = await lookup.resolve(reference)
        assert market.condition_id == full
        assert market.tokens == POSITIONS


@pytest.mark.parametrize(
    "reference", ["no-such-slug", "a/../b?c", CONDITION, TOKENS[0], "0x12", "x" * 500]
)
async def test_what_is_not_there_is_refused_by_name(
    rest: LoopbackRest, lookup: PolymarketLookup, reference: str
) -> None:
    rest.answers = {"/markets": [], "/markets/keyset": {"markets": []}}
    with pytest.raises(ConfigError, match="there is no such market") as refusal:
        await lookup.resolve(reference)
    assert str(refusal.value).startswith(f"market {reference}: ")
    assert "\n" not in str(refusal.value)
    assert all(path.startswith("/markets") for path in rest.requests)


async def test_other_markets_are_not_taken_for_the_one_asked_for(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    other = gamma_record(slug="other", conditionId="0x" + "1" * 64, clobTokenIds='["1", "2"]')
    rest.answers = {
        "/markets": [other], "/markets/keyset": {"markets": [other]},
        f"/markets/slug/{SLUG}": other,
    }  # fmt: skip
    for reference in (SLUG, CONDITION, TOKENS[0]):
        with pytest.raises(ConfigError, match="there is no such market"):
            await lookup.resolve(reference)


async def test_a_closed_market_is_called_closed(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {
        "/markets": [],
        f"/markets?condition_ids={CONDITION}&closed=true": [gamma_record(closed=True)],
    }
    with pytest.raises(MarketEnded, match="it is closed") as refusal:
        await lookup.resolve(CONDITION)
    assert str(refusal.value).startswith(f"market {CONDITION}: ")


async def test_tokens_that_a_market_is_not_traded_by_are_refused(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {"/markets": [gamma_record(**V2)]}
    with pytest.raises(ConfigError, match="trades this market by other tokens"):
        await lookup.resolve(TOKENS[0])


@pytest.mark.parametrize(
    "record, words",
    [
        (gamma_record(acceptingOrders=False), "it does not accept orders"),
        (gamma_record(version=...), "its protocol version is None"),
        ("<html>busy</html>", "malformed"),
        (gamma_record(outcomes=7), "outcomes"),
        ('{"x":' + "[" * 100_000, "recursion"),
    ],
)
async def test_a_record_that_cannot_be_traded_is_refused_in_one_line(
    rest: LoopbackRest, lookup: PolymarketLookup, record: Any, words: str
) -> None:
    rest.answers = {f"/markets/slug/{SLUG}": record}
    with pytest.raises(ConfigError, match=words) as refusal:
        await lookup.resolve(SLUG)
    assert str(refusal.value).startswith(f"market {SLUG}: ")


async def test_a_missing_fee_is_looked_up_in_the_order_books_record(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {
        f"/markets/slug/{SLUG}": gamma_record(feeSchedule=...),
        f"/clob-markets/{CONDITION}": '{"fd": {"r": 0.0300, "e": 1, "to": true}, "tbf": 1000}',
    }
    market = await lookup.resolve(SLUG)
    assert market.fee == FeeSchedule(rate=30_000)
    del rest.answers[f"/clob-markets/{CONDITION}"]
    with pytest.raises(ConfigError, match="its fee is stated nowhere"):
        await lookup.resolve(SLUG)


async def test_a_failing_server_is_asked_again(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {f"/markets/slug/{SLUG}": gamma_record()}
    rest.failures = [web.Response(status=502), web.Response(status=429)]
    assert (await lookup.resolve(SLUG)).slug == SLUG
    assert len(rest.requests) == ATTEMPTS_MAX


async def test_attempts_are_bounded(rest: LoopbackRest, lookup: PolymarketLookup) -> None:
    rest.failures = [web.Response(status=503) for _ in range(10)]
    with pytest.raises(Unreachable, match="status 503"):
        await lookup.resolve(SLUG)
    assert len(rest.requests) == ATTEMPTS_MAX
    rest.failures = [web.Response(status=429, headers={"Retry-After": "7"}) for _ in range(3)]
    with pytest.raises(RateLimited) as limited:
        await lookup.resolve(SLUG)
    assert limited.value.retry_after_ms == 7_000


async def test_an_answer_without_end_is_cut_off(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {f"/markets/slug/{SLUG}": "x" * (BODY_BYTES_MAX + 1)}
    with pytest.raises(Unreachable, match="answered more than"):
        await lookup.resolve(SLUG)


async def test_nobody_at_the_address_is_unreachable(rest: LoopbackRest) -> None:
    closed = "http://127.0.0.1:9"
    async with PolymarketLookup(
        gamma_base=closed, clob_base=closed, clock=SteppedClock(NOW), retry_wait_s=0.001
    ) as lookup:
        with pytest.raises(Unreachable, match="check the network"):
            await lookup.resolve(SLUG)


async def test_a_book_is_read_as_a_rest_snapshot(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    rest.answers = {f"/book?token_id={TOKENS[0]}": rest_book()}
    snapshot = await lookup.book(TOKENS[0])
    assert snapshot.origin is SnapshotOrigin.REST
    assert (snapshot.bids, snapshot.asks) == ({510_000: 100_000_000}, {530_000: 25_500_000})
    assert (snapshot.received_at, snapshot.tick, snapshot.last_trade) == (NOW, 10_000, 520_000)


async def test_a_book_that_cannot_be_believed_is_refused(
    rest: LoopbackRest, lookup: PolymarketLookup
) -> None:
    with pytest.raises(VenueError, match="status 404"):
        await lookup.book(TOKENS[0])
    rest.answers = {"/book": rest_book(asset_id="7")}
    with pytest.raises(FeedGarbled, match="was given that of 7"):
        await lookup.book(TOKENS[0])
    rest.answers = {"/book": rest_book(bids=[{"price": "2", "size": "1"}])}
    with pytest.raises(FeedGarbled, match="cannot be read"):
        await lookup.book(TOKENS[0])


def rest_book(**changed: Any) -> dict[str, Any]:
    return {
        "market": CONDITION,
        "asset_id": TOKENS[0],
        "timestamp": "1790000000123",
        "hash": "1bd9",
        "bids": [{"price": "0.51", "size": "100"}],
        "asks": [{"price": "0.53", "size": "25.5"}],
        "min_order_size": "5",
        "tick_size": "0.01",
        "neg_risk": False,
        "last_trade_price": "0.520",
    } | changed


async def test_no_credentials_are_ever_sent(rest: LoopbackRest, lookup: PolymarketLookup) -> None:
    rest.answers = {f"/markets/slug/{SLUG}": gamma_record(), "/book": rest_book()}
    await lookup.resolve(SLUG)
    await lookup.book(TOKENS[0])
    names = {name.lower() for name in rest.headers}
    assert names <= {"host", "user-agent", "accept", "accept-encoding"}


async def test_a_given_session_stays_open(rest: LoopbackRest) -> None:
    rest.answers = {f"/markets/slug/{SLUG}": gamma_record()}
    async with aiohttp.ClientSession() as session:
        async with PolymarketLookup(
            gamma_base=rest.base, clob_base=rest.base, clock=SteppedClock(NOW), session=session
        ) as lookup:
            await lookup.resolve(SLUG)
        assert not session.closed
