"""From the match to the end of a trade, and where the money is on the way."""

import pytest

from daemon.domain.units import MICRO, Cash
from daemon.sim.exchange.trading.account_ids import CASH, Asset, Wallet
from daemon.sim.exchange.trading.refusal import not_enough_allowance
from daemon.sim.exchange.trading.settlement import SettlementOptions
from daemon.sim.exchange.trading.trade import TradeStatus
from daemon.sim.exchange.trading.venue_event import TradeReported, TraderSide
from tests.unit.exchange.trading.venue_bench import CONDITION, DOWN, SPENDER, UP, VenueBench

MATCHED, MINED, RETRYING = TradeStatus.MATCHED, TradeStatus.MINED, TradeStatus.RETRYING
CONFIRMED, FAILED = TradeStatus.CONFIRMED, TradeStatus.FAILED


def mint(options: SettlementOptions | None = None, seed: int = 1) -> VenueBench:
    """Let mia's resting BUY of UP and tom's BUY of DOWN meet: both pay, a pair of shares is made."""
    bench = VenueBench(settlement=options, seed=seed)
    for owner in ("mia", "tom"):
        bench.open_account(owner, cash="100")
    bench.accept(bench.order("mia", "BUY", "10", "0.40", token=UP))
    bench.accept(bench.order("tom", "BUY", "10", "0.60", token=DOWN))
    return bench


def money(bench: VenueBench) -> tuple[int, int, int, int]:
    return (
        bench.balance("mia"),
        bench.balance("tom"),
        bench.balance("mia", UP),
        bench.balance("tom", DOWN),
    )


BEFORE = (100_000_000, 100_000_000, 0, 0)
AFTER = (96_000_000, 93_832_000, 10_000_000, 10_000_000)


def test_a_match_claims_mining_moves_and_confirming_ends_it() -> None:
    bench = mint()
    tom = bench.exchange.holding(Wallet("0xtom"), CASH)
    assert (money(bench), tom.matched, tom.free) == (BEFORE, 6_168_000, 93_832_000)
    bench.pass_ms(100)
    assert bench.told_trades("tom") == bench.told_trades("mia") == [MATCHED]
    bench.pass_ms(899)
    assert money(bench) == BEFORE
    bench.pass_ms(4_001)
    assert (money(bench), tom.matched) == (AFTER, 0)
    bench.pass_ms(10_000)
    assert bench.told_trades("tom") == [MATCHED, MINED, CONFIRMED]
    assert bench.exchange.fees == 168_000
    assert bench.exchange.next_due() is None


def test_events_of_a_trade_say_which_part_the_owner_has() -> None:
    bench = mint()
    bench.settle()
    sides = {
        (event.owner, event.trader_side)
        for event in bench.events
        if isinstance(event, TradeReported)
    }
    assert sides == {("tom", TraderSide.TAKER), ("mia", TraderSide.MAKER)}
    trade = bench.trade("mia")
    assert [leg.owner for leg in trade.own_makers(trade.makers[0].owner)] == ["mia"]
    assert trade.own_makers(trade.owner) == ()


def test_the_transaction_is_named_when_mined_and_another_one_after_a_retry() -> None:
    bench = mint(SettlementOptions(retrying_rate=MICRO))
    bench.settle()
    assert bench.told_trades("tom") == [MATCHED, RETRYING, MINED, CONFIRMED]
    hashes = [
        event.trade.transaction_hash
        for event in bench.events
        if isinstance(event, TradeReported) and event.owner == "tom"
    ]
    assert hashes[0] == ""
    assert len(set(hashes)) == 3
    assert money(bench) == AFTER


@pytest.mark.parametrize("seed", range(4))
def test_a_failed_trade_gives_everything_back_but_not_the_order(seed: int) -> None:
    bench = mint(SettlementOptions(failed_rate=MICRO), seed)
    bench.settle()
    assert bench.told_trades("mia") in ([MATCHED, RETRYING, FAILED], [MATCHED, MINED, FAILED])
    assert (money(bench), bench.exchange.fees) == (BEFORE, 0)
    assert bench.told_orders("mia")[-1] == ("UPDATE", "MATCHED", 10_000_000)
    assert bench.exchange.book(UP) == (UP, (), ())
    for owner in ("mia", "tom"):
        assert bench.exchange.holding(Wallet(f"0x{owner}"), CASH).free == 100_000_000


def test_both_ways_to_fail_occur() -> None:
    told: set[TradeStatus] = set()
    for seed in range(8):
        bench = mint(SettlementOptions(failed_rate=MICRO), seed)
        bench.settle()
        told.add(bench.told_trades("mia")[1])
    assert told == {RETRYING, MINED}


def test_a_mined_trade_whose_shares_moved_on_is_confirmed_after_all() -> None:
    seed = next(
        seed
        for seed in range(20)
        if (bench := mint(SettlementOptions(failed_rate=MICRO), seed)).settle() is None
        and bench.told_trades("mia")[1] is MINED
    )
    bench = mint(SettlementOptions(failed_rate=MICRO), seed)
    while not bench.balance("mia", UP):
        bench.pass_ms(10)
    bench.accept(bench.order("mia", "SELL", "10", "0.90", token=UP))
    bench.settle()
    assert bench.told_trades("mia") == [MATCHED, MINED, CONFIRMED]
    assert money(bench) == AFTER


def test_a_payer_who_moves_the_money_away_makes_the_trade_fail() -> None:
    bench = mint()
    bench.exchange.split(Wallet("0xmia"), CONDITION, Cash(97_000_000), bench.now)
    bench.settle()
    assert bench.told_trades("tom") == [MATCHED, RETRYING, FAILED]
    assert bench.balance("tom") == 100_000_000
    assert bench.exchange.holding(Wallet("0xtom"), CASH).free == 100_000_000


def test_a_payer_who_takes_the_approval_back_makes_the_trade_fail() -> None:
    bench = mint()
    bench.exchange.approve(Wallet("0xtom"), SPENDER, bench.now, cash=0)
    bench.settle()
    assert bench.told_trades("tom") == [MATCHED, RETRYING, FAILED]


def test_an_approval_given_back_in_time_counts_though_the_shown_one_lags() -> None:
    bench = VenueBench(balance_lag_ms=30_000)
    for owner in ("mia", "tom"):
        bench.open_account(owner, cash="100")
        bench.exchange.refresh_balance(Wallet(f"0x{owner}"), CASH)
    bench.accept(bench.order("mia", "BUY", "10", "0.40", token=UP))
    bench.accept(bench.order("tom", "BUY", "10", "0.60", token=DOWN))
    bench.exchange.approve(Wallet("0xtom"), SPENDER, bench.now, cash=0)
    bench.exchange.refresh_balance(Wallet("0xtom"), CASH)
    bench.exchange.approve(Wallet("0xtom"), SPENDER, bench.now)
    bench.settle()
    assert bench.told_trades("tom") == [MATCHED, MINED, CONFIRMED]


def test_shares_bought_can_be_sold_once_they_are_mined_and_seen() -> None:
    bench = VenueBench(balance_lag_ms=2_000)
    wallet, asset = Wallet("0xtom"), Asset(UP)
    bench.open_account("mia", cash="50", pairs="50")
    bench.open_account("tom")
    bench.pass_ms(2_000)
    bench.accept(bench.order("mia", "SELL", "10", "0.50"))
    bench.accept(bench.order("tom", "BUY", "10", "0.50"))
    bench.events.clear()
    selling = bench.order("tom", "SELL", "10", "0.60")
    assert "balance: 0, order amount: 10000000" in bench.refuse(selling)
    while not bench.balance("tom", UP):
        bench.pass_ms(10)
    bench.events.clear()
    assert bench.exchange.balance_allowance(wallet, asset, bench.now).balance == 0
    assert "balance: 0, order amount: 10000000" in bench.refuse(selling)
    bench.exchange.refresh_balance(wallet, asset)
    assert bench.exchange.balance_allowance(wallet, asset, bench.now).balance == 10_000_000
    bench.accept(selling)


def test_a_new_order_counts_on_no_approval_that_is_not_shown_yet() -> None:
    bench = VenueBench(balance_lag_ms=2_000)
    bench.open_account("mia", cash="10")
    bench.pass_ms(1_000)
    bench.exchange.approve(Wallet("0xmia"), SPENDER, bench.now, cash=0)
    bench.pass_ms(2_000)
    bench.exchange.approve(Wallet("0xmia"), SPENDER, bench.now)
    order = bench.order("mia", "BUY", "10", "0.40")
    assert bench.submit(order) == not_enough_allowance(SPENDER, 0)
    bench.pass_ms(2_000)
    bench.accept(order)


def test_a_refreshed_balance_does_not_fall_back_to_what_was_on_its_way() -> None:
    bench = VenueBench(balance_lag_ms=2_000)
    bench.open_account("mia", cash="10")
    wallet = Wallet("0xmia")
    bench.pass_ms(1_000)
    bench.exchange.fund(wallet, Cash(5_000_000), bench.now)
    bench.exchange.refresh_balance(wallet, CASH)
    bench.pass_ms(1_500)
    assert bench.exchange.balance_allowance(wallet, CASH, bench.now).balance == 15_000_000


@pytest.mark.parametrize(
    "options",
    [
        {"seen_ms_max": 2_000},
        {"mined_ms": (5_000, 1_000)},
        {"confirmed_ms": (500, 800)},
        {"failed_rate": -1},
        {"failed_rate": MICRO, "retrying_rate": 1},
    ],
)
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError):
        SettlementOptions(**options)  # pyright: ignore[reportArgumentType]


@pytest.mark.parametrize("rates", [(0, 0), (MICRO // 2, MICRO // 2)])
def test_the_same_seed_gives_the_same_events_and_another_seed_other_times(
    rates: tuple[int, int],
) -> None:
    options = SettlementOptions(retrying_rate=rates[0], failed_rate=rates[1])
    plays = [mint(options, seed) for seed in (1, 1, 2)]
    for bench in plays:
        bench.settle()
    assert plays[0].events == plays[1].events
    assert plays[0].events != plays[2].events
