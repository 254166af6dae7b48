"""The Data API over a real socket: what two wallets hold after they traded, and how it came."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from polymarket._internal.actions.relayer.approvals import (
    _parse_indexed_trading_approvals as parse_approvals,
)
from polymarket.environments import PRODUCTION
from polymarket.models.data.activity import Trade, parse_activities
from polymarket.models.data.portfolio import PortfolioValue, Position
from polymarket.models.data.resolutions import Resolution
from polymarket.models.data.tokens import TokenReference

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, Cash
from daemon.exchange.data_lookups import DataLookups
from daemon.sim.exchange.trading import settlement
from daemon.sim.exchange.trading.account_ids import Wallet

Ask = Callable[..., Awaitable[tuple[int, Any]]]
ANN = "0x651FdBAb146239a0F3E94b919C5Abd7B9d6F5309"
BOB = "0x1a642f0E3c3aF545E7AcBD38b07251B3990914F1"


@pytest.fixture
async def data(venue: Any, serve: Callable[..., Awaitable[Ask]]) -> Ask:
    return await serve(DataLookups(venue.floor))


@pytest.fixture
def market(venue: Any) -> Any:
    """Ann's resting bid on Up meets Bob's bid on Down: ten pairs are made."""
    record = venue.records[0]
    venue.buy(ANN, record.token_ids[0], 52, 10)
    venue.buy(BOB, record.token_ids[1], 48, 10)
    return record


async def test_a_position_says_what_it_cost_and_what_it_is_worth(
    venue: Any, data: Ask, market: Any
) -> None:
    assert (await data(f"/v2/positions?user={ANN}"))[1]["data"] == []  # matched, not mined
    venue.wait(30)
    _, page = await data(f"/v2/positions?user={ANN.lower()}")
    assert page["pagination"] == {
        "limit": 100, "offset": 0, "has_more": False, "next_cursor": None,
    }  # fmt: skip
    (position,) = page["data"]
    assert Position.parse_response(position).wallet == ANN.lower()
    assert {name: position[name] for name in ("token_id", "outcome", "opposite_token_id")} == {
        "token_id": market.token_ids[0],
        "outcome": "Up",
        "opposite_token_id": market.token_ids[1],
    }
    assert (position["current_size"], position["avg_price"], position["entry_cost_usdc"]) == (
        10, 0.52, 5.2,
    )  # fmt: skip
    assert (position["entry_fees_usdc"], position["current_price"]) == (0, 0.5)
    assert (position["current_value"], position["unrealized_pnl"]) == (5, -0.2)
    assert (position["status"], position["redeemable"], position["mergeable"]) == (
        "OPEN", False, False,
    )  # fmt: skip
    (other,) = (await data(f"/v2/positions?user={BOB}"))[1]["data"]
    assert (other["avg_price"], other["entry_fees_usdc"]) == (0.48, 0.17472)
    assert other["total_cost_usdc"] == 4.97472
    _, value = await data(f"/v2/value?user={ANN}")
    assert PortfolioValue.parse_response(value["data"]).value == 5


async def test_a_position_is_shown_however_long_ago_its_trades_were(
    venue: Any, data: Ask, market: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settlement, "FINAL_MAX", 0)
    venue.wait(30)
    assert venue.exchange.trades_of_wallet(ANN) == ()
    (position,) = (await data(f"/v2/positions?user={ANN}"))[1]["data"]
    assert position["current_size"] == 10


async def test_after_the_end_the_winner_can_redeem_and_the_loser_for_nothing(
    venue: Any, data: Ask, market: Any
) -> None:
    venue.wait(30)
    venue.resolve(market, market.token_ids[0])
    (won,) = (await data(f"/v2/positions?user={ANN}&status=REDEEMABLE"))[1]["data"]
    assert (won["status"], won["redeemable"], won["current_price"]) == ("REDEEMABLE", True, 1)
    assert (await data(f"/v2/positions?user={BOB}&status=REDEEMABLE"))[1]["data"] == []
    (lost,) = (await data(f"/v2/positions?user={BOB}&status=REDEEMABLE_LOST"))[1]["data"]
    assert (lost["current_value"], lost["total_pnl"]) == (0, -4.8)
    condition = ConditionId(market.condition_id)
    venue.floor.marketplace.take(venue.exchange.redeem(Wallet(ANN), condition, venue.floor.now()))
    assert (await data(f"/v2/positions?user={ANN}"))[1]["data"] == []
    (closed,) = (await data(f"/v2/positions?user={ANN}&status=CLOSED"))[1]["data"]
    assert (closed["status"], closed["realized_pnl"], closed["avg_price"]) == ("CLOSED", 4.8, 0.52)
    _, history = await data(f"/v2/activity?user={ANN}")
    assert [row["type"] for row in history["data"]] == ["REDEEM", "TRADE", "DEPOSIT"]
    assert history["data"][0]["usdc_size"] == 10
    parse_activities(history["data"])


async def test_pairs_can_be_merged_and_small_rests_are_not_shown(venue: Any, data: Ask) -> None:
    record = venue.records[1]
    condition, now = ConditionId(record.condition_id), venue.floor.now()
    venue.floor.marketplace.take(venue.exchange.split(Wallet(ANN), condition, Cash(3 * MICRO), now))
    query = f"/v2/positions?user={ANN}&status=MERGEABLE"
    assert [one["avg_price"] for one in (await data(query))[1]["data"]] == [0.5, 0.5]
    rest = Cash(3 * MICRO - MICRO // 20)
    venue.floor.marketplace.take(venue.exchange.merge(Wallet(ANN), condition, rest, now))
    assert (await data(query))[1]["data"] == []
    _, shown = await data(f"{query}&filter_type=TOKENS&filter_amount=0")
    assert [one["current_size"] for one in shown["data"]] == [0.05, 0.05]
    assert (await data(f"{query}&filter_type=CASH&filter_amount=0.03"))[1]["data"] == []
    _, history = await data(f"/v2/activity?user={ANN}&type=SPLIT,MERGE&sort_direction=ASC")
    assert [row["type"] for row in history["data"]] == ["SPLIT", "MERGE"]


async def test_trades_are_told_to_both_sides_in_their_own_terms(
    venue: Any, data: Ask, market: Any
) -> None:
    venue.wait(30)
    (maker,) = (await data(f"/v2/trades?user={ANN}"))[1]["data"]
    (taker,) = (await data(f"/v2/trades?user={BOB}&taker_only=true"))[1]["data"]
    assert (maker["side"], maker["outcome"], maker["price"], maker["size"]) == (
        "BUY", "Up", 0.52, 10,
    )  # fmt: skip
    assert (taker["side"], taker["outcome"], taker["price"]) == ("BUY", "Down", 0.48)
    assert maker["transaction_hash"] == taker["transaction_hash"]
    assert Trade.parse_response(maker).condition_id == market.condition_id
    for query in ("taker_only=true", "side=SELL", "start=1790000200", "end=1790000100"):
        assert (await data(f"/v2/trades?user={ANN}&{query}"))[1]["data"] == []
    other = f"0x{1:064x}"
    assert (await data(f"/v2/trades?user={ANN}&condition_id={other}"))[1]["data"] == []


async def test_history_comes_in_pages(venue: Any, data: Ask, market: Any) -> None:
    venue.wait(30)
    cursor, seen = "", list[str]()
    while True:
        _, page = await data(f"/v2/activity?user={ANN}&limit=1&cursor={cursor}")
        seen += [row["type"] for row in page["data"]]
        cursor = page["pagination"]["next_cursor"]
        assert page["pagination"]["has_more"] is (cursor is not None)
        if cursor is None:
            break
    assert seen == ["TRADE", "DEPOSIT"]


async def test_resolutions_say_what_each_outcome_pays(venue: Any, data: Ask, market: Any) -> None:
    query = f"/v2/resolutions?condition={market.condition_id}"
    (open_one,) = (await data(query))[1]["data"]
    assert (open_one["status"], open_one["payouts"]) == ("active", None)
    venue.wait(420)
    (ended,) = (await data(query))[1]["data"]
    resolution = venue.floor.marketplace.resolutions[market.condition_id]
    assert ended["payouts"] == list(resolution.payouts)
    assert (ended["status"], ended["reporter"]) == ("resolved", "CHAINLINK")
    assert Resolution.parse_response(ended).condition_id == market.condition_id
    Resolution.parse_response(open_one)
    _, tokens = await data(f"/v2/tokens?token_id={market.token_ids[1]}")
    assert [token["outcome"] for token in tokens["data"]] == ["Down"]
    assert tokens["data"][0]["final_price"] == resolution.payouts[1] / MICRO
    TokenReference.parse_response(tokens["data"][0])


async def test_approvals_are_those_of_the_ledger(venue: Any, data: Ask) -> None:
    _, body = await data(f"/v2/approvals?user={ANN}")
    state = parse_approvals(body["data"], wallet=ANN, config=PRODUCTION._config)  # type: ignore[arg-type]
    spenders = {approval.spender for approval in state.missing.erc20}
    assert PRODUCTION._config.standard_exchange not in spenders
    assert PRODUCTION._config.neg_risk_exchange in spenders
    assert not state.is_fully_approved


@pytest.mark.parametrize(
    "path, parameter",
    [
        ("/v2/positions", "user"),
        ("/v2/trades?user=0x12", "user"),
        (f"/v2/positions?user={ANN}&status=SOLD", "status"),
        (f"/v2/positions?user={ANN}&limit=0", "limit"),
        (f"/v2/positions?user={ANN}&limit=many", "limit"),
        (f"/v2/positions?user={ANN}&cursor=%21", "cursor"),
        (f"/v2/positions?user={ANN}&filter_type=WEIGHT", "filter_type"),
        (f"/v2/positions?user={ANN}&filter_amount=1e999999999", "filter_amount"),
        (f"/v2/positions?user={ANN}&condition=0x{1:062x}", "condition"),
        ("/v2/resolutions", "condition"),
        (f"/v2/resolutions?condition={','.join(f'0x{n:064x}' for n in range(21))}", "condition"),
        ("/v2/tokens", "token_id"),
    ],
)
async def test_a_parameter_that_cannot_be_read_is_named(
    data: Ask, path: str, parameter: str
) -> None:
    status, body = await data(path)
    assert (status, body["code"], body["parameter"]) == (400, "INVALID_PARAMETER", parameter)


async def test_strangers_have_nothing_and_leave_nothing_behind(venue: Any, data: Ask) -> None:
    ledger = venue.exchange._ledger
    known = len(ledger._holdings)
    for page in ("positions", "trades", "activity"):
        _, body = await data(f"/v2/{page}?user=0x{7:040x}")
        assert body["data"] == []
    _, body = await data(f"/v2/value?user=0x{7:040x}")
    assert body["data"]["value"] == 0
    assert len(ledger._holdings) == known
    assert (await data("/v2/status"))[1]["data"]["lag_seconds"] == 0
