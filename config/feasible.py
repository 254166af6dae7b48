"""Says before the start what of a configuration can never trade, and what will trade in part only."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from config.mode import Mode
from config.settings import Settings
from config.strategy_factory import absent_markets, places_for
from config.strategy_settings import StrategySettings, TopBidderSettings
from daemon.domain.market import Market
from daemon.domain.schedule import twap
from daemon.domain.side import Side
from daemon.domain.units import MICRO, NANOS_PER_S, Nanos, Price, Shares
from daemon.risk.feasibility import Ground, IntendedOrder, examine

USUAL_SHARES_MIN: Final = Shares(5 * MICRO)
USUAL_TICK: Final = Price(MICRO // 100)
"""What nearly all markets ask, for a look before any market is known."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """One market's minimums."""

    slug: str
    shares_min: Shares
    tick: Price


def check_feasible(
    settings: Settings, markets: Sequence[Market]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return errors (can never trade) and warnings (trades in part), each a line with numbers.

    Without markets the venue's usual minimums are assumed: 5 shares, prices in cents.
    """
    errors: list[str] = []
    warnings: list[str] = []
    count = 0
    for index, entry in enumerate(settings.strategies):
        if isinstance(entry, TopBidderSettings) and not entry.enable_top_bidder:
            continue
        rules = _rules(settings, index, markets)
        count += len(rules)
        where = f"strategies[{index}] ({entry.name} {entry.side})"
        bad, partly = _examine(entry, settings, rules)
        errors += _told(where, bad, rules, has_markets=bool(markets))
        warnings += _told(where, partly, rules, has_markets=bool(markets))
    if markets:
        warnings += absent_markets(settings, markets)
    warnings += _all_together(settings, count)
    return tuple(errors), tuple(warnings)


def _rules(settings: Settings, index: int, markets: Sequence[Market]) -> list[_Rule]:
    if not markets:
        return [_Rule("", USUAL_SHARES_MIN, USUAL_TICK)]
    places, _ = places_for(settings, markets)  # a wrong outcome is told by strategies_for
    return [_Rule(m.slug, m.shares_min, m.tick) for i, _, m, _ in places if i == index]


def _examine(
    entry: StrategySettings, settings: Settings, rules: Sequence[_Rule]
) -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Return sentence → slugs it is true for: errors, warnings."""
    errors: dict[str, list[str]] = {}
    warnings: dict[str, list[str]] = {}
    for rule in rules:
        ground = Ground(
            limits=settings.risk,
            cash=settings.paper_cash if settings.mode is Mode.PAPER else None,
            shares_min=rule.shares_min,
            tick=rule.tick,
        )
        try:
            order = _intended(entry, rule)
        except ValueError as error:
            errors.setdefault(str(error), []).append(rule.slug)
            continue
        found = examine(order, ground)
        for sentence in found.errors:
            errors.setdefault(sentence, []).append(rule.slug)
        for sentence in found.warnings:
            warnings.setdefault(sentence, []).append(rule.slug)
    return errors, warnings


def _intended(entry: StrategySettings, rule: _Rule) -> IntendedOrder:
    """Return the largest order an entry will want; ValueError when it cannot be cut for the market."""
    if isinstance(entry, TopBidderSettings):
        shares = total = entry.shares_per_order
    else:
        slices = twap(
            total=entry.total_shares,
            window=Nanos(entry.time_window_minutes * 60 * NANOS_PER_S),
            slice_min=Shares(max(entry.min_order_size, rule.shares_min)),
            slice_max=Shares(max(entry.max_order_size, rule.shares_min)),
        )
        shares, total = Shares(max(s.shares for s in slices)), entry.total_shares
    return IntendedOrder(
        side=entry.side,
        limit_price=entry.limit_price,
        shares=shares,
        total_shares=total,
        is_taking=not isinstance(entry, TopBidderSettings),
    )


def _told(
    where: str, sentences: dict[str, list[str]], rules: Sequence[_Rule], *, has_markets: bool
) -> Iterator[str]:
    for sentence, slugs in sentences.items():
        only = f" (in {', '.join(slugs)})" if has_markets and len(slugs) < len(rules) else ""
        yield f"{where}: {sentence}{only}"


def _all_together(settings: Settings, count: int) -> Iterator[str]:
    most = settings.risk.open_orders_max
    if not count:
        yield "strategies: none has a market and is switched on, so nothing will trade"
    elif count > most:
        yield (
            f"strategies: {count} want an order each, risk.open_orders_max lets {most} be open at a "
            "time"
        )
    if count and all(entry.side is Side.SELL for entry in settings.strategies):
        yield "strategies: all of them sell, so nothing trades until shares are held"
