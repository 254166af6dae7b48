"""How the venue marks a market that charges a fee."""

from typing import Final

FEE_MARKER: Final = 1000
"""What base fees say of every market with a fee; not the rate."""
