"""Ghost fills and trades that the stream keeps to itself: decided once, whatever their status."""

from dataclasses import replace

import pytest

from daemon.domain.ids import TradeId
from daemon.domain.units import Nanos
from daemon.sim.exchange.auth.address import build_address
from daemon.sim.exchange.auth.api_keys import ApiKey, ApiKeys
from daemon.sim.exchange.faults import match_fates
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.faults.match_fates import MatchFates
from daemon.sim.exchange.trading.account_ids import Owner
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.named_chance import NamedChance
from tests.unit.exchange.trading.venue_bench import VenueBench

KEYS = ApiKeys(1)
KEYS.add(
    ApiKey(address=build_address(bytes(20)), nonce=0, id="mia", secret="AAAA", passphrase="00")
)


def a_trade() -> Trade:
    bench = VenueBench()
    for owner in ("mia", "tom"):
        bench.open_account(owner, pairs="100")
    bench.accept(bench.order("mia", "BUY", "10", "0.5"))
    bench.accept(bench.order("tom", "SELL", "10", "0.5"))
    return bench.trade("mia")


def fates_with(*kinds: FaultKind) -> MatchFates:
    rules = [
        FaultRule(
            kind=kind,
            points=(FaultPoint.MATCH,),
            nth=frozenset({2}),
            values=(1,) if kind is FaultKind.GHOST_FILL else (),
        )
        for kind in kinds
    ]
    plan = FaultPlan(chance=NamedChance("7"), rules=rules, start_at=Nanos(0))
    return MatchFates(lambda: plan, KEYS)


def test_the_fate_of_a_trade_holds_for_every_status() -> None:
    missing = fates_with(FaultKind.TRADE_MISSING)
    first = a_trade()
    second = replace(first, trade_id=TradeId("second"))
    assert not missing.is_missing(first)
    assert missing.is_missing(second)
    assert not missing.is_missing(replace(first, status=TradeStatus.MINED))
    assert missing.is_missing(replace(second, status=TradeStatus.CONFIRMED))


def test_a_ghost_is_told_and_fails_when_its_time_has_come() -> None:
    fates = fates_with(FaultKind.GHOST_FILL)
    trade = a_trade()
    first, second = (replace(trade, trade_id=TradeId(name)) for name in ("one", "two"))
    assert fates.fails_at(first) is None
    assert fates.fails_at(second) == trade.matched_at + 1_000_000
    assert not fates.is_missing(first)
    assert not fates.is_missing(second)


def test_trades_between_those_without_a_key_are_spared_and_not_counted() -> None:
    fates = fates_with(FaultKind.TRADE_MISSING)
    trade = a_trade()
    strangers = replace(trade, owner=Owner("tim"), makers=())
    for number in range(3):
        assert not fates.is_missing(replace(strangers, trade_id=TradeId(str(number))))
    assert not fates.is_missing(trade)
    assert fates.is_missing(replace(trade, trade_id=TradeId("second")))


def test_without_a_rule_nothing_is_remembered_and_with_one_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(match_fates, "TRADES_MAX", 20)
    trade = a_trade()
    quiet = fates_with()
    assert not quiet.is_missing(trade)
    assert quiet._fates == {}
    missing = fates_with(FaultKind.TRADE_MISSING)
    for number in range(match_fates.TRADES_MAX + 10):
        missing.is_missing(replace(trade, trade_id=TradeId(str(number))))
    assert len(missing._fates) == match_fates.TRADES_MAX
