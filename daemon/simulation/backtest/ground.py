"""What a backtest trades on: the exchange with a tape as its outside market, and our account at it."""

from dataclasses import dataclass
from pathlib import Path
from random import Random

from config.settings import Settings
from config.strategy_factory import strategies_for
from daemon.domain.fee import FeeSchedule
from daemon.domain.market import Market
from daemon.domain.units import Nanos
from daemon.exchange.tape_file import open_tape
from daemon.sim.exchange.display.displayed_books import DisplayedBooks
from daemon.sim.exchange.faults.fault_plan import FaultPlan
from daemon.sim.exchange.front.service_schedule import ServiceSchedule
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.marketplace.record_listing import list_record
from daemon.sim.exchange.marketplace.taped_listing import list_taped
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.tape.tape_player import TapePlayer
from daemon.sim.exchange.trading.exchange import Exchange, ExchangeOptions
from daemon.sim.gateway.match_faults import MatchFaults
from daemon.sim.named_chance import NamedChance
from daemon.simulation.backtest.plan import BacktestPlan
from daemon.simulation.backtest.tape_play import TapePlay
from daemon.simulation.exchange_side import OWNER, WALLET, ExchangeSide, build_exchange_side


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """One recorded market that nobody of ours trades yet."""

    settings: Settings
    player: TapePlayer
    side: ExchangeSide
    play: TapePlay
    markets: tuple[Market, ...]

    @property
    def origin_at(self) -> Nanos:
        """When the tape begins."""
        return Nanos(self.player.origin_at)


def open_ground(plan: BacktestPlan, folder: Path) -> Ground:
    """Open the tape and everything around it; ConfigError for what cannot be traded.

    `folder` takes the state of the process.
    """
    settings = plan.settings(folder)
    header, frames = open_tape(plan.tape)
    player = TapePlayer(header, frames, minutes=plan.minutes)
    origin_at = Nanos(player.origin_at)
    exchange = Exchange(ExchangeOptions(), Random(f"{plan.seed}/exchange"), origin_at)
    marketplace = Marketplace(exchange, origin_at)
    for record in header.markets:
        list_taped(marketplace, record)
        exchange.approve(WALLET, list_record(record).spender, origin_at)
    exchange.fund(WALLET, settings.paper_cash, origin_at)
    markets = tuple(map(_market_of, header.markets))
    strategies_for(settings, markets)  # Refused before anything runs, if they do not fit.
    faultless = FaultPlan(chance=NamedChance(""), rules=(), start_at=origin_at)
    outside = Outside(marketplace, DisplayedBooks(marketplace, player.books), player.books)
    side = build_exchange_side(
        marketplace,
        plan=faultless,
        service=ServiceSchedule(),
        match_faults=MatchFaults(faultless, OWNER, until=origin_at),
        origin_at=origin_at,
    )
    return Ground(
        settings=settings,
        player=player,
        side=side,
        play=TapePlay(player, outside, side.outside),
        markets=markets,
    )


def _market_of(record: TapeMarket) -> Market:
    """Return what the daemon is told of a market that the exchange lists."""
    listing = list_record(record)
    return Market(
        condition_id=listing.condition_id,
        slug=record.slug,
        question=record.question,
        tokens=listing.tokens,
        outcomes=listing.outcomes,
        tick=listing.tick,
        shares_min=listing.shares_min,
        fee=FeeSchedule(rate=listing.fee_rate, exponent=listing.fee_exponent),
        is_neg_risk=record.neg_risk,
        ends_at=Nanos(record.end_at),
    )
