"""What the exchange says to a request that proves nothing, word for word."""

from typing import Final

from daemon.sim.exchange.refusal import Refusal

INVALID_L1: Final = Refusal(401, "Invalid L1 Request headers")
UNAUTHORIZED: Final = Refusal(401, "Unauthorized/Invalid api key")
KEY_EXISTS: Final = Refusal(400, "Could not create api key")
NO_KEY: Final = Refusal(400, "Could not derive api key!")

INVALID_SIGNATURE: Final = Refusal(400, "invalid signature")
NOT_OWNER: Final = Refusal(400, "the order owner has to be the owner of the API KEY")
NOT_SIGNER: Final = Refusal(400, "the order signer address has to be the address of the API KEY")
MAKER_NOT_ALLOWED: Final = Refusal(
    400, "maker address not allowed, please use the deposit wallet flow"
)
