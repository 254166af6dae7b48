"""The others who trade in a world: a maker in every market, takers and rivals where they are planned."""

from daemon.domain.units import MICRO, NANOS_PER_MS, Nanos, Shares
from daemon.sim.exchange.marketplace.bystander import Bystander
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.participants.impatient_taker import ImpatientTaker
from daemon.sim.exchange.participants.intention import Participant
from daemon.sim.exchange.participants.ladder_maker import LadderMaker
from daemon.sim.exchange.participants.rivals import FlickerRival, PennyRival
from daemon.sim.exchange.participants.wandering_price import WanderingPrice
from daemon.sim.named_chance import NamedChance
from daemon.simulation.scenario import PlannedMarket, Scenario


def enter_others(scenario: Scenario, marketplace: Marketplace) -> None:
    """Let everybody trade from now on."""
    chance = NamedChance(f"{scenario.seed}/others")
    for planned in scenario.markets:
        condition_id = planned.market.condition_id
        worth = WanderingPrice(
            name=condition_id,
            chance=chance,
            start_at=marketplace.now,
            first=planned.first_price,
            step=planned.market.tick,
        )
        for name, participant in _participants(planned, chance, marketplace.now):
            marketplace.enter(
                Bystander(
                    name=name,
                    participant=participant,
                    condition_id=condition_id,
                    fair=worth.at,
                )
            )


def _participants(
    planned: PlannedMarket, chance: NamedChance, now: Nanos
) -> list[tuple[str, Participant]]:
    slug = planned.market.slug
    soon = Nanos(now + 100 * NANOS_PER_MS)
    maker, taker, penny, flicker = (
        f"{who}@{slug}" for who in ("maker", "taker", "penny", "flicker")
    )
    found: list[tuple[str, Participant]] = [
        (
            maker,
            LadderMaker(
                name=maker,
                chance=chance,
                start_at=now,
                rungs=planned.rungs,
                gap_ms=planned.maker_gap_ms,
            ),
        )
    ]
    if planned.taker_slowness is not None:
        slowness = planned.taker_slowness
        found.append(
            (taker, ImpatientTaker(name=taker, chance=chance, start_at=soon, slowness=slowness))
        )
    if planned.has_penny:
        rival = PennyRival(
            name=penny,
            chance=chance,
            start_at=soon,
            outcome=0,
            limit=planned.first_price,
            shares=Shares(20 * MICRO),
        )
        found.append((penny, rival))
    if planned.has_flicker:
        found.append((flicker, FlickerRival(name=flicker, chance=chance, start_at=soon)))
    return found
