"""The paper venue as people set it: purse, latencies and caution of simulated fills."""

from typing import Annotated, Final

from config.form import RATIO, USD, whole
from config.section import Section, key
from config.text_form import text
from daemon.domain.units import MICRO, Cash
from daemon.sim.paper_options import PaperOptions

_DECLARED: Final = PaperOptions()
_LATENCY: Final = whole(0, 60_000)
_TICKS: Final = whole(0, 100)


class PaperSettings(Section):
    """Table [paper]."""

    cash: Annotated[Cash, USD] = key(
        "money in the purse at its first start", default=Cash(1_000 * MICRO), unit="USD"
    )
    submit_latency_ms: Annotated[int, _LATENCY] = key(
        "an order reaches the paper venue after",
        default=_DECLARED.submit_latency_ms,
        unit="ms",
    )
    cancel_latency_ms: Annotated[int, _LATENCY] = key(
        "a cancel reaches the paper venue after",
        default=_DECLARED.cancel_latency_ms,
        unit="ms",
    )
    jitter_ms: Annotated[int, _LATENCY] = key(
        "up to this much more latency, drawn by the seed", default=_DECLARED.jitter_ms, unit="ms"
    )
    liquidity_cap: Annotated[int, RATIO] = key(
        "part of a level's size that may be taken", default=_DECLARED.liquidity_cap, unit="0 to 1"
    )
    slippage_ticks: Annotated[int, _TICKS] = key(
        "a walk pays this much more than each level asks, never beyond the limit",
        default=_DECLARED.slippage_ticks,
        unit="ticks",
    )
    spread_cushion_ticks: Annotated[int, _TICKS] = key(
        "a level is taken only when the limit lies at least this far beyond it",
        default=_DECLARED.spread_cushion_ticks,
        unit="ticks",
    )
    shrink_traded: Annotated[int, RATIO] = key(
        "part of a level's shrinking that counts as traded when the venue printed no trade",
        default=_DECLARED.shrink_traded,
        unit="0 to 1",
    )
    seed: Annotated[str, text("a text of at most 100 characters", r".{0,100}")] = key(
        "the same seed and input give the same fills", default=_DECLARED.seed
    )

    def options(self) -> PaperOptions:
        """Return what the paper venue takes."""
        return PaperOptions(
            submit_latency_ms=self.submit_latency_ms,
            cancel_latency_ms=self.cancel_latency_ms,
            jitter_ms=self.jitter_ms,
            liquidity_cap=self.liquidity_cap,
            slippage_ticks=self.slippage_ticks,
            spread_cushion_ticks=self.spread_cushion_ticks,
            shrink_traded=self.shrink_traded,
            seed=self.seed,
        )
