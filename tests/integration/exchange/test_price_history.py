"""The history of prices, minute by minute, over a real socket."""

import aiohttp
import pytest

from daemon.sim.exchange.display import price_history
from tests.integration.exchange.box_client import MIA, ORIGIN, TOM, BoxClient

START_S = ORIGIN // 1_000_000_000
FIRST_S = START_S - START_S % 60 + 60


@pytest.fixture
async def token(quiet: BoxClient) -> str:
    """A market at 0.52 for its first minute and at 0.515 from then on."""
    yes, no = quiet.market().token_ids
    quiet.submit(MIA, yes, "BUY", "10", "0.51")
    quiet.submit(TOM, no, "BUY", "10", "0.47")
    await quiet.post("/admin/clock", {"step_s": 60})
    quiet.submit(TOM, no, "BUY", "10", "0.48")
    await quiet.post("/admin/clock", {"step_s": 120})
    return yes


async def test_there_is_a_price_for_every_minute(quiet: BoxClient, token: str) -> None:
    status, page = await quiet.get(f"/prices-history?market={token}&interval=1h")
    assert status == 200
    assert page == {
        "history": [
            {"t": FIRST_S, "p": 0.52},
            {"t": FIRST_S + 60, "p": 0.515},
            {"t": FIRST_S + 120, "p": 0.515},
        ]
    }


async def test_a_span_has_both_ends_and_may_be_coarse(quiet: BoxClient, token: str) -> None:
    page = f"/prices-history?market={token}"
    _, some = await quiet.get(f"{page}&startTs={FIRST_S + 60}&endTs={FIRST_S + 60}")
    assert some == {"history": [{"t": FIRST_S + 60, "p": 0.515}]}
    _, coarse = await quiet.get(f"{page}&interval=max&fidelity=1440")
    assert coarse["history"][-1]["t"] == FIRST_S + 120
    assert len(coarse["history"]) < 3


async def test_a_book_without_two_sides_and_an_unknown_token_have_no_history(
    quiet: BoxClient, token: str
) -> None:
    for other in (quiet.market("standing-fee").token_ids[0], "77"):
        nothing = await quiet.get(f"/prices-history?market={other}&interval=1d")
        assert nothing == (200, {"history": []})


async def test_old_minutes_make_room(quiet: BoxClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(price_history, "POINTS_MAX", 2)
    yes, no = quiet.market().token_ids
    quiet.submit(MIA, yes, "BUY", "10", "0.51")
    quiet.submit(TOM, no, "BUY", "10", "0.47")
    await quiet.post("/admin/clock", {"step_s": 600})
    _, page = await quiet.get(f"/prices-history?market={yes}&interval=1h")
    assert len(page["history"]) == 2


@pytest.mark.parametrize(
    ("query", "parameter"),
    [
        ("token_id=x&interval=1h", "token_id"),
        ("token_id=1", "interval"),
        ("token_id=1&interval=1h&as_of=1", "interval"),
        ("token_id=1&interval=2h", "interval"),
        ("token_id=1&interval=1h&bucket_seconds=5", "bucket_seconds"),
    ],
)
async def test_the_data_api_names_the_parameter(
    quiet: BoxClient, session: aiohttp.ClientSession, query: str, parameter: str
) -> None:
    async with session.get(f"{quiet.box.ready.data}/v2/prices-history?{query}") as reply:
        assert reply.status == 400
        assert (await reply.json())["parameter"] == parameter


@pytest.mark.parametrize(
    "query, error",
    [
        ("interval=1h", "Invalid token id"),
        ("market=1", "invalid filters"),
        ("market=1&interval=2h", "invalid filters"),
        ("market=1&startTs=-1", "invalid filters"),
        ("market=1&interval=1h&fidelity=0", "invalid filters"),
    ],
)
async def test_what_cannot_be_meant_is_refused(quiet: BoxClient, query: str, error: str) -> None:
    assert await quiet.get(f"/prices-history?{query}") == (400, {"error": error})
