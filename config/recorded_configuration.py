"""The configuration as it is written into a recording: every key that is named here, and no secret.

Each part is named, so that a new one, which may be secret, is not recorded unless somebody says so.
"""

from dataclasses import asdict
from typing import Any

from config.loaded import shown_entry
from config.settings import Settings


def recorded_configuration(settings: Settings) -> dict[str, Any]:
    """Return plain values for JSON; amounts of risk and paper in millionths, times in ns."""
    return {
        "mode": settings.mode.value,
        "profile": settings.profile.value,
        "account": settings.account,
        "markets": list(settings.markets),
        "strategies": [shown_entry(entry) for entry in settings.strategies],
        "risk": asdict(settings.risk),
        "paper": asdict(settings.paper),
        "paper_cash": settings.paper_cash,
        "venue": settings.venue.model_dump(mode="json"),
        "feed": settings.feed.model_dump(mode="json"),
        "runtime": settings.runtime.model_dump(mode="json"),
        "recording": settings.recording.model_dump(mode="json"),
    }
