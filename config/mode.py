"""Where the money is: pretended, prepared but not sent, or real."""

from enum import StrEnum


class Mode(StrEnum):
    """What a run does with its orders."""

    PAPER = "paper"
    """Fills are simulated against the live book; no credentials."""
    DRY_RUN = "dry_run"
    """Orders are signed and logged, never sent."""
    LIVE = "live"
    """Orders are real."""

    @property
    def label(self) -> str:
        """The value stored in the mode column: paper, dry_run, or real for live."""
        return "real" if self is Mode.LIVE else self.value

    @property
    def preset(self) -> str:
        """The shipped preset the mode starts from; a dry run is a rehearsal of live."""
        return "paper" if self is Mode.PAPER else "live"


class Profile(StrEnum):
    """A named set of limits and order sizes, the smallest first; figures in profiles.toml."""

    STARTER = "starter"
    SMALL = "small"
    SERVICE = "service"
