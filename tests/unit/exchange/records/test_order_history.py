"""What was open a while ago: exactly so within what is remembered, and as it was at its edge."""

from dataclasses import replace

import pytest

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.auth.api_keys import ApiKeys
from daemon.sim.exchange.records import order_history
from daemon.sim.exchange.records.order_history import OrderHistory
from daemon.sim.exchange.trading.account_ids import Owner
from tests.unit.exchange.auth.signing_bench import API_KEY
from tests.unit.exchange.trading.venue_bench import START, VenueBench

MIA = Owner("mia")


def at(milliseconds: int) -> Nanos:
    return Nanos(START + milliseconds * NANOS_PER_MS)


def busy_bench() -> tuple[VenueBench, list[str]]:
    """A second each: two orders, the first filled by a half, the second cancelled."""
    bench = VenueBench()
    bench.open_account("mia")
    bench.open_account("tom", pairs="100")
    first, second = bench.order("mia", "BUY", "10", "0.5"), bench.order("mia", "BUY", "10", "0.4")
    for posted in (first, second, bench.order("tom", "SELL", "5", "0.5")):
        bench.accept(posted)
        bench.pass_ms(1_000)
    bench.cancel("mia", second.order_id)
    return bench, [first.order_id, second.order_id]


def history_of(bench: VenueBench) -> OrderHistory:
    keys = ApiKeys(1)
    keys.add(replace(API_KEY, id=MIA))
    history = OrderHistory(keys)
    history.watch(tuple(bench.events))
    return history


@pytest.mark.parametrize("changes_max", [500, 1])
def test_the_present_is_always_known(monkeypatch: pytest.MonkeyPatch, changes_max: int) -> None:
    monkeypatch.setattr(order_history, "CHANGES_MAX", changes_max)
    bench, _ = busy_bench()
    assert history_of(bench).open_at(MIA, bench.now) == bench.exchange.open_orders(MIA)


def test_every_moment_is_shown_as_it_was() -> None:
    bench, (first, second) = busy_bench()
    history = history_of(bench)
    shown = [
        [(one.posted.order_id, one.shares_matched) for one in history.open_at(MIA, at(ms))]
        for ms in (-1, 0, 1_000, 2_000, 3_000)
    ]
    half = 5_000_000
    both = [(first, 0), (second, 0)]
    assert shown == [[], [(first, 0)], both, [(first, half), (second, 0)], [(first, half)]]


def test_nothing_is_known_of_who_never_had_an_order() -> None:
    bench, _ = busy_bench()
    assert history_of(bench).open_at(Owner("eve"), bench.now) == ()
    assert history_of(bench).ghost(Owner("eve")) is None


def test_nothing_is_kept_of_who_has_no_key() -> None:
    bench, _ = busy_bench()
    assert history_of(bench).ghost(Owner("tom")) is None


def test_the_ghost_is_the_order_that_ended_last_as_it_would_be_open() -> None:
    bench, (_, second) = busy_bench()
    ghost = history_of(bench).ghost(MIA)
    assert ghost is not None
    assert (ghost.posted.order_id, ghost.status.is_open) == (second, True)
