"""What the exchange is told of a market when it lists it."""

from dataclasses import dataclass
from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, ONE, Nanos, Price, Shares

AMOUNT_DECIMALS: Final = {100_000: 3, 10_000: 4, 5_000: 5, 2_500: 6, 1_000: 5, 100: 6}
"""How many decimals the dollar amount of a limit order may have, by tick: the six grids there are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A market as listed; its tick may change later, nothing else does.

    Index 0 of `tokens` and `outcomes` is Yes/Up. Raises ValueError for a market that cannot be.
    """

    condition_id: ConditionId
    tokens: tuple[TokenId, TokenId]
    outcomes: tuple[str, str]
    tick: Price
    shares_min: Shares
    """The smallest order that may rest."""
    spender: str
    """The contract that settles this market's trades: wallets must have approved it."""
    fee_rate: int = 0
    """Millionths; 0.07 is 70_000."""
    fee_exponent: int = 1
    delay: Nanos = Nanos(0)
    """How long marketable orders wait before they match; 0 means they match at once."""
    is_delay_silent: bool = False
    """The reply is held back until the delay is over, instead of saying `delayed`."""

    def __post_init__(self) -> None:
        if self.tick not in AMOUNT_DECIMALS:
            raise ValueError(f"tick {self.tick} is none of {tuple(AMOUNT_DECIMALS)}")
        if self.tokens[0] == self.tokens[1]:
            raise ValueError("a market needs two different tokens")
        if not (0 <= self.fee_rate < MICRO and 0 <= self.fee_exponent <= 4):
            raise ValueError(f"fee {self.fee_rate} ^ {self.fee_exponent} is out of range")
        if self.delay < 0 or self.shares_min <= 0:
            raise ValueError("a delay is not negative and a smallest order is positive")

    def is_yes(self, token: TokenId) -> bool:
        """Tell whether this is the token of the first outcome."""
        return token == self.tokens[0]

    def outcome(self, token: TokenId) -> str:
        """Return the label of the token's outcome."""
        return self.outcomes[self.tokens.index(token)]

    def yes_price(self, token: TokenId, price: int) -> int:
        """Turn a price of the token into the price of the first outcome, or back."""
        return price if token == self.tokens[0] else ONE - price
