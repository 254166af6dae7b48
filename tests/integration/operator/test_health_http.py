"""Health and metrics over real HTTP on loopback."""

import asyncio
import contextlib
import json
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from prometheus_client.parser import text_string_to_metric_families

from daemon.adapters.health_http import HealthHttp


@dataclass(frozen=True)
class Options:
    host: str = "127.0.0.1"
    port: int = 0


@asynccontextmanager
async def served(health: dict[str, Any]) -> AsyncGenerator[str]:
    server = HealthHttp(Options(), lambda: health)
    task = asyncio.ensure_future(server.run())
    async with asyncio.timeout(5):
        while server.port is None:  # noqa: ASYNC110 - the server announces nothing
            await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{server.port}"
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def get(url: str) -> tuple[int, str]:
    def fetch() -> tuple[int, str]:
        try:
            with urllib.request.urlopen(url, timeout=5) as reply:
                return reply.status, reply.read().decode()
        except urllib.error.HTTPError as error:
            with error:
                return error.code, error.read().decode()

    return await asyncio.to_thread(fetch)


async def test_probes_tell_alive_from_ready() -> None:
    health = {"is_alive": True, "is_ready": False, "reasons": "feed_lost"}
    async with served(health) as base:
        alive, ready = await get(base + "/healthz"), await get(base + "/readyz")
        health.update(is_alive=False, is_ready=True)
        dead, again = await get(base + "/healthz"), await get(base + "/readyz")
    assert [alive[0], ready[0], dead[0], again[0]] == [200, 503, 503, 200]
    assert json.loads(ready[1])["reasons"] == "feed_lost"


async def test_numbers_are_metrics_and_words_are_not() -> None:
    health = {
        "is_alive": True,
        "is_ready": True,
        "reasons": "",
        "events_total": 7,
        "decision_latency_us": {"p50": 80, "p99": 400.5},
    }
    async with served(health) as base:
        _, text = await get(base + "/metrics")
        health["events_total"] = 9
        _, later = await get(base + "/metrics")
    seen = {
        (sample.name, sample.labels.get("of", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert seen == {
        ("pennyd_is_alive", ""): 1.0,
        ("pennyd_is_ready", ""): 1.0,
        ("pennyd_events_total", ""): 7.0,
        ("pennyd_decision_latency_us", "p50"): 80.0,
        ("pennyd_decision_latency_us", "p99"): 400.5,
    }
    assert "pennyd_events_total 9.0" in later


async def test_other_addresses_are_not_served() -> None:
    async with served({"is_alive": True, "is_ready": True}) as base:
        assert (await get(base + "/"))[0] == 404
