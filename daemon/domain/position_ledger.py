"""The fills behind one position, as far as their settlement is not final.

A failed settlement takes a fill back as if it had never been: the position is the sum of its settled
base and of the unsettled fills in order, so it can be summed again without the failed one. Fills
leave the list once everything before them is final, so memory is bounded by what is unsettled.
"""

from daemon.domain.fill import Fill
from daemon.domain.ids import ConditionId, LegId, TokenId, TradeId
from daemon.domain.position import Position
from daemon.domain.settlement import FINAL, SettlementStatus, settle
from daemon.domain.side import Side
from daemon.domain.units import Shares


class PositionLedger:
    """Position of one token as base plus unsettled fills."""

    __slots__ = ("_base", "_settlement", "_unsettled", "position")

    def __init__(self, token: TokenId, condition_id: ConditionId) -> None:
        self._base = Position(token=token, condition_id=condition_id)
        self._unsettled: list[Fill] = []
        self._settlement: dict[LegId, SettlementStatus] = {}
        self.position = self._base

    @property
    def unsettled(self) -> Shares:
        """Shares bought whose settlement is not final: not yet certain to be sellable."""
        return Shares(
            sum(
                fill.shares
                for fill in self._unsettled
                if fill.side is Side.BUY and self._settlement[fill.leg] not in FINAL
            )
        )

    def add(self, fill: Fill) -> Position:
        """Count a fill and return the position after it; a leg of a trade counts once."""
        assert fill.leg not in self._settlement, f"trade {fill.trade_id} is counted already"
        self._unsettled.append(fill)
        self._settlement[fill.leg] = fill.settlement
        self.position = self.position.apply_fill(fill)
        if fill.settlement is SettlementStatus.FAILED:
            self._resum()
        self._fold()
        return self.position

    def settle(self, trade_id: TradeId, news: SettlementStatus) -> Position | None:
        """Move all legs of a trade on; return the position when it changed, None when it did not.

        A leg that is not in the list is final already and stays as it is.
        """
        position = self.position
        for fill in self._unsettled:
            if fill.trade_id == trade_id:
                self._settlement[fill.leg] = settle(self._settlement[fill.leg], news)
        if news is SettlementStatus.FAILED:
            self._resum()
        self._fold()
        return self.position if self.position != position else None

    def _resum(self) -> None:
        position = self._base
        for fill in self._unsettled:
            if self._settlement[fill.leg] is not SettlementStatus.FAILED:
                position = position.apply_fill(fill)
        self.position = position

    def _fold(self) -> None:
        final = 0
        for fill in self._unsettled:
            status = self._settlement[fill.leg]
            if status is SettlementStatus.CONFIRMED:
                self._base = self._base.apply_fill(fill)
            elif status is not SettlementStatus.FAILED:
                break
            final += 1
        for fill in self._unsettled[:final]:
            del self._settlement[fill.leg]
        del self._unsettled[:final]
