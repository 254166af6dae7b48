"""What only the venue can do to a market and to itself, by its admin pages."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from daemon.errors import ConfigError
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.sim.exchange.faults.fault import FaultPoint
from daemon.sim.exchange.front.service_schedule import ServiceState
from tests.integration.exchange.box_client import MIA, ORIGIN, BoxClient, quiet_box

DELAYED = {"kind": "delay", "points": ["submit"], "rate": 1, "delay_ms": 5}


async def test_a_market_is_decided_once(quiet: BoxClient) -> None:
    market = quiet.market()
    quiet.submit(MIA, market.token_ids[0], "BUY", "10", "0.5")
    body = {"condition": market.condition_id, "winner": market.token_ids[1]}
    assert await quiet.post("/admin/resolve", body) == (200, {"ok": True})
    _, record = await quiet.get(f"/markets/{market.condition_id}")
    assert [token["winner"] for token in record["tokens"]] == [False, True]
    _, ledger = await quiet.get("/admin/ledger")
    assert ledger["wallets"][MIA]["cash"]["active"] == 0
    status, answer = await quiet.post("/admin/resolve", body)
    assert (status, answer) == (409, {"error": "the market is resolved already"})
    tick = {"condition": market.condition_id, "tick": "0.001"}
    assert (await quiet.post("/admin/tick", tick))[0] == 409


async def test_a_tie_pays_half(quiet: BoxClient) -> None:
    market = quiet.market()
    await quiet.post("/admin/resolve", {"condition": market.condition_id, "winner": None})
    _, ledger = await quiet.get("/admin/ledger")
    assert ledger["markets"][market.condition_id]["payouts"] == [500_000, 500_000]


async def test_the_price_grid_changes_for_every_look_up(quiet: BoxClient) -> None:
    market = quiet.market()
    body = {"condition": market.condition_id, "tick": "0.001"}
    assert await quiet.post("/admin/tick", body) == (200, {"ok": True, "tick": "0.001"})
    _, tick = await quiet.get(f"/tick-size?token_id={market.token_ids[1]}")
    assert tick == {"minimum_tick_size": 0.001}
    _, book = await quiet.get(f"/book?token_id={market.token_ids[0]}")
    assert book["tick_size"] == "0.001"


@pytest.mark.parametrize(
    "page, change, text",
    [
        ("resolve", {"winner": "77"}, "no token of this market"),
        ("resolve", {"condition": "0x12", "winner": None}, "no market"),
        ("resolve", {}, "winner"),
        ("resolve", {"winner": 1}, "winner"),
        ("tick", {"tick": "0.02"}, "none of"),
        ("tick", {"tick": "fine"}, "give one of"),
        ("tick", {"tick": 0.001}, "tick"),
        ("tick", {}, "tick"),
        ("tick", {"condition": 5, "tick": "0.001"}, "condition"),
    ],
)
async def test_what_cannot_be_done_to_a_market_changes_nothing(
    quiet: BoxClient, page: str, change: dict[str, object], text: str
) -> None:
    before = await quiet.get("/markets")
    body = {"condition": quiet.market().condition_id} | change
    status, answer = await quiet.post(f"/admin/{page}", body)
    assert status == 400
    assert text in answer["error"]
    assert await quiet.get("/markets") == before


async def test_time_is_put_forward_and_never_back(quiet: BoxClient) -> None:
    assert await quiet.get("/time") == (200, ORIGIN // 10**9)
    assert await quiet.post("/admin/clock", {"step_s": 90.5}) == (
        200,
        {"ok": True, "now": ORIGIN + 90_500_000_000},
    )
    assert await quiet.get("/time") == (200, ORIGIN // 10**9 + 90)
    for step in (0, -1, 3601, "x"):
        status, answer = await quiet.post("/admin/clock", {"step_s": step})
        assert status == 400
        assert "step_s" in answer["error"]
    assert await quiet.get("/admin/clock") == (
        200,
        {"now": ORIGIN + 90_500_000_000, "behind_ms": 0, "given_up_ms": 0},
    )


async def test_phases_of_the_service_hold_from_now_on(quiet: BoxClient) -> None:
    phases = [
        {"state": "restarting", "until_s": 90},
        {"state": "post_only", "from_s": 90, "until_s": 210},
    ]
    answer = {"ok": True, "state": "restarting"}
    assert await quiet.post("/admin/service", {"phases": phases}) == (200, answer)
    floor = quiet.box.floor
    assert floor.service.state_at(floor.now()) is ServiceState.RESTARTING
    await quiet.post("/admin/clock", {"step_s": 100})
    _, shown = await quiet.get("/admin/service")
    assert shown["state"] == "post_only"
    answer = {"ok": True, "state": "normal"}
    assert await quiet.post("/admin/service", {"phases": []}) == (200, answer)


@pytest.mark.parametrize(
    "phases, text",
    [
        ([{"state": "normal", "until_s": 1}], "state"),
        ([{"state": "disabled"}], "until_s"),
        ([{"state": "disabled", "from_s": 2, "until_s": 1}], "ends before it starts"),
        ([{"state": "disabled", "from_s": -1, "until_s": 1}], "between 0"),
        ([{"state": "disabled", "until_s": 5}, {"state": "disabled", "until_s": 5}], "has ended"),
        ("all", "phases"),
    ],
)
async def test_phases_that_cannot_be_change_nothing(
    quiet: BoxClient, phases: object, text: str
) -> None:
    before = quiet.box.floor.service
    status, answer = await quiet.post("/admin/service", {"phases": phases})
    assert status == 400
    assert text in answer["error"]
    assert quiet.box.floor.service is before


async def test_a_plan_of_faults_replaces_the_rules_from_now_on(quiet: BoxClient) -> None:
    assert await quiet.post("/admin/faults", {"fault": [DELAYED]}) == (
        200,
        {"ok": True, "rules": 1},
    )
    floor = quiet.box.floor
    fault = floor.faults.ask(FaultPoint.SUBMIT, floor.now())
    assert fault is not None
    assert fault.amount == 5
    assert await quiet.get("/admin/faults") == (200, {"told": {"delay": 1}})
    assert await quiet.post("/admin/faults", {"fault": []}) == (200, {"ok": True, "rules": 0})
    assert floor.faults.ask(FaultPoint.SUBMIT, floor.now()) is None


@pytest.mark.parametrize(
    "body, text",
    [
        ({"fault": [DELAYED | {"kind": "flood"}]}, "kind 'flood' is unknown"),
        ({"fault": [DELAYED | {"delay_ms": 0}, {}]}, "; plan.json fault 2"),
        ({"fault": [], "cut": True}, "unknown key 'cut'"),
        ({"seed": 5}, "seed is a text"),
        ({"quiet": [[2, 1]]}, "quiet"),
        ({"nonsense": 1}, "nonsense"),
        ({"silent_s": -1}, "negative"),
        ([], "object"),
    ],
)
async def test_a_plan_that_cannot_be_changes_nothing(
    quiet: BoxClient, body: Any, text: str
) -> None:
    before = quiet.box.floor.faults
    status, answer = await quiet.post("/admin/faults", body)
    assert status == 400
    assert text in answer["error"]
    assert quiet.box.floor.faults is before


async def test_a_file_of_faults_holds_from_the_start(tmp_path: Path) -> None:
    path = tmp_path / "faults.toml"
    path.write_text('[[fault]]\nkind = "drop"\npoints = ["submit"]\nnth = 1\n', encoding="utf-8")
    async with quiet_box(faults=str(path)) as box:
        assert box.floor.faults.ask(FaultPoint.SUBMIT, box.floor.now()) is not None


@pytest.mark.parametrize(
    "content, text", [(b"\xff", "cannot be read"), (b"fault = 1", "is a list"), (None, "read")]
)
def test_a_file_of_faults_that_cannot_be_ends_it_with_a_reason(
    tmp_path: Path, content: bytes | None, text: str
) -> None:
    path = tmp_path / "faults.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(ConfigError, match=text):
        ExchangeBox(BoxOptions(is_quiet=True, faults=str(path)))


async def test_what_nobody_asks_for_happens_all_the_same(session: aiohttp.ClientSession) -> None:
    async with ExchangeBox(BoxOptions(is_quiet=True, speed=60)) as box:
        seen: list[int] = []
        floor = box.floor
        floor.marketplace.schedule(floor.now(), seen.append)
        client = BoxClient(box, session)
        while not seen:
            await client.get("/ok")  # asks nothing of the floor
