"""Messages on their way: in order, or as a fault wants, and the ends of connections."""

import pytest

from daemon.domain.feed import LostReason
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.gateway.message_lane import MessageLane
from tests.builders import START
from tests.unit.sim.gateway.gateway_bench import GatewayBench, a_rule

MESSAGE, SOCKET = FaultPoint.MARKET_MESSAGE, FaultPoint.MARKET_SOCKET


class Heard:
    """A lane and what comes out of it."""

    def __init__(self, *rules: FaultRule) -> None:
        self.bench = GatewayBench(*rules)
        self.messages: list[int] = []
        self.lost: list[LostReason] = []
        self._latencies = iter(range(90, 0, -10))
        self.lane = MessageLane(
            outside=self.bench.outside,
            plan=self.bench.plan,
            socket=SOCKET,
            latency=lambda: Nanos(next(self._latencies) * NANOS_PER_MS),
            noticed_after=Nanos(2 * NANOS_PER_S),
            on_lost=self.lost.append,
        )

    def send(self, *numbers: int) -> list[int]:
        for number in numbers:
            self.lane.send(MESSAGE, lambda number=number: self.messages.append(number))
        self.bench.outside.pass_to(Nanos(self.bench.outside.now() + NANOS_PER_S))
        return self.messages


def test_messages_come_in_order_however_long_each_travels() -> None:
    heard = Heard()
    heard.lane.open()
    assert heard.send(1, 2, 3) == [1, 2, 3]


def test_without_a_connection_a_message_is_gone() -> None:
    heard = Heard()
    assert heard.send(1) == []


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        (FaultKind.DROP, (), [2, 3]),
        (FaultKind.DUPLICATE, (2,), [1, 1, 1, 2, 3]),
        (FaultKind.REORDER, (2,), [2, 3, 1]),
        (FaultKind.DELAY, (500,), [2, 3, 1]),
    ],
)
def test_a_fault_strikes_one_message(
    kind: FaultKind, values: tuple[int, ...], expected: list[int]
) -> None:
    heard = Heard(a_rule(kind, MESSAGE, *values))
    heard.lane.open()
    assert heard.send(1, 2, 3) == expected


def test_a_cut_is_noticed_at_once_and_silence_late() -> None:
    for kind, reason, after_s in (
        (FaultKind.SOCKET_CUT, LostReason.CLOSED, 1),
        (FaultKind.SOCKET_SILENT, LostReason.SILENT, 2),
        (FaultKind.SOCKET_HALF_OPEN, LostReason.HALF_OPEN, 2),
    ):
        heard = Heard(a_rule(kind, SOCKET, 1))
        heard.lane.open()
        assert heard.send(1, 2, 3) == [1]
        heard.bench.outside.pass_to(Nanos(START + after_s * NANOS_PER_S))
        assert heard.lost == [reason]


def test_nothing_of_a_closed_connection_is_delivered() -> None:
    heard = Heard()
    heard.lane.open()
    heard.lane.send(MESSAGE, lambda: heard.messages.append(1))
    heard.lane.close()
    heard.lane.open()
    assert heard.send(2) == [2]
