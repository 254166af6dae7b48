"""HealthHttp: /healthz, /readyz and /metrics for probes and monitors.

Everything shown comes from one callable that is asked at each request; numbers of its answer become
metrics under their own names. Serves this machine only unless its options say otherwise.
"""

import asyncio
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final, Protocol, TypeAlias, cast

import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

log = structlog.get_logger()

Health: TypeAlias = Callable[[], Mapping[str, Any]]
"""Says how the daemon is: at least `is_alive` and `is_ready`.

A number is a metric, a mapping of numbers is one metric per key (label `of`), a name that ends in
`_total` is a counter; everything else is for people and appears in the JSON answers only.
"""

PREFIX: Final = "pennyd_"
COUNTER: Final = "_total"
LABEL: Final = "of"
SHUTDOWN_WITHIN_S: Final = 1.0
HTTP_UNWELL: Final = 503


class HttpOptions(Protocol):
    """Where to listen."""

    @property
    def host(self) -> str:
        """A host name or address."""
        ...

    @property
    def port(self) -> int:
        """A port; 0 picks a free one."""
        ...


class HealthHttp:
    """The little HTTP server."""

    def __init__(self, options: HttpOptions, health: Health) -> None:
        self._options, self._health = options, health
        self._registry = CollectorRegistry(auto_describe=False)
        self._registry.register(_Figures(health))
        self.port: int | None = None
        """The port it listens on, once it does."""

    async def run(self) -> None:
        """Serve until cancelled; raises OSError when the address is taken."""
        app = web.Application()
        app.router.add_get("/healthz", self._healthz)
        app.router.add_get("/readyz", self._readyz)
        app.router.add_get("/metrics", self._metrics)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_WITHIN_S)
        await runner.setup()
        try:
            await web.TCPSite(runner, self._options.host, self._options.port).start()
            self.port = cast("int", runner.addresses[0][1])
            log.info("health.served", host=self._options.host, port=self.port)
            await asyncio.get_running_loop().create_future()
        finally:
            self.port = None
            await runner.cleanup()

    async def _healthz(self, _: web.Request) -> web.Response:
        return self._answer("is_alive")

    async def _readyz(self, _: web.Request) -> web.Response:
        return self._answer("is_ready")

    def _answer(self, question: str) -> web.Response:
        health = self._health()
        body = json.dumps(health, default=str)
        status = 200 if health[question] else HTTP_UNWELL
        return web.Response(text=body, status=status, content_type="application/json")

    async def _metrics(self, _: web.Request) -> web.Response:
        text = generate_latest(self._registry)
        return web.Response(body=text, headers={"Content-Type": CONTENT_TYPE_LATEST})


class _Figures(Collector):
    """Turns an answer of `Health` into metrics at the moment somebody asks."""

    def __init__(self, health: Health) -> None:
        self._health = health

    def collect(self) -> Iterator[Metric]:
        for name, value in self._health().items():
            if isinstance(value, int | float):
                yield _family(name, {"": value})
            elif isinstance(value, Mapping):
                parts = cast("Mapping[str, Any]", value)
                numbers = {key: n for key, n in parts.items() if isinstance(n, int | float)}
                if numbers:
                    yield _family(name, numbers)


def _family(name: str, values: Mapping[str, float]) -> Metric:
    """Return one metric; the key "" is the metric without a label."""
    labels = [] if "" in values else [LABEL]
    words = name.replace("_", " ")
    family = (
        CounterMetricFamily(PREFIX + name.removesuffix(COUNTER), words, labels=labels)
        if name.endswith(COUNTER)
        else GaugeMetricFamily(PREFIX + name, words, labels=labels)
    )
    for key, value in values.items():
        family.add_metric([key] if labels else [], float(value))
    return family
