"""The exchange under load: signed orders at a rate, and their market frames to ten listeners.

Three processes: the exchange, the client that sends what was signed in advance, the listeners. The
bar is held against the processor time of the exchange alone, as other programs share the machine:
what one order costs with all that follows from it (check of key and signature, matching, settlement,
reply, two frames to ten listeners). A rate, its replies and its frames are reported as they came.
"""

import statistics
from typing import Final

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


def measure_box(effort: Effort) -> list[Figure]:
    """Send orders one by one, then in batches, with listeners, then without."""
    return [
        *_measure("box single", 1, effort.orders),
        *_measure(f"box batch of {BATCH}", BATCH, effort.orders),
    ]


def _measure(label: str, size: int, orders: int) -> list[Figure]:
    account = Account("load")
    with running_box("--quiet", "--unlimited", "--fund", account.funding) as box:
        (market,) = (one for one in box.ready.markets if one.slug == MARKET)
        account.enrol(box.ready)
        alone_us, _ = _run(box, _stock(account, market, range(orders), size), size)
        with listening(box.ready.market_ws, market.token_ids) as listeners:
            requests = _stock(account, market, range(orders, 2 * orders), size)
            cost_us, run = _run(box, requests, size)
    assert not run.refused, f"{run.refused} requests were refused"
    return [
        bounded(
            f"{label}: CPU per order",
            "µs",
            [cost_us],
            bar=ORDER_US_MAX,
            by="median",
            note=f"{orders} orders, {FRAMES_PER_ORDER} frames each to {LISTENERS} listeners",
        ),
        reported(f"{label}: CPU per order, nobody listens", "µs", [alone_us]),
        reported(
            f"{label}: CPU per frame and listener",
            "µs",
            [(cost_us - alone_us) / FRAMES_PER_ORDER / LISTENERS],
        ),
        *_replies(label, run, size),
        *_frames(label, listeners.heard, run),
    ]


def _stock(account: Account, market: ReadyMarket, numbers: range, size: int) -> list[bytes]:
    if size == 1:
        return singles(account, market, numbers)
    return batches(account, market, numbers, size=size)


def _run(box: BoxProcess, requests: list[bytes], size: int) -> tuple[float, LoadRun]:
    """Send the requests; return the processor time of the exchange for each order, too."""
    before_s = box.cpu_s
    run = uvloop.run(send_at_rate(box.ready.clob, requests, ORDERS_PER_S / size))
    return (box.cpu_s - before_s) / (run.sent * size) * 1e6, run


def _replies(label: str, run: LoadRun, size: int) -> list[Figure]:
    ranks = statistics.quantiles(run.replies_ms, n=100)
    note = (
        f"p50 {ranks[49]:.1f}, p95 {ranks[94]:.1f}, p99 {ranks[98]:.1f};"
        f" {run.waiting_at_end} of {run.sent} requests behind at the end"
    )
    rate = run.answered * size / run.took_s
    return [
        reported(f"{label}: orders answered", "/s", [rate], f"offered {ORDERS_PER_S}/s"),
        reported(f"{label}: reply", "ms", run.replies_ms, note),
    ]


def _frames(label: str, heard: list[Heard], run: LoadRun) -> list[Figure]:
    rates = [one.frames / run.took_s for one in heard]
    lags = [lag for one in heard for lag in one.lags_ms]
    lost = sum(not one.is_open for one in heard)
    last = max(one.last_lag_ms for one in heard)
    return [
        reported(f"{label}: frames of each listener", "/s", rates, f"{lost} of {len(heard)} lost"),
        reported(f"{label}: frame lag", "ms", lags, f"last {last:.1f}"),
    ]
