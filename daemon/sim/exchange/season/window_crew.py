"""Those who trade in one window, made from the seed: makers, takers, rivals and a caretaker."""

from collections.abc import Iterator
from typing import Final

from daemon.domain.ids import ConditionId
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price, Shares
from daemon.sim.exchange.marketplace.bystander import Bystander, FairPrice
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.intention import Participant
from daemon.sim.exchange.participants.quoting_maker import QuotingMaker
from daemon.sim.exchange.participants.rivals import FlickerRival, PennyRival
from daemon.sim.exchange.season.season_options import CrewOptions
from daemon.sim.exchange.windows.window import Window
from daemon.sim.named_chance import NamedChance

ENTERS_BEFORE: Final = Nanos(30 * NANOS_PER_S)
"""How long before its start a window becomes busy; until then only the caretaker quotes."""
CARETAKER_SLOWNESS: Final = 100
"""How much more slowly than the makers it moves."""
PENNY_SHARES: Final = Shares(20 * MICRO)
PENNY_LIMITS_CENTS: Final = (40, 60)
"""A penny rival pays at most this, drawn between them."""


class WindowCrew:
    """The participants of one window.

    They keep their wallets from window to window of a series, so that wallets do not grow in number.
    """

    def __init__(
        self,
        *,
        window: Window,
        condition_id: ConditionId,
        options: CrewOptions,
        chance: NamedChance,
        fair: FairPrice,
    ) -> None:
        self._window = window
        self._condition_id = condition_id
        self._options = options
        self._chance = chance
        self._fair = fair
        self._entered: list[Bystander] = []

    @property
    def busy_at(self) -> Nanos:
        """When the many come."""
        return Nanos(self._window.start_at - ENTERS_BEFORE)

    @property
    def entered(self) -> tuple[Bystander, ...]:
        """Everybody who has come so far."""
        return tuple(self._entered)

    def caretaker(self, now: Nanos) -> Iterator[Bystander]:
        """Yield whoever quotes from the opening on: nobody where there are no makers."""
        if self._options.makers:
            name = self._name("caretaker")
            slowness = self._options.slowness * CARETAKER_SLOWNESS
            maker = QuotingMaker(name=name, chance=self._chance, start_at=now, slowness=slowness)
            yield self._enter("caretaker", maker)

    def many(self, now: Nanos) -> Iterator[Bystander]:
        """Yield everybody else."""
        options, chance = self._options, self._chance
        for role in _roles("maker", options.makers):
            name = self._name(role)
            maker = QuotingMaker(name=name, chance=chance, start_at=now, slowness=options.slowness)
            yield self._enter(role, maker)
        for role in _roles("taker", options.takers):
            yield self._enter(role, self._taker(self._name(role), now))
        for role in _roles("penny", options.pennies):
            yield self._enter(role, self._penny(self._name(role), now))
        for role in _roles("flicker", options.flickers):
            flicker = FlickerRival(name=self._name(role), chance=chance, start_at=now)
            yield self._enter(role, flicker)

    def _taker(self, name: str, now: Nanos) -> ImpatientTaker:
        slowness = self._options.taker_slowness
        return ImpatientTaker(name=name, chance=self._chance, start_at=now, slowness=slowness)

    def _penny(self, name: str, now: Nanos) -> PennyRival:
        limit = self._chance.between(*PENNY_LIMITS_CENTS, name, "limit")
        return PennyRival(
            name=name,
            chance=self._chance,
            start_at=now,
            outcome=self._chance.below(2, name, "outcome"),
            limit=Price(limit * MICRO // 100),
            shares=PENNY_SHARES,
        )

    def _enter(self, role: str, participant: Participant) -> Bystander:
        bystander = Bystander(
            name=f"{self._window.series.slug}:{role}",
            participant=participant,
            condition_id=self._condition_id,
            fair=self._fair,
        )
        self._entered.append(bystander)
        return bystander

    def _name(self, role: str) -> str:
        return f"{self._window.slug}:{role}"


def _roles(kind: str, count: int) -> Iterator[str]:
    return (f"{kind}-{number}" for number in range(1, count + 1))
