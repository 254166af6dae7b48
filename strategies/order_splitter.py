"""Work a large order in slices along a schedule, so that its size does not show.

No memory: progress is the sum of the fills of its children, which carry their parent's id; after a
restart the same parent goes on where its fills say it is.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from daemon.domain.ids import ParentId, SlotId, StrategyId, TokenId
from daemon.domain.market import MARKETABLE_BUY_MIN
from daemon.domain.order import TimeInForce
from daemon.domain.parent import Parent, ParentRequest
from daemon.domain.schedule import twap
from daemon.domain.side import Side
from daemon.domain.strategy import TargetOrder, View
from daemon.domain.units import LOT, Nanos, Price, Rounding, Shares, notional
from strategies.peg import pegged_price


class Splitting(StrEnum):
    """How the parent is cut. VWAP, iceberg and random follow with the full strategy set."""

    TWAP = "TWAP"


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderSplitterParams:
    """What the trader sets."""

    parent_id: ParentId
    token: TokenId
    side: Side
    limit_price: Price
    total_shares: Shares
    time_window: Nanos
    min_order_size: Shares
    max_order_size: Shares
    splitting: Splitting = Splitting.TWAP
    patience: Nanos = Nanos(0)
    """How long a slice rests in front before it crosses the spread; 0 crosses at once."""


class _DueSlice(NamedTuple):
    slot: SlotId
    due_at: Nanos
    owed: int
    """Planned less filled; negative when more came than was planned, carried from another slice."""
    working: int
    """What its order may still trade."""


class OrderSplitter:
    """Declares one order per slice that is due and not yet filled.

    A slice rests pegged to the touch for its patience and then takes, up to the limit price. What a
    partial fill leaves below the venue's minimum moves on to the next slice.
    """

    def __init__(
        self, strategy_id: StrategyId, params: OrderSplitterParams, shares_min: Shares
    ) -> None:
        """`shares_min` is the market's smallest order; no slice is planned below it."""
        self._strategy_id = strategy_id
        self._params = params
        self._tokens = (params.token,)
        self._slice_max = Shares(max(params.max_order_size, shares_min))
        self._request = ParentRequest(
            parent_id=params.parent_id,
            token=params.token,
            side=params.side,
            slices=twap(
                total=params.total_shares,
                window=params.time_window,
                slice_min=Shares(max(params.min_order_size, shares_min)),
                slice_max=self._slice_max,
            ),
        )

    @property
    def strategy_id(self) -> StrategyId:
        """Its name."""
        return self._strategy_id

    @property
    def tokens(self) -> tuple[TokenId, ...]:
        """The one token it trades."""
        return self._tokens

    @property
    def parent(self) -> ParentRequest | None:
        """The parent it works."""
        return self._request

    def decide(self, view: View) -> tuple[TargetOrder, ...]:
        """Return one target per slice that is due and has something left.

        `spare` is what is due less what has traded and what still may: no sum of new orders exceeds
        it, so the parent is never overfilled, whatever moved between the slices.
        """
        parent = view.parent
        if parent is None:
            return ()
        due = self._due(view, parent)
        spare = sum(slice_.owed - slice_.working for slice_ in due)
        targets: list[TargetOrder] = []
        carried = 0
        for slice_ in due:
            carried += slice_.owed
            if slice_.working:
                shares = slice_.working + max(min(spare, 0), -slice_.working)
                spare += slice_.working - shares  # More is out than is due: take some back.
            else:
                shares = min(carried, spare, self._slice_max) // LOT * LOT
                if shares < view.market.shares_min:
                    continue
                spare -= shares
            carried -= shares
            target = self._target(view, slice_.slot, Shares(shares), slice_.due_at)
            if shares and target is not None:
                targets.append(target)
        return tuple(targets)

    def _due(self, view: View, parent: Parent) -> list[_DueSlice]:
        due: list[_DueSlice] = []
        for index, planned in enumerate(parent.request.slices):
            due_at = parent.due_at(index)
            if view.now < due_at:
                break
            slot = SlotId(f"slice-{index + 1}")
            live = view.live(slot)
            owed = planned.shares - view.filled(slot)
            due.append(_DueSlice(slot, due_at, owed, live.at_risk if live else 0))
        return due

    def due_at(self, view: View) -> Nanos | None:
        """Return when the next slice becomes due or runs out of patience."""
        parent = view.parent
        if parent is None:
            return None
        return min((t for t in self._moments(parent) if t > view.now), default=None)

    def _moments(self, parent: Parent) -> list[Nanos]:
        due = [parent.due_at(index) for index in range(len(parent.request.slices))]
        return due + [Nanos(t + self._params.patience) for t in due]

    def _target(
        self, view: View, slot: SlotId, shares: Shares, due_at: Nanos
    ) -> TargetOrder | None:
        params = self._params
        price = None
        is_taking = False
        if view.now >= due_at + params.patience:
            price = self._taking_price(view, shares)
            is_taking = price is not None
        if price is None:
            price = pegged_price(view, params.token, params.side, params.limit_price)
        if price is None:
            return None
        return TargetOrder(
            slot=slot,
            token=params.token,
            side=params.side,
            price=price,
            shares=shares,
            continuity=view.continuity(params.token),
            time_in_force=TimeInForce.FAK if is_taking else TimeInForce.GTC,
            is_post_only=not is_taking,
            parent_id=params.parent_id,
        )

    def _taking_price(self, view: View, shares: Shares) -> Price | None:
        """Return the opposite best price if the limit and the venue's minimum allow to take it."""
        params = self._params
        book = view.book(params.token)
        if book is None:
            return None
        side = params.side
        price = book.external_best(side.opposite, view.own_levels(params.token, side.opposite))
        if price is None or (price - params.limit_price) * side.sign > 0:
            return None
        is_too_small = notional(price, shares, Rounding.DOWN) < MARKETABLE_BUY_MIN
        return None if side is Side.BUY and is_too_small else price
