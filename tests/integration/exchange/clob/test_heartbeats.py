"""The dead-man switch over REST: a chain of ids, and the end of the orders of whom it lost."""

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from tests.integration.exchange.clob.clob_bench import ClobBench, Reply

PATH = "/v1/heartbeats"


async def beat(bench: ClobBench, heartbeat_id: str) -> Reply:
    return await bench.ask(bench.ann, "POST", PATH, {"heartbeat_id": heartbeat_id})


async def open_orders(bench: ClobBench) -> int:
    return (await bench.get(bench.ann, "/data/orders"))["count"]


async def test_each_answer_names_the_next_id_and_a_wrong_one_the_right_one(
    bench: ClobBench,
) -> None:
    first = await beat(bench, "")
    second = await beat(bench, first.json["heartbeat_id"])
    assert (first.status, second.status) == (200, 200)
    wrong = await beat(bench, "")
    expected = second.json["heartbeat_id"]
    assert wrong.status == 400
    assert wrong.json == {"error_msg": "Invalid Heartbeat ID", "heartbeat_id": expected}
    assert (await beat(bench, expected)).status == 200


async def test_ten_silent_seconds_cost_all_orders_at_the_next_sweep(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    await bench.accept(bench.bob, bench.bob.order("BUY", "10", "0.4"))
    bench.pass_ms(1_000)
    await beat(bench, "")
    bench.pass_ms(13_999)
    assert await open_orders(bench) == 1
    bench.pass_ms(1)
    assert await open_orders(bench) == 0
    assert (await bench.get(bench.bob, "/data/orders"))["count"] == 1


async def test_who_keeps_beating_keeps_orders(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    heartbeat_id = ""
    for _ in range(6):
        heartbeat_id = (await beat(bench, heartbeat_id)).json["heartbeat_id"]
        bench.pass_ms(5_000)
    assert await open_orders(bench) == 1


async def test_a_restart_forgives_the_silence_it_caused(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    heartbeat_id = (await beat(bench, "")).json["heartbeat_id"]
    up_at = Nanos(bench.time + 92 * NANOS_PER_S)
    bench.enter_phase(
        ServicePhase(
            state=ServiceState.RESTARTING,
            start_at=Nanos(bench.time + NANOS_PER_S),
            end_at=up_at,
        )
    )
    bench.pass_ms(60_000)
    assert (await beat(bench, heartbeat_id)).status == 425
    bench.pass_ms(32_000 + 9_999)
    assert await open_orders(bench) == 1
    bench.pass_ms(5_000)
    assert await open_orders(bench) == 0


async def test_the_older_path_watches_over_nothing(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    reply = await bench.ask(bench.ann, "POST", "/heartbeats")
    assert (reply.status, reply.json) == (200, {"status": "ok"})
    bench.pass_ms(60_000)
    assert await open_orders(bench) == 1


async def test_a_heartbeat_that_cannot_be_read_is_no_sign_of_life(bench: ClobBench) -> None:
    reply = await bench.ask(bench.ann, "POST", PATH, raw=b"beat")
    assert (reply.status, reply.error) == (400, "Invalid payload")
