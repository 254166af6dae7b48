"""Trades that the stream keeps to itself: decided once, whatever their status."""

from dataclasses import replace

import pytest

from daemon.domain.ids import TradeId
from daemon.domain.units import Nanos
from daemon.sim.exchange.channel import missing_trades
from daemon.sim.exchange.channel.missing_trades import MissingTrades
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.trading.trade import Trade, TradeStatus
from daemon.sim.named_chance import NamedChance
from tests.unit.exchange.trading.venue_bench import VenueBench


def a_trade() -> Trade:
    bench = VenueBench()
    for owner in ("mia", "tom"):
        bench.open_account(owner, pairs="100")
    bench.accept(bench.order("mia", "BUY", "10", "0.5"))
    bench.accept(bench.order("tom", "SELL", "10", "0.5"))
    return bench.trade("mia")


def missing_with(*kinds: FaultKind) -> MissingTrades:
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
    return MissingTrades(lambda: plan)


def test_the_fate_of_a_trade_holds_for_every_status() -> None:
    missing = missing_with(FaultKind.TRADE_MISSING)
    first = a_trade()
    second = replace(first, trade_id=TradeId("second"))
    assert not missing.is_missing(first)
    assert missing.is_missing(second)
    assert not missing.is_missing(replace(first, status=TradeStatus.MINED))
    assert missing.is_missing(replace(second, status=TradeStatus.CONFIRMED))


def test_a_ghost_is_told() -> None:
    missing = missing_with(FaultKind.GHOST_FILL)
    trade = a_trade()
    assert not missing.is_missing(replace(trade, trade_id=TradeId("one")))
    assert not missing.is_missing(replace(trade, trade_id=TradeId("two")))


def test_without_a_rule_nothing_is_remembered_and_with_one_not_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(missing_trades, "TRADES_MAX", 20)
    trade = a_trade()
    quiet = missing_with()
    assert not quiet.is_missing(trade)
    assert quiet._fates == {}
    missing = missing_with(FaultKind.TRADE_MISSING)
    for number in range(missing_trades.TRADES_MAX + 10):
        missing.is_missing(replace(trade, trade_id=TradeId(str(number))))
    assert len(missing._fates) == missing_trades.TRADES_MAX
