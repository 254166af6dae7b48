"""What an owner is told of trades and cancels, and what a gap or a missing trade keeps from him."""

from daemon.domain.fill import Liquidity
from daemon.domain.ids import VenueOrderId
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.domain.venue_reports import CancelReported, FillReported, VenueReport
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.exchange.trading.account_ids import Wallet
from daemon.sim.exchange.trading.venue_order import OrderType, PostedOrder
from daemon.sim.gateway.subscriptions import Subscriptions
from daemon.sim.gateway.user_stream import StreamTimes, UserStream
from tests.builders import NO
from tests.unit.sim.gateway.gateway_bench import OURS, THEIRS, GatewayBench, a_prepared, a_rule


class Told:
    """A user stream and what it reports."""

    def __init__(self, *rules: FaultRule) -> None:
        self.bench = bench = GatewayBench(*rules)
        self.reports: list[VenueReport] = []
        self.ups = 0
        subscriptions = Subscriptions()
        bench.outside.marketplace.watch(subscriptions.tell)
        self.stream = UserStream(
            outside=bench.outside,
            subscriptions=subscriptions,
            plan=bench.plan,
            match_faults=bench.match_faults,
            owner=OURS,
            times=StreamTimes(
                latency=lambda: Nanos(NANOS_PER_MS),
                noticed_after=Nanos(NANOS_PER_S),
                connect=lambda: Nanos(NANOS_PER_MS),
            ),
            report=self.reports.append,
        )
        self.stream.open(self._come_up)
        self.wait(1)

    def wait(self, seconds: int) -> None:
        outside = self.bench.outside
        outside.pass_to(Nanos(outside.now() + seconds * NANOS_PER_S))

    def rest_and_trade(self) -> None:
        """Let ours rest and somebody else take half of it."""
        bench = self.bench
        bench.live(lambda: bench.venue.submit(a_prepared(price="0.50", shares="10")))
        posted = PostedOrder(
            order_id=VenueOrderId("0xtheirs"),
            owner=THEIRS,
            wallet=Wallet(THEIRS),
            token=NO,
            side=Side.BUY,
            maker_amount=2_500_000,
            taker_amount=5_000_000,
            order_type=OrderType.GTC,
        )
        now = bench.outside.now()
        bench.outside.marketplace.take(bench.exchange.submit(posted, now))

    def _come_up(self) -> None:
        self.ups += 1


def fills(told: Told) -> list[FillReported]:
    return [report for report in told.reports if isinstance(report, FillReported)]


def test_a_trade_is_told_at_every_step_of_its_settlement() -> None:
    told = Told()
    told.rest_and_trade()
    told.wait(60)
    assert [fill.settlement for fill in fills(told)] == [
        SettlementStatus.MATCHED,
        SettlementStatus.MINED,
        SettlementStatus.CONFIRMED,
    ]
    assert {(fill.shares, fill.liquidity) for fill in fills(told)} == {(5_000_000, Liquidity.MAKER)}


def test_a_cancel_is_told_with_what_had_matched() -> None:
    told = Told()
    told.rest_and_trade()
    told.bench.live(told.bench.venue.cancel_all)
    told.wait(1)
    (canceled,) = [report for report in told.reports if isinstance(report, CancelReported)]
    assert canceled.matched == 5_000_000


def test_a_missing_trade_is_never_told_and_is_in_the_list() -> None:
    told = Told(a_rule(FaultKind.TRADE_MISSING, FaultPoint.MATCH))
    told.rest_and_trade()
    told.wait(60)
    assert fills(told) == []
    bench = told.bench
    assert len(bench.live(lambda: bench.account.trades(Nanos(0))).items) == 1


def test_a_ghost_fill_fails_when_its_time_has_come() -> None:
    told = Told(a_rule(FaultKind.GHOST_FILL, FaultPoint.MATCH, 5_000))
    told.rest_and_trade()
    told.wait(60)
    assert [fill.settlement for fill in fills(told)] == [
        SettlementStatus.MATCHED,
        SettlementStatus.FAILED,
    ]
    told.bench.exchange.audit()


def test_what_happens_in_a_gap_is_not_told_and_the_next_connection_says_so() -> None:
    told = Told(a_rule(FaultKind.SOCKET_CUT, FaultPoint.USER_SOCKET, 2))
    assert told.ups == 1
    told.rest_and_trade()
    told.wait(60)
    assert told.ups == 2
    assert SettlementStatus.MATCHED not in {fill.settlement for fill in fills(told)}


def test_the_dead_hear_nothing() -> None:
    told = Told()
    told.stream.close()
    told.rest_and_trade()
    told.wait(60)
    assert told.reports == []
