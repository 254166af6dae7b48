"""Counts positions again from executions and says where the positions table differs.

Independent of the engine's memory: only the executions, in the order in which they were counted,
go in. Reads and writes nothing.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.position import Position
from daemon.domain.settlement import SettlementStatus

FIELDS: Final = ("shares", "cost_exact", "realized_exact", "fees")
MISSING_ROW: Final = "row"


class Holding(NamedTuple):
    """Whose position in what; the key of the positions table."""

    mode: str
    account: str
    token: TokenId


@dataclass(frozen=True, slots=True, kw_only=True)
class CountedFill:
    """One execution and whose it is."""

    mode: str
    account: str
    fill: Fill


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One figure of the table that the executions do not support."""

    holding: Holding
    field: str
    """shares, cost_exact, realized_exact or fees, in millionths or products of two; or `row`."""
    stored: int | None
    """None: the table has no such row."""
    recounted: int


def recount(fills: Iterable[CountedFill]) -> dict[Holding, Position]:
    """Return every position that fills add up to; a fill whose settlement failed never was."""
    positions: dict[Holding, Position] = {}
    for counted in fills:
        fill = counted.fill
        holding = Holding(counted.mode, counted.account, fill.token)
        before = positions.get(holding) or _flat(fill.token, fill.condition_id)
        if fill.settlement is SettlementStatus.FAILED:
            positions[holding] = before
        else:
            positions[holding] = before.apply_fill(fill)
    return positions


def differences(
    stored: Mapping[Holding, Position], recounted: Mapping[Holding, Position]
) -> tuple[Difference, ...]:
    """Return every figure that differs; a row without executions must be flat and unpaid."""
    found: list[Difference] = []
    for holding in sorted({*stored, *recounted}):
        row = stored.get(holding)
        truth = recounted.get(holding)
        if row is None:
            assert truth is not None
            shares = truth.shares
            found.append(
                Difference(holding=holding, field=MISSING_ROW, stored=None, recounted=shares)
            )
            continue
        truth = truth or _flat(row.token, row.condition_id)
        for field in FIELDS:
            before, after = int(getattr(row, field)), int(getattr(truth, field))
            if before != after:
                found.append(
                    Difference(holding=holding, field=field, stored=before, recounted=after)
                )
    return tuple(found)


def _flat(token: TokenId, condition_id: ConditionId) -> Position:
    return Position(token=token, condition_id=condition_id)
