"""A no of the exchange, as a value: the venue's status and text, and the texts that several parts say."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than the one asked for; the body is `{"error": …}`."""

    status: int
    error: str


INVALID_PAYLOAD: Final = Refusal(400, "Invalid order payload")
INVALID_TOKEN: Final = Refusal(400, "Invalid token id")
INVALID_EXPIRATION: Final = Refusal(400, "invalid expiration")
INVALID_PRICE: Final = Refusal(400, "invalid price, price must be greater than 0 and less than 1")
