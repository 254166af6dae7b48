"""Records of the discovery API: what becomes a market, and what is refused with which words."""

import gzip
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest

from daemon.adapters.polymarket.gamma_market import (
    ClobMarket,
    GammaMarket,
    parse_clob_fee,
    parse_fee,
    parse_instant,
    parse_market_record,
    refuse_untradable,
)
from daemon.domain.fee import NO_FEE, FeeSchedule
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import MarketEnded
from tests.unit.adapters.polymarket.gamma_records import CONDITION, POSITIONS, TOKENS, gamma_record

BEFORE = Nanos(1_789_999_000 * NANOS_PER_S)
AFTER = Nanos(1_790_001_001 * NANOS_PER_S)


def decoded(**changed: Any) -> GammaMarket:
    return msgspec.json.decode(json.dumps(gamma_record(**changed)), type=GammaMarket)


def test_a_record_becomes_a_market() -> None:
    record = decoded()
    refuse_untradable(record, BEFORE)
    market = parse_market_record(record, NO_FEE)
    assert market.condition_id == CONDITION
    assert market.tokens == TOKENS
    assert market.outcomes == ("Up", "Down")
    assert (market.tick, market.shares_min) == (10_000, 5_000_000)
    assert market.ends_at == 1_790_001_000 * NANOS_PER_S
    assert (market.slug, market.is_neg_risk) == ("btc-updown-15m-1790000100", False)


def test_a_market_of_the_second_protocol_is_traded_by_its_positions() -> None:
    record = decoded(version="v2", positionIds=list(POSITIONS), conditionId=CONDITION[:-2])
    market = parse_market_record(record, NO_FEE)
    assert market.tokens == POSITIONS
    assert market.condition_id == CONDITION[:-2] + "00"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"closed": True}, "it is closed"),
        ({"archived": True}, "it is closed"),
        ({"active": False}, "it does not accept orders"),
        ({"acceptingOrders": False}, "it does not accept orders"),
        ({"enableOrderBook": ...}, "it does not accept orders"),
        ({"version": "v3"}, "its protocol version is 'v3'"),
        ({"version": ...}, "its protocol version is None"),
        ({"endDate": "2026-01-01T00:00:00Z"}, "it ended at 2026-01-01T00:00:00Z"),
        ({"endDate": "soon"}, "'soon' is not a time"),
    ],
)
def test_what_cannot_be_traded_is_refused(changed: dict[str, Any], words: str) -> None:
    with pytest.raises((ValueError, MarketEnded), match=words):
        refuse_untradable(decoded(**changed), BEFORE)


def test_a_market_is_refused_from_its_end_on() -> None:
    with pytest.raises(MarketEnded, match="it ended at"):
        refuse_untradable(decoded(), AFTER)


@pytest.mark.parametrize(
    "changed, words",
    [
        ({"clobTokenIds": ""}, "clobTokenIds are not a list of two texts"),
        ({"clobTokenIds": None}, "clobTokenIds are not a list of two texts"),
        ({"clobTokenIds": '["1"]'}, "clobTokenIds are not a list of two texts"),
        ({"clobTokenIds": '["1", "x"]'}, "'x' is not a token id"),
        ({"clobTokenIds": '["1", "1"]'}, "two different tokens"),
        ({"outcomes": '["Up"]'}, "outcomes are not a list of two texts"),
        ({"version": "v2"}, "positionIds are not a list of two texts"),
        ({"conditionId": "0x12"}, "is not a condition id"),
        ({"orderPriceMinTickSize": ...}, "tick size or smallest order is not stated"),
        ({"orderPriceMinTickSize": 0.02}, "tick 20000 is none of"),
        ({"orderMinSize": 0}, "a minimum are needed"),
    ],
)
def test_what_is_missing_or_strange_is_named(changed: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_market_record(decoded(**changed), NO_FEE)


def test_the_fee_comes_from_the_schedule_without_a_float() -> None:
    raw = json.dumps(gamma_record()).replace('"rate": 0.07', '"rate": 0.0700000')
    assert parse_fee(msgspec.json.decode(raw, type=GammaMarket)) == FeeSchedule(rate=70_000)


def test_a_market_without_fees_is_free() -> None:
    assert parse_fee(decoded(feesEnabled=False, feeSchedule=...)) == NO_FEE


def test_a_missing_schedule_must_be_looked_up_elsewhere() -> None:
    assert parse_fee(decoded(feeSchedule=...)) is None
    assert parse_fee(decoded(feeSchedule=None, feesEnabled=...)) is None


@pytest.mark.parametrize(
    "schedule, words",
    [
        ({"rate": 0.07, "exponent": 1, "takerOnly": False}, "charges makers"),
        ({"rate": 0.0000001, "exponent": 1}, "not one we can compute"),
        ({"rate": 0.07, "exponent": 1.5}, "not one we can compute"),
        ({"rate": 2, "exponent": 1}, "out of range"),
    ],
)
def test_a_fee_that_we_do_not_understand_is_refused(schedule: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        parse_fee(decoded(feeSchedule=schedule))


def clob(**fields: Any) -> ClobMarket:
    return msgspec.json.decode(json.dumps(fields), type=ClobMarket)


def test_the_order_books_record_states_the_fee_when_the_other_does_not() -> None:
    fee = clob(fd={"r": 0.07, "e": 2, "to": True}, tbf=1000)
    assert parse_clob_fee(fee, is_charged=True) == FeeSchedule(rate=70_000, exponent=2)
    assert parse_clob_fee(clob(tbf=0), is_charged=False) == NO_FEE


@pytest.mark.parametrize("record, is_charged", [(clob(), True), (clob(tbf=1000), False)])
def test_a_fee_that_is_stated_nowhere_is_refused(record: ClobMarket, is_charged: bool) -> None:
    with pytest.raises(ValueError, match="stated nowhere"):
        parse_clob_fee(record, is_charged=is_charged)


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-21T14:30:00Z", "2026-09-21T14:30:00.000Z", "2026-09-21T14:30:00+00:00",
        "2026-09-21 14:30:00+00", "2026-09-21 14:30:00", "2026-09-21T16:30:00+02:00",
        " 2026-09-21T14:30:00.000000Z ",
    ],
)  # fmt: skip
def test_times_are_read_in_all_their_shapes(text: str) -> None:
    assert parse_instant(text) == 1_790_001_000 * NANOS_PER_S


def test_fractions_of_seconds_are_kept() -> None:
    assert parse_instant("2026-09-21T14:30:00.5Z") == 1_790_001_000_500_000_000


@pytest.mark.parametrize("text", ["", "soon", "2026-13-01", "14:30"])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time"):
        parse_instant(text)


def test_every_recorded_record_is_read_and_refused_only_for_its_missing_version(
    shared_data: Path,
) -> None:
    pages = sorted((shared_data / "gamma").glob("markets_page_*.json.gz"))
    texts = [gzip.decompress(page.read_bytes()) for page in pages]
    records = [one for text in texts for one in json.loads(text)["markets"]]
    assert len(records) == 50
    for one in records:
        record = msgspec.json.decode(json.dumps(one), type=GammaMarket)
        with pytest.raises(ValueError, match="version is None"):
            refuse_untradable(record, BEFORE)
        market = parse_market_record(msgspec.structs.replace(record, version="v1"), NO_FEE)
        assert market.tick == Decimal(str(one["orderPriceMinTickSize"])) * 10**6
