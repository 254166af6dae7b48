"""Makes the configured strategies for the markets that were found.

Turns what a trader wrote (a market by any of its names, an outcome by label, minutes) into what the
strategies take (a token, nanoseconds). It asks nobody: the markets are handed in.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Protocol, TypeAlias

from config.strategy_settings import OrderSplitterSettings, StrategySettings, TopBidderSettings
from config.text_form import ANY_MARKET
from daemon.domain.ids import ParentId, StrategyId, TokenId
from daemon.domain.market import Market
from daemon.domain.strategy import Strategy
from daemon.domain.units import NANOS_PER_S, Nanos
from daemon.errors import ConfigError
from strategies.order_splitter import OrderSplitterParams
from strategies.registry import Params, build, strategy_id_for
from strategies.top_bidder import TopBidderParams

HASH_CHARACTERS: Final = 8
UNNAMED: Final = ParentId("")

Place: TypeAlias = tuple[int, StrategySettings, Market, TokenId]
"""Which entry, on which market, on which of its tokens."""


class Configured(Protocol):
    """What strategies are read from: the settings, or what was recorded of them."""

    @property
    def strategies(self) -> Sequence[StrategySettings]:
        """The entries, in the order they were written."""
        ...


def strategies_for(settings: Configured, markets: Sequence[Market]) -> tuple[Strategy, ...]:
    """Return every configured strategy on every market it is meant for.

    A market that was found under two names counts once. An entry whose market is not among those
    found (it may be over) is left out; `check_feasible` warns of it. Raises ConfigError, one line
    per entry, when an outcome is not there, when sizes do not fit a market, or when no entry is left.
    """
    places, problems = places_for(settings, markets)
    made: dict[StrategyId, Strategy] = {}
    for index, entry, market, token in places:
        strategy_id = strategy_id_for(entry.name, entry.side, market, token, made)
        try:
            params = params_for(entry, strategy_id, token)
            made[strategy_id] = build(entry.name, strategy_id, params, market)
        except ValueError as error:
            problems.append(f"strategies[{index}] ({entry.name} on {market.slug}): {error}")
    if not places and not problems:
        problems = absent_markets(settings, markets)
    if problems:
        raise ConfigError(*problems)
    return tuple(made.values())


def places_for(settings: Configured, markets: Sequence[Market]) -> tuple[list[Place], list[str]]:
    """Return where each entry trades, and one line per entry that names an outcome in vain."""
    places: list[Place] = []
    problems: list[str] = []
    for index, entry in enumerate(settings.strategies):
        for market in _meant(entry, markets):
            token = _token(entry, market)
            if token is None:
                labels = " or ".join(market.outcomes)
                problems.append(
                    f"strategies[{index}].outcome: {market.slug} has no {entry.outcome}; expected "
                    f"{labels}, or the index 0 or 1"
                )
            else:
                places.append((index, entry, market, token))
    return places, problems


def absent_markets(settings: Configured, markets: Sequence[Market]) -> list[str]:
    """Return one line per entry whose market is not among those found."""
    there = ", ".join(dict.fromkeys(market.slug for market in markets)) or "none"
    return [
        f"strategies[{index}].{'token_id' if entry.token_id else 'market'}: "
        f"{entry.token_id or entry.market} is none of the markets found ({there}); is it over?"
        for index, entry in enumerate(settings.strategies)
        if not _meant(entry, markets)
    ]


def params_for(entry: StrategySettings, strategy_id: StrategyId, token: TokenId) -> Params:
    """Return what a strategy takes for what was written."""
    if isinstance(entry, TopBidderSettings):
        return TopBidderParams(
            token=token,
            side=entry.side,
            limit_price=entry.limit_price,
            shares_per_order=entry.shares_per_order,
            is_enabled=entry.enable_top_bidder,
        )
    params = _splitter_params(entry, token)
    return replace(params, parent_id=ParentId(f"{strategy_id}@{_digest(params)}"))


def _splitter_params(entry: OrderSplitterSettings, token: TokenId) -> OrderSplitterParams:
    return OrderSplitterParams(
        parent_id=UNNAMED,
        token=token,
        side=entry.side,
        limit_price=entry.limit_price,
        total_shares=entry.total_shares,
        time_window=Nanos(entry.time_window_minutes * 60 * NANOS_PER_S),
        min_order_size=entry.min_order_size,
        max_order_size=entry.max_order_size,
        splitting=entry.splitting_strategy,
        patience=Nanos(entry.patience_s * NANOS_PER_S),
    )


def _digest(params: OrderSplitterParams) -> str:
    """Return a short name of the parameters: the same order goes on, a changed one is a new one."""
    return hashlib.sha256("|".join(_parts(params)).encode()).hexdigest()[:HASH_CHARACTERS]


def _parts(params: OrderSplitterParams) -> Iterator[str]:
    yield params.token
    yield params.side.value
    yield params.splitting.value
    for number in (
        params.limit_price,
        params.total_shares,
        params.time_window,
        params.min_order_size,
        params.max_order_size,
        params.patience,
    ):
        yield str(number)


def _meant(entry: StrategySettings, markets: Sequence[Market]) -> list[Market]:
    """Return the markets an entry is meant for, each once; ids and slugs in any case."""
    distinct = {market.condition_id: market for market in markets}.values()
    if entry.token_id is None and entry.market == ANY_MARKET:
        return list(distinct)
    name = (entry.token_id or entry.market).lower()
    return [m for m in distinct if name in (*m.tokens, m.slug.lower(), m.condition_id.lower())]


def _token(entry: StrategySettings, market: Market) -> TokenId | None:
    if entry.token_id is not None:
        return TokenId(entry.token_id)
    if isinstance(entry.outcome, int):
        return market.tokens[entry.outcome]
    labels = [label.lower() for label in market.outcomes]
    wanted = entry.outcome.lower()
    return market.tokens[labels.index(wanted)] if wanted in labels else None
