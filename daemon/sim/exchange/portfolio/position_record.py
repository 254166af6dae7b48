"""A position as the Data API writes it: numbers in dollars and shares."""

from decimal import Decimal
from typing import Any, Final

from daemon.domain.units import NANOS_PER_S, ONE, Nanos, as_decimal
from daemon.sim.exchange.discovery.number_of import number_of
from daemon.sim.exchange.portfolio.position import Position

Record = dict[str, Any]

PERCENT_DECIMALS: Final = Decimal("0.0001")


def build_position(position: Position) -> Record:
    """Return the position; everything is exact to a millionth, percentages to four decimals."""
    entry, record = position.entry, position.shown.record
    value = position.size * position.price // ONE
    unrealized = value - entry.cost
    index, other = position.index, 1 - position.index
    return {
        "proxy_wallet": position.wallet.lower(),
        "token_id": record.token_ids[index],
        "condition_id": record.condition_id,
        "current_size": as_decimal(position.size),
        "avg_price": as_decimal(entry.average_price),
        "entry_cost_usdc": as_decimal(entry.cost),
        "entry_fees_usdc": as_decimal(entry.fees),
        "total_cost_usdc": as_decimal(entry.cost + entry.fees),
        "current_price": as_decimal(position.price),
        "current_value": as_decimal(value),
        "total_size": as_decimal(entry.bought),
        "realized_pnl": as_decimal(entry.realized),
        "unrealized_pnl": as_decimal(unrealized),
        "total_pnl": as_decimal(entry.realized + unrealized),
        "percent_pnl": _percent(unrealized, entry.cost),
        "percent_realized_pnl": _percent(entry.realized, entry.bought_cost),
        "status": position.status.value,
        "redeemable": position.size > 0 and position.shown.is_closed,
        "mergeable": position.is_mergeable,
        "negative_risk": record.neg_risk,
        "archived": False,
        "verified": True,
        "title": record.question,
        "slug": record.slug,
        "event_slug": record.event_slug,
        "event_id": int(number_of("event", record.event_slug)),
        "outcome": record.outcomes[index],
        "outcome_index": index,
        "opposite_outcome": record.outcomes[other],
        "opposite_token_id": record.token_ids[other],
        "end_date": record.end[:10],
        "first_entry_at": _seconds(entry.first_at),
        "last_event_at": _seconds(entry.last_at),
    }


def _percent(part: int, whole: int) -> Decimal:
    return (Decimal(100 * part) / whole).quantize(PERCENT_DECIMALS) if whole else Decimal(0)


def _seconds(at: Nanos | None) -> int | None:
    return None if at is None else at // NANOS_PER_S
