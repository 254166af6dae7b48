"""One connection's messages on their way: what faults do to them, in venue time."""

from daemon.domain.units import NANOS_PER_MS, Nanos
from daemon.sim.exchange.channel import message_way
from daemon.sim.exchange.channel.message_way import Leaving, MessageWay
from daemon.sim.exchange.faults.fault import FaultKind, FaultPoint
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.faults.fault_rule import FaultRule
from daemon.sim.named_chance import NamedChance

POINT, SOCKET = FaultPoint.MARKET_MESSAGE, FaultPoint.MARKET_SOCKET


def way_with(
    kind: FaultKind | None = None, nth: tuple[int, ...] = (), value: int | None = None
) -> MessageWay:
    rules: list[FaultRule] = []
    if kind is not None:
        is_socket = kind.value.startswith("socket")
        rules.append(
            FaultRule(
                kind=kind,
                points=(SOCKET if is_socket else POINT,),
                nth=frozenset(nth or (1,)),
                values=() if value is None else (value,),
            )
        )
    plan = FaultPlan(chance=NamedChance("7"), rules=rules, start_at=Nanos(0))
    return MessageWay(lambda: plan, SOCKET, "ann", Nanos(0))


def at_ms(milliseconds: int) -> Nanos:
    return Nanos(milliseconds * NANOS_PER_MS)


def send(way: MessageWay, text: str, now_ms: int = 0) -> str:
    messages = [letter.encode() for letter in text]
    return b"".join(way.send(POINT, messages, at_ms(now_ms)).messages).decode()


def test_without_faults_everything_leaves_at_once_in_order() -> None:
    way = way_with()
    assert send(way, "abc") == "abc"
    assert way.next_due is None


def test_a_dropped_message_never_leaves() -> None:
    assert send(way_with(FaultKind.DROP, nth=(2,)), "abc") == "ac"


def test_a_duplicate_leaves_so_many_times_more() -> None:
    assert send(way_with(FaultKind.DUPLICATE, nth=(2,), value=2), "abc") == "abbbc"


def test_a_late_message_leaves_when_its_time_has_come() -> None:
    way = way_with(FaultKind.DELAY, nth=(1, 3), value=100)
    assert send(way, "abc", now_ms=50) == "b"
    assert way.next_due == at_ms(150)
    assert way.release(at_ms(149)) == Leaving([])
    assert way.release(at_ms(150)) == Leaving([b"a", b"c"])
    assert way.next_due is None


def test_a_message_is_overtaken_by_so_many_later_ones() -> None:
    way = way_with(FaultKind.REORDER, nth=(1,), value=2)
    assert send(way, "a") == ""
    assert send(way, "b") == "b"
    assert send(way, "cd") == "cad"


def test_a_message_that_nobody_overtakes_leaves_in_the_end() -> None:
    way = way_with(FaultKind.REORDER, nth=(1,), value=2)
    assert send(way, "ab") == "b"
    assert way.next_due == message_way.OVERTAKEN_WITHIN
    assert way.release(message_way.OVERTAKEN_WITHIN) == Leaving([b"a"])


def test_a_socket_ends_after_so_many_messages_and_says_nothing_more() -> None:
    way = way_with(FaultKind.SOCKET_SILENT, value=2)
    assert send(way, "a") == "a"
    assert way.send(POINT, [b"b", b"c"], at_ms(0)).ending is FaultKind.SOCKET_SILENT
    assert way.send(POINT, [b"d"], at_ms(0)) == Leaving(())


def test_a_cut_comes_in_the_middle_of_a_message() -> None:
    way = way_with(FaultKind.SOCKET_CUT, value=1)
    leaving = way.send(POINT, [b"aa", b"bbbb", b"cc"], at_ms(0))
    assert leaving == Leaving([b"aa"], FaultKind.SOCKET_CUT, b"bb")


def test_what_is_held_back_is_bounded() -> None:
    nth = tuple(range(1, message_way.HELD_MAX + 3))
    way = way_with(FaultKind.DELAY, nth=nth, value=100)
    assert send(way, "x" * (message_way.HELD_MAX + 2)) == "xx"
    assert len(way.release(at_ms(100)).messages) == message_way.HELD_MAX


def test_a_plan_without_a_rule_for_sockets_remembers_no_connection() -> None:
    plan = FaultPlan(chance=NamedChance("7"), rules=(), start_at=Nanos(0))
    for number in range(3):
        MessageWay(lambda: plan, SOCKET, f"client-{number}", Nanos(0))
    assert not plan._asked
