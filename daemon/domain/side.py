"""The two sides of an order."""

from enum import StrEnum


class Side(StrEnum):
    """BUY or SELL, spelled as the venue spells them."""

    BUY = "BUY"
    SELL = "SELL"

    @property
    def sign(self) -> int:
        """+1 for BUY, −1 for SELL: what a fill does to the position."""
        return 1 if self is Side.BUY else -1

    @property
    def opposite(self) -> "Side":
        """The side an order of this side trades against."""
        return Side.SELL if self is Side.BUY else Side.BUY
