"""Market records as the discovery API answers them: `gamma_record(closed=True)`; `...` leaves out."""

import json
from typing import Any

from daemon.domain.ids import ConditionId, TokenId

CONDITION = ConditionId("0x" + "54a5" * 16)
TOKENS = (TokenId("4118" * 19), TokenId("4980" * 19))
POSITIONS = (TokenId("6997" * 18 + "0"), TokenId("6997" * 18 + "1"))
SLUG = "btc-updown-15m-1790000100"


def gamma_record(**changed: Any) -> dict[str, Any]:
    usual: dict[str, Any] = {
        "id": "900001",
        "slug": SLUG,
        "version": "v1",
        "question": "Bitcoin Up or Down - September 21, 10:15AM-10:30AM ET",
        "conditionId": CONDITION,
        "outcomes": json.dumps(["Up", "Down"]),
        "outcomePrices": json.dumps(["0.525", "0.475"]),
        "clobTokenIds": json.dumps(TOKENS),
        "positionIds": None,
        "active": True,
        "closed": False,
        "archived": False,
        "acceptingOrders": True,
        "enableOrderBook": True,
        "negRisk": False,
        "startDate": "2026-09-20T14:07:11.5Z",
        "endDate": "2026-09-21T14:30:00Z",
        "orderPriceMinTickSize": 0.01,
        "orderMinSize": 5,
        "feesEnabled": True,
        "feeSchedule": {"rate": 0.07, "exponent": 1, "takerOnly": True, "rebateRate": 0.2},
    }
    return {key: value for key, value in (usual | changed).items() if value is not ...}
