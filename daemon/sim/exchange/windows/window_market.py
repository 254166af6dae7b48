"""The market of an up/down window, as discovery and order book describe it.

Figures are those seen on the venue in autumn 2026: at least 5 shares, ticks of a cent, a fee of 0.07
for takers of which makers get a fifth, marketable orders held for a moment, no negative risk. Ids are
derived from slug and seed, so that a run repeats them; the venue's own cannot be known beforehand.
"""

from datetime import UTC, datetime
from hashlib import sha256
from typing import Final

from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.sim.exchange.tape.tape import TapeFee, TapeMarket
from daemon.sim.exchange.windows.window import Window

OUTCOMES: Final = ("Up", "Down")
TICK_SIZE: Final = "0.01"
MIN_ORDER_SIZE: Final = "5"
FEE: Final = TapeFee(rate="0.07", exponent=1, rebate_rate="0.2", fee_type="crypto_fees_v2")
CONSTRUCTED_NOTE: Final = "Constructed: a window of the simulated exchange; its ids are made up."


def build_window_market(window: Window, seed: str, *, listed_at: Nanos | None = None) -> TapeMarket:
    """Return the market of a window; outcome 0 is Up. It is listed as at the venue unless told."""
    listed = _date(window.listed_at if listed_at is None else listed_at)
    return TapeMarket(
        id=str(1_000_000 + _number(window, seed, "id") % 9_000_000),
        condition_id=f"0x{_digest(window, seed, 'condition').hex()}",
        slug=window.slug,
        question=window.question,
        token_ids=(str(_number(window, seed, "up")), str(_number(window, seed, "down"))),
        outcomes=OUTCOMES,
        tick_size=TICK_SIZE,
        min_order_size=MIN_ORDER_SIZE,
        fee=FEE,
        has_taker_delay=True,
        listed=listed,
        event_start=_date(window.start_at),
        end=_date(window.end_at),
        end_at=window.end_at,
        event_slug=window.slug,
        event_title=window.series.title,
        series_slug=window.series.slug,
        resolution_source=f"https://data.chain.link/streams/{window.series.asset}-usd",
        constructed=True,
        constructed_note=CONSTRUCTED_NOTE,
    )


def _digest(window: Window, seed: str, name: str) -> bytes:
    return sha256(repr((seed, window.slug, name)).encode()).digest()


def _number(window: Window, seed: str, name: str) -> int:
    return int.from_bytes(_digest(window, seed, name), "big")


def _date(at: Nanos) -> str:
    return f"{datetime.fromtimestamp(at // NANOS_PER_S, UTC):%Y-%m-%dT%H:%M:%SZ}"
