"""What has ended is remembered up to a bound, owner by owner, and money never depends on it."""

import pytest

from daemon.sim.exchange.trading import order_register, settlement
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.sim.exchange.trading.reply import Accepted
from tests.unit.exchange.trading.venue_bench import DOWN, UP, VenueBench

MOST = 3


@pytest.fixture
def bench(monkeypatch: pytest.MonkeyPatch) -> VenueBench:
    monkeypatch.setattr(order_register, "ENDED_MAX", MOST)
    monkeypatch.setattr(settlement, "FINAL_MAX", MOST)
    bench = VenueBench()
    for owner in ("ann", "bob"):
        bench.open_account(owner)
    return bench


def trade(bench: VenueBench, maker: str, taker: str) -> None:
    bench.accept(bench.order(maker, "BUY", "10", "0.40", token=UP))
    bench.accept(bench.order(taker, "BUY", "10", "0.60", token=DOWN))


def test_the_oldest_ended_orders_of_an_owner_go_first(bench: VenueBench) -> None:
    orders = [bench.order("ann", "BUY", "10", "0.40") for _ in range(MOST + 2)]
    for order in orders:
        bench.accept(order)
        bench.cancel("ann", order.order_id)
    known = [bench.exchange.order(order.order_id) is not None for order in orders]
    assert known == [False, False, True, True, True]
    assert bench.cancel("ann", orders[0].order_id).not_canceled == {
        orders[0].order_id: bench.cancel("ann", "0xdead").not_canceled["0xdead"]  # type: ignore[index]
    }


def test_open_orders_are_remembered_however_many_ended_since(bench: VenueBench) -> None:
    first = bench.order("ann", "BUY", "10", "0.30")
    bench.accept(first)
    for _ in range(2 * MOST):
        order = bench.order("ann", "BUY", "10", "0.40")
        bench.accept(order)
        bench.cancel("ann", order.order_id)
    assert [state.posted for state in bench.exchange.open_orders(Owner("ann"))] == [first]


def test_an_id_that_is_forgotten_is_taken_again_and_stays_while_it_is_open(
    bench: VenueBench,
) -> None:
    orders = [bench.order("ann", "BUY", "10", "0.40") for _ in range(MOST + 1)]
    for order in orders:
        bench.accept(order)
        bench.cancel("ann", order.order_id)
    assert isinstance(bench.submit(orders[0]), Accepted)
    for order in [bench.order("ann", "BUY", "10", "0.40") for _ in range(2 * MOST)]:
        bench.accept(order)
        bench.cancel("ann", order.order_id)
    assert bench.state(orders[0]).status.is_open


def test_other_owners_keep_what_is_theirs(bench: VenueBench) -> None:
    kept = bench.order("bob", "BUY", "10", "0.40")
    bench.accept(kept)
    bench.cancel("bob", kept.order_id)
    for order in [bench.order("ann", "BUY", "10", "0.40") for _ in range(2 * MOST)]:
        bench.accept(order)
        bench.cancel("ann", order.order_id)
    assert bench.exchange.order(kept.order_id) is not None


def test_the_oldest_final_trades_go_and_balances_stay(bench: VenueBench) -> None:
    for _ in range(MOST + 2):
        trade(bench, "ann", "bob")
        bench.settle()
    trades = bench.exchange.trades(Owner("ann"))
    assert len(trades) == MOST
    assert trades == bench.exchange.trades(Owner("bob"))
    assert trades == bench.exchange.trades_of_wallet(Wallet("0xann"))
    assert bench.balance("ann", UP) == bench.balance("bob", DOWN) == (MOST + 2) * 10_000_000
    bench.exchange.audit()


def test_trades_that_are_not_final_are_all_remembered(bench: VenueBench) -> None:
    for _ in range(2 * MOST):
        trade(bench, "ann", "bob")
    assert len(bench.exchange.trades(Owner("ann"))) == 2 * MOST


def test_a_trade_stays_for_the_one_who_has_few(bench: VenueBench) -> None:
    bench.open_account("cid")
    trade(bench, "ann", "cid")
    bench.settle()
    for _ in range(2 * MOST):
        trade(bench, "ann", "bob")
        bench.settle()
    assert len(bench.exchange.trades(Owner("ann"))) == MOST
    assert len(bench.exchange.trades(Owner("cid"))) == 1
    assert bench.exchange.trade(bench.trade("cid").trade_id) is not None


def test_best_prices_are_those_of_the_book(bench: VenueBench) -> None:
    assert bench.exchange.best(UP) == (None, None)
    bench.accept(bench.order("ann", "BUY", "10", "0.40", token=UP))
    bench.accept(bench.order("ann", "BUY", "10", "0.41", token=UP))
    bench.accept(bench.order("bob", "BUY", "10", "0.45", token=DOWN))
    for token in (UP, DOWN):
        book = bench.exchange.book(token)
        assert book is not None
        assert bench.exchange.best(token) == (book.bids[0][0], book.asks[0][0])
