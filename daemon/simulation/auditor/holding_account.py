"""What is held of one token at average cost, summed again whenever a fill of it is taken back."""

from dataclasses import dataclass

from daemon.domain.fill import Fill
from daemon.domain.settlement import SettlementStatus
from daemon.domain.side import Side
from daemon.domain.units import MICRO


@dataclass(slots=True)
class KnownFill:
    """A fill the daemon knows of, and how far it knows it to be settled."""

    fill: Fill
    status: SettlementStatus

    @property
    def counts(self) -> bool:
        """Tell whether it was not taken back."""
        return self.status is not SettlementStatus.FAILED

    @property
    def is_final(self) -> bool:
        """Tell whether nothing about it changes any more."""
        return self.status in {SettlementStatus.CONFIRMED, SettlementStatus.FAILED}

    @property
    def cash_exact(self) -> int:
        """What it brought (below zero: cost), fee included, in 10^-12 dollars."""
        fill = self.fill
        return -fill.side.sign * fill.price * fill.shares - fill.fee * MICRO


class HoldingAccount:
    """Shares and what they cost, in the order the daemon learned of the fills."""

    __slots__ = ("cost_exact", "fills", "shares")

    def __init__(self) -> None:
        self.fills: list[KnownFill] = []
        self.shares = 0
        self.cost_exact = 0

    def add(self, known: KnownFill) -> None:
        """Count one more fill."""
        self.fills.append(known)
        if known.counts:
            self._count(known.fill)

    def sum_again(self) -> None:
        """Count everything anew without what was taken back."""
        self.shares = self.cost_exact = 0
        for known in self.fills:
            if known.counts:
                self._count(known.fill)

    @property
    def settled(self) -> int:
        """Shares held, less those bought whose settlement may still fail."""
        pending = sum(
            known.fill.shares
            for known in self.fills
            if known.fill.side is Side.BUY and not known.is_final
        )
        return self.shares - pending

    def _count(self, fill: Fill) -> None:
        traded = fill.side.sign * fill.shares
        if traded * self.shares < 0:  # Closes: the closed part takes its share of the cost along.
            closed = min(abs(traded), abs(self.shares))
            sign = 1 if self.shares > 0 else -1
            self.cost_exact -= sign * (abs(self.cost_exact) * closed // abs(self.shares))
            opened = traded + sign * closed
        else:
            opened = traded
        self.cost_exact += opened * fill.price
        self.shares += traded
