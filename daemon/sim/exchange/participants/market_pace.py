"""How fast and how large real up/down markets move, measured on recordings.

Books: eight recorded Bitcoin windows of five minutes (April 2026, 35 000 frames). Trades: both tokens
of one Bitcoin window of 15 minutes (December 2025, 2 970 trades). Prices: Bitcoin, one-minute candles
of a day. The longest pauses and largest sizes are cut off, so that one of them does not make a run.
"""

from typing import Final

from daemon.sim.exchange.participants.quantiles import Quantiles

BOOK_GAPS_US: Final = Quantiles(
    (
        (0, 200), (50, 1_600), (100, 3_500), (250, 9_200), (500, 26_200), (750, 71_100),
        (900, 155_600), (950, 234_700), (990, 443_700), (1_000, 1_500_000),
    )
)  # fmt: skip
"""Microseconds between two moves of a book."""

BOOK_BURSTS: Final = Quantiles(((0, 1), (500, 9), (900, 26), (990, 48), (1_000, 60)))
"""Levels that change in one move."""

LEVEL_SIZES: Final = Quantiles(
    (
        (0, 500), (50, 6_030), (100, 12_268), (250, 24_468), (500, 41_300), (750, 68_700),
        (900, 116_647), (950, 249_344), (990, 1_342_183), (1_000, 5_000_000),
    )
)  # fmt: skip
"""Hundredths of a share at a changed level."""

LEVEL_DISTANCES: Final = Quantiles(
    (
        (0, 0), (100, 0), (250, 2), (500, 7), (750, 15), (900, 33), (950, 50), (990, 83), (1_000, 98),
    )
)  # fmt: skip
"""Ticks from the best price of its side to a changed level."""

TRADE_GAPS_MS: Final = Quantiles(
    (
        (0, 0), (50, 3), (100, 7), (250, 33), (500, 151), (750, 402), (900, 720), (950, 976),
        (990, 1_808), (1_000, 3_999),
    )
)  # fmt: skip
"""Milliseconds between two trades of a market."""

TRADE_SIZES: Final = Quantiles(
    (
        (0, 100), (50, 146), (100, 280), (250, 500), (500, 700), (750, 1_800), (900, 7_274),
        (950, 16_752), (990, 51_000), (1_000, 173_452),
    )
)  # fmt: skip
"""Hundredths of a share of a trade."""

DEVIATION_PER_S: Final = 114
"""Standard deviation of the reference price in one second, in millionths of the price."""
