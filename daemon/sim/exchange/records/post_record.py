"""The reply to a posted order, as the venue writes it."""

from typing import Any

from daemon.domain.units import format_micros
from daemon.sim.exchange.trading.reply import Accepted, PostStatus


def build_accepted(accepted: Accepted) -> dict[str, Any]:
    """Return the reply to an order that was taken: what it gave and got at once, as decimals.

    Amounts of a resting order are empty texts. A match names its trades and no transaction, because
    settlement has not begun when the order is answered.
    """
    record: dict[str, Any] = {
        "success": True,
        "errorMsg": "",
        "orderID": accepted.order_id,
        "status": accepted.status.value,
    }
    if accepted.status is PostStatus.MATCHED:
        return record | {
            "makingAmount": format_micros(accepted.making_amount, 0),
            "takingAmount": format_micros(accepted.taking_amount, 0),
            "tradeIDs": list(accepted.trade_ids),
        }
    amount = "0" if accepted.status is PostStatus.DELAYED else ""
    return record | {
        "makingAmount": amount,
        "takingAmount": amount,
        "transactionsHashes": [],
        "tradeIDs": [],
    }


def build_refused(error: str) -> dict[str, Any]:
    """Return the entry of a batch whose order was not taken."""
    return {
        "success": False,
        "errorMsg": error,
        "orderID": "",
        "status": "",
        "makingAmount": "",
        "takingAmount": "",
    }
