"""What an auditor must know of a configured daemon: what each of its strategies may do at most."""

from collections.abc import Sequence
from typing import Final

from config.settings import Settings
from config.strategy_factory import params_for, places_for
from config.strategy_settings import OrderSplitterSettings
from daemon.domain.ids import ParentId, StrategyId
from daemon.domain.market import Market
from daemon.domain.units import NANOS_PER_MS, NANOS_PER_S, Nanos, Shares
from daemon.sim.exchange.trading.account_ids import Owner, Wallet
from daemon.simulation.auditor.premises import Premises, PriceLimit
from strategies.order_splitter import OrderSplitterParams
from strategies.registry import strategy_id_for

ASK_WITHIN: Final = 25 * NANOS_PER_S
"""For a few rounds of questions to the venue, and what was still on its way."""


def premises_of(
    settings: Settings, markets: Sequence[Market], owner: Owner, wallet: Wallet
) -> Premises:
    """Return what holds for a daemon with these settings on these markets."""
    limits: dict[StrategyId, PriceLimit] = {}
    parents: dict[ParentId, Shares] = {}
    places, _ = places_for(settings, markets)
    for _, entry, market, token in places:
        strategy_id = strategy_id_for(entry.name, entry.side, market, token, limits)
        limits[strategy_id] = PriceLimit(entry.side, entry.limit_price)
        params = params_for(entry, strategy_id, token)
        if isinstance(entry, OrderSplitterSettings):
            assert isinstance(params, OrderSplitterParams)
            parents[params.parent_id] = entry.total_shares
    runtime = settings.runtime
    grace = runtime.unknown_grace_ms * NANOS_PER_MS
    return Premises(
        owner=owner,
        wallet=wallet,
        markets=tuple(markets),
        cash_start=settings.paper_cash,
        limits=settings.risk,
        price_limits=limits,
        parents=parents,
        submit_within=Nanos(runtime.submit_within_ms * NANOS_PER_MS),
        resume_within=Nanos(ASK_WITHIN + grace),
        known_within=Nanos(ASK_WITHIN + runtime.reconcile_every_s * NANOS_PER_S),
    )
