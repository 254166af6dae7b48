"""What the exchange says to a request that proves nothing: the venue's status and text, as values."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer other than the one asked for; the body is `{"error": …}`."""

    status: int
    error: str


INVALID_L1: Final = Refusal(401, "Invalid L1 Request headers")
UNAUTHORIZED: Final = Refusal(401, "Unauthorized/Invalid api key")
KEY_EXISTS: Final = Refusal(400, "Could not create api key")
NO_KEY: Final = Refusal(400, "Could not derive api key!")

INVALID_PAYLOAD: Final = Refusal(400, "Invalid order payload")
INVALID_TOKEN: Final = Refusal(400, "Invalid token id")
INVALID_EXPIRATION: Final = Refusal(400, "invalid expiration")
INVALID_PRICE: Final = Refusal(400, "invalid price, price must be greater than 0 and less than 1")
INVALID_SIGNATURE: Final = Refusal(400, "invalid signature")
NOT_OWNER: Final = Refusal(400, "the order owner has to be the owner of the API KEY")
NOT_SIGNER: Final = Refusal(400, "the order signer address has to be the address of the API KEY")
MAKER_NOT_ALLOWED: Final = Refusal(
    400, "maker address not allowed, please use the deposit wallet flow"
)
