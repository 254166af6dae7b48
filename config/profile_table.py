"""Reads the shipped presets and the table of profiles."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from config.layer import Layer, as_table, layer_of
from config.mode import Mode, Profile
from config.toml_source import read_table

HERE: Final = Path(__file__).parent
PROFILES_FILE: Final = HERE / "profiles.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProfileTable:
    """What one profile says."""

    source: str
    risk: Mapping[str, object]
    sizes: Mapping[str, Mapping[str, object]]
    """Strategy → sizes of its orders, for entries that give none."""

    def layer(self) -> Layer:
        """Return its limits as a layer."""
        return layer_of({"risk": self.risk}, lambda _: self.source)


@cache
def profile_table(profile: Profile) -> ProfileTable:
    """Return the table of a profile."""
    tables = as_table(read_table(PROFILES_FILE)[profile.value]) or {}
    by_name = {name: as_table(table) or {} for name, table in tables.items()}
    return ProfileTable(source=f"profile {profile.value}", risk=by_name.pop("risk"), sizes=by_name)


def preset_layer(mode: Mode) -> Layer:
    """Return what the shipped preset of a mode says."""
    table = read_table(HERE / "presets" / f"{mode.preset}.toml")
    return layer_of(table, lambda _: f"preset {mode.preset}")
