"""How the paper venue behaves; every figure is a setting."""

from dataclasses import dataclass

from daemon.domain.units import MICRO


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperOptions:
    """Latencies and caution of simulated fills."""

    submit_latency_ms: int = 50
    cancel_latency_ms: int = 50
    jitter_ms: int = 0
    """Up to this much more latency, drawn from a generator seeded by `seed` and token."""
    liquidity_cap: int = MICRO
    """Millionths of a level's size that may be taken; 1_000_000 is all of it."""
    slippage_ticks: int = 0
    """A walk pays this many ticks more than each level asks, never beyond the limit."""
    spread_cushion_ticks: int = 0
    """A level is taken only when the limit lies at least this far beyond it."""
    shrink_traded: int = MICRO // 2
    """Millionths of a level's shrinking that count as traded when the venue printed no trade."""
    seed: str = ""
