"""The settings that ship with the program: what a newcomer's demo runs with."""

from functools import cache
from pathlib import Path
from typing import Final

from config.load import load
from config.settings import Settings

DEMO: Final = Path(__file__).resolve().parents[1] / "config" / "presets" / "demo.toml"


def shipped_settings() -> Settings:
    """Return the settings of the demo; nothing of this machine has a say in them."""
    return settings_in(Path("/nowhere"))


@cache
def settings_in(state_dir: Path) -> Settings:
    """Return them with a state folder."""
    return load(DEMO, {"HOME": "/"}, {"state_dir": str(state_dir)}, folder=Path("/")).settings
