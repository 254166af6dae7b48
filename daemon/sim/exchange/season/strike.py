"""The two prices of a window, as far as they are known."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Strike:
    """Reference prices in millionths of a dollar; None where nobody knows."""

    price_to_beat: int | None
    """At the start of the window."""
    final_price: int | None = None
    """At its end; None before."""
