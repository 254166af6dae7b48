"""The exchange under load: signed orders at a rate, and their market frames to ten listeners.

Three processes: the exchange, the client that sends what was signed in advance, the listeners. The
bar is held against the processor time of the exchange alone, as other programs share the machine:
what one order costs with all that follows from it (check of key and signature, matching, settlement,
reply, two frames to ten listeners). A rate, its replies and its frames are reported as they came.
"""

import statistics
from typing import Final, NamedTuple

import uvloop

from benchmarks.box_process import BoxProcess, running_box
from benchmarks.effort import Effort
from benchmarks.figure import Figure, bounded, reported
from benchmarks.frame_listeners import LISTENERS, Heard, listening
from benchmarks.order_load import LoadRun, send_at_rate
from benchmarks.order_stock import FRAMES_PER_ORDER, Account, batches, singles
from daemon.exchange.ready import ReadyMarket

ORDERS_PER_S: Final = 1_000
ORDER_US_MAX: Final = 1_000
"""A thousand orders a second on one core."""
BATCH: Final = 15
MARKET: Final = "standing-free"
TRIES: Final = 3


class _Sent(NamedTuple):
    """What became of orders, and the exchange's processor time for each."""

    order_us: float
    waited: float
    """The part of the time in which the exchange stood ready and others had the processors."""
    run: LoadRun


def measure_box(effort: Effort) -> list[Figure]:
    """Send orders one by one, then in batches, with listeners, then without."""
    return [
        *_measure("box single", 1, effort.orders),
        *_measure(f"box batch of {BATCH}", BATCH, effort.orders),
    ]


def _measure(label: str, size: int, orders: int) -> list[Figure]:
    account = Account("load")
    alone: list[_Sent] = []
    heard_by: list[list[Heard]] = []
    sent: list[_Sent] = []
    with running_box("--quiet", "--unlimited", "--fund", account.funding) as box:
        (market,) = (one for one in box.ready.markets if one.slug == MARKET)
        account.enrol(box.ready)
        for number in range(TRIES):
            alone.append(_send(box, account, market, 2 * number * orders, orders, size))
            with listening(box.ready.market_ws, market.token_ids) as listeners:
                sent.append(_send(box, account, market, (2 * number + 1) * orders, orders, size))
            heard_by.append(listeners.heard)
    carried = [
        (one.order_us - bare.order_us) / FRAMES_PER_ORDER / LISTENERS
        for one, bare in zip(sent, alone, strict=True)
    ]
    return [
        bounded(
            f"{label}: CPU per order",
            "µs",
            [one.order_us for one in sent],
            bar=ORDER_US_MAX,
            by="median",
            note=f"{orders} orders, {FRAMES_PER_ORDER} frames each to {LISTENERS} listeners",
        ),
        reported(f"{label}: CPU per order, nobody listens", "µs", [one.order_us for one in alone]),
        reported(f"{label}: CPU per frame and listener", "µs", carried),
        *_replies(label, sent, size),
        *_frames(label, heard_by, [one.run for one in sent]),
    ]


def _stock(account: Account, market: ReadyMarket, numbers: range, size: int) -> list[bytes]:
    if size == 1:
        return singles(account, market, numbers)
    return batches(account, market, numbers, size=size)


def _send(
    box: BoxProcess, account: Account, market: ReadyMarket, first: int, orders: int, size: int
) -> _Sent:
    """Send orders; AssertionError when one of them is refused."""
    requests = _stock(account, market, range(first, first + orders), size)
    before_s, waited_s = box.cpu_s, box.waited_s
    run = uvloop.run(send_at_rate(box.ready.clob, requests, ORDERS_PER_S / size))
    assert not run.refused, f"{run.refused} requests were refused"
    order_us = (box.cpu_s - before_s) / orders * 1e6
    return _Sent(order_us, (box.waited_s - waited_s) / run.took_s, run)


def _replies(label: str, sent: list[_Sent], size: int) -> list[Figure]:
    runs = [one.run for one in sent]
    times = [ms for run in runs for ms in run.replies_ms]
    ranks = statistics.quantiles(times, n=100)
    behind = ", ".join(f"{run.waiting_at_end} of {run.sent}" for run in runs)
    note = (
        f"p50 {ranks[49]:.1f}, p95 {ranks[94]:.1f}, p99 {ranks[98]:.1f};"
        f" requests behind at the end: {behind}"
    )
    rates = [run.answered * size / run.took_s for run in runs]
    waited = ", ".join(f"{one.waited:.0%}" for one in sent)
    offered = f"offered {ORDERS_PER_S}/s; others had the processors {waited} of the time"
    return [
        reported(f"{label}: orders answered", "/s", rates, offered),
        reported(f"{label}: reply", "ms", times, note),
    ]


def _frames(label: str, heard_by: list[list[Heard]], runs: list[LoadRun]) -> list[Figure]:
    rates = [
        one.frames / run.took_s for heard, run in zip(heard_by, runs, strict=True) for one in heard
    ]
    every = [one for heard in heard_by for one in heard]
    lags = [lag for one in every for lag in one.lags_ms]
    lost = sum(not one.is_open for one in every)
    last = max(one.last_lag_ms for one in every)
    return [
        reported(f"{label}: frames of each listener", "/s", rates, f"{lost} of {len(every)} lost"),
        reported(f"{label}: frame lag", "ms", lags, f"last {last:.1f}"),
    ]
