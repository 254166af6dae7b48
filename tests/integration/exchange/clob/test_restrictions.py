"""Restarts, restricted phases and the signer's rate limit, as a client of the API meets them."""

from typing import Any

import pytest

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.front.service_schedule import ServicePhase, ServiceState
from tests.integration.exchange.clob.clob_bench import ClobBench

POST_ONLY = {
    "error": "post-only mode: only post-only orders and cancels are allowed",
    "code": "post_only_mode",
    "retry_after_seconds": 95,
}
CANCEL_ONLY = (
    "Trading is currently cancel-only. New orders are not accepted, but cancels are allowed."
)
DISABLED = "Trading is currently disabled. Check polymarket.com for updates"


def enter(bench: ClobBench, state: ServiceState, **more: Any) -> None:
    end_at = Nanos(bench.time + 95 * NANOS_PER_S)
    bench.enter_phase(ServicePhase(state=state, start_at=bench.time, end_at=end_at, **more))


async def test_a_restart_takes_neither_orders_nor_cancels_but_reads(bench: ClobBench) -> None:
    await bench.accept(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    enter(bench, ServiceState.RESTARTING)
    post = await bench.post(bench.ann, bench.ann.order("BUY", "10", "0.4"))
    assert (post.status, post.error) == (425, "service not ready")
    assert post.headers["Retry-After"] == "95"
    assert "Poly-RateLimit-Remaining" not in post.headers
    assert (await bench.ask(bench.ann, "DELETE", "/cancel-all")).status == 425
    # Open orders survive.
    assert (await bench.get(bench.ann, "/data/orders"))["count"] == 1


async def test_the_phase_after_a_restart_takes_post_only_orders(bench: ClobBench) -> None:
    enter(bench, ServiceState.POST_ONLY)
    plain, resting = bench.ann.order("BUY", "10", "0.4"), bench.ann.order("BUY", "10", "0.4")
    refused = await bench.post(bench.ann, plain)
    assert (refused.status, refused.json) == (503, POST_ONLY)
    mixed = await bench.ask(bench.ann, "POST", "/orders", [plain, resting | {"postOnly": True}])
    assert mixed.status == 503
    await bench.accept(bench.ann, resting | {"postOnly": True})
    assert len((await bench.ask(bench.ann, "DELETE", "/cancel-all")).json["canceled"]) == 1


async def test_cancel_only_and_disabled_say_so(bench: ClobBench) -> None:
    enter(bench, ServiceState.CANCEL_ONLY)
    refused = await bench.post(bench.ann, bench.ann.order("BUY", "10", "0.4", postOnly=True))
    assert (refused.status, refused.json) == (503, {"error": CANCEL_ONLY})
    assert (await bench.ask(bench.ann, "DELETE", "/cancel-all")).status == 200
    enter(bench, ServiceState.DISABLED, takes_cancels=False)
    for method, path in (("POST", "/order"), ("DELETE", "/cancel-all"), ("POST", "/v1/heartbeats")):
        refused = await bench.ask(bench.ann, method, path, {} if method == "POST" else None)
        assert (refused.status, refused.json) == (503, {"error": DISABLED})


async def test_a_wrong_secret_is_refused_before_anything_else_is_said(bench: ClobBench) -> None:
    enter(bench, ServiceState.DISABLED)
    reply = await bench.ask(bench.ann, "POST", "/order", {}, change={"PASSPHRASE": "wrong"})
    assert reply.status == 401


async def test_a_batch_that_does_not_fit_is_refused_whole_and_costs_nothing(
    bench: ClobBench,
) -> None:
    for _ in range(3):
        batch = [bench.ann.order("BUY", "5", "0.4") for _ in range(15)]
        reply = await bench.ask(bench.ann, "POST", "/orders", batch)
        assert reply.status == 200
    await bench.accept(bench.ann, bench.ann.order("BUY", "5", "0.4"))
    batch = [bench.ann.order("BUY", "5", "0.4") for _ in range(15)]
    refused = await bench.ask(bench.ann, "POST", "/orders", batch)
    assert refused.status == 429
    assert refused.headers["Poly-RateLimit-Remaining"] == "14"
    assert refused.headers["Poly-RateLimit-Tier"] == "standard"
    assert refused.headers["Retry-After"] == "1"
    bench.pass_ms(25)
    assert (await bench.ask(bench.ann, "POST", "/orders", batch)).status == 200
    # Another signer has a bucket of its own, and cancels have theirs.
    await bench.accept(bench.bob, bench.bob.order("BUY", "5", "0.4"))
    swept = await bench.ask(bench.ann, "DELETE", "/cancel-all")
    assert swept.headers["Poly-RateLimit-Remaining"] == str(120 - 62)


@pytest.mark.parametrize("path", ["/data/orders", "/auth/api-keys", "/notifications"])
async def test_reads_cost_nothing_and_are_served_in_every_phase(
    bench: ClobBench, path: str
) -> None:
    for state in ServiceState:
        enter(bench, state)
        reply = await bench.ask(bench.ann, "GET", path)
        assert reply.status == 200
        assert not any(name.startswith("Poly-RateLimit") for name in reply.headers)
