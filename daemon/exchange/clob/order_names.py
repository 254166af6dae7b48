"""What requests call orders, markets and tokens, as far as their texts can be judged alone."""

import re

from daemon.domain.ids import ConditionId, TokenId, VenueOrderId

_ORDER_ID = re.compile(r"0x[0-9a-fA-F]{64}")
_CONDITION = re.compile(r"0x(?:[0-9a-fA-F]{62}|[0-9a-fA-F]{64})")
_TOKEN = re.compile(r"[0-9]{1,78}")

_CONDITION_LENGTH = 66


def parse_order_id(text: object) -> VenueOrderId | None:
    """Return the id of an order, None for what cannot be one."""
    if not isinstance(text, str) or _ORDER_ID.fullmatch(text) is None:
        return None
    return VenueOrderId(text.lower())


def parse_condition(text: object) -> ConditionId | None:
    """Return a market's id in its long form; conditions of the newer contract may miss two zeros."""
    if not isinstance(text, str) or _CONDITION.fullmatch(text) is None:
        return None
    return ConditionId(text.lower().ljust(_CONDITION_LENGTH, "0"))


def parse_token(text: object) -> TokenId | None:
    """Return a token's id, None for what cannot be one."""
    if not isinstance(text, str) or _TOKEN.fullmatch(text) is None:
        return None
    return TokenId(text)
