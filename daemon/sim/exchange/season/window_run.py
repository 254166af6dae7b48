"""One window from its listing to its end: opened, traded, decided by the reference price, forgotten."""

from typing import Final

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import MICRO, Nanos, Price
from daemon.sim.exchange.marketplace.marketplace import Marketplace
from daemon.sim.exchange.participants.reference_walk import fair_price
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.season.season_options import SeasonOptions
from daemon.sim.exchange.season.strike import Strike
from daemon.sim.exchange.season.window_crew import WindowCrew
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.windows.window import Window
from daemon.sim.exchange.windows.window_resolution import (
    WindowOutcome,
    price_to_beat,
    resolve,
)
from daemon.sim.named_chance import NamedChance

HALF: Final = Price(MICRO // 2)


class WindowRun:
    """Does what is due in one window, in the time of the marketplace."""

    def __init__(
        self,
        *,
        marketplace: Marketplace,
        prices: ReferencePrices,
        window: Window,
        record: TapeMarket,
        options: SeasonOptions,
        chance: NamedChance,
        strikes: dict[ConditionId, Strike],
    ) -> None:
        self._marketplace = marketplace
        self._prices = prices
        self._window = window
        self._condition_id = ConditionId(record.condition_id)
        self._tokens = tuple(TokenId(token) for token in record.token_ids)
        self._kept = options.kept
        self._chance = chance
        self._strikes = strikes
        self._crew = WindowCrew(
            window=window,
            condition_id=self._condition_id,
            options=options.crew,
            chance=chance,
            fair=self._fair,
        )

    def begin(self, opens_at: Nanos) -> None:
        """Plan the life of the market, which is listed already."""
        at = self._marketplace.schedule
        at(opens_at, self._open)
        at(max(opens_at, self._crew.busy_at), self._fill)
        at(self._window.start_at, self._start)
        at(self._window.end_at, self._end)

    def _open(self, now: Nanos) -> None:
        market = self._marketplace.exchange.market(self._condition_id)
        if market is not None and market.payouts is None:
            self._marketplace.exchange.open_market(self._condition_id)
            for bystander in self._crew.caretaker(now):
                self._marketplace.enter(bystander)

    def _fill(self, now: Nanos) -> None:
        for bystander in self._crew.many(now):
            self._marketplace.enter(bystander)

    def _start(self, now: Nanos) -> None:
        self._prices.advance(now)
        beat = price_to_beat(self._window, self._prices.recent)
        self._strikes[self._condition_id] = Strike(price_to_beat=beat)

    def _end(self, now: Nanos) -> None:
        self._prices.advance(now)
        resolution = resolve(self._window, self._prices.recent, self._chance)
        self._strikes[self._condition_id] = Strike(
            price_to_beat=resolution.price_to_beat, final_price=resolution.final_price
        )
        winner = {
            WindowOutcome.UP: self._tokens[0],
            WindowOutcome.DOWN: self._tokens[1],
            WindowOutcome.UNKNOWN: None,
        }[resolution.outcome]
        self._marketplace.schedule(resolution.resolved_at, lambda at: self._resolve(winner, at))

    def _resolve(self, winner: TokenId | None, now: Nanos) -> None:
        exchange = self._marketplace.exchange
        market = exchange.market(self._condition_id)
        assert market is not None
        if market.payouts is None:  # else somebody else has decided it before
            self._marketplace.publish(exchange.resolve(self._condition_id, winner, now))
        self._marketplace.schedule(Nanos(now + self._kept), self._forget)

    def _forget(self, now: Nanos) -> None:
        for bystander in self._crew.entered:
            events = bystander.leave(self._marketplace.exchange, now)
            self._marketplace.publish(events)
        if self._marketplace.forget_market(self._condition_id):
            del self._strikes[self._condition_id]
        else:
            self._marketplace.schedule(Nanos(now + self._kept), self._forget)

    def _fair(self, now: Nanos) -> Price:
        """Return what Up is worth: half of a dollar while nobody can know more."""
        strike = self._strikes.get(self._condition_id)
        latest = self._prices.latest
        if strike is None or strike.price_to_beat is None or latest is None:
            return HALF
        price = latest.price if strike.final_price is None else strike.final_price
        left = Nanos(max(0, self._window.end_at - now))
        return fair_price(price=price, to_beat=strike.price_to_beat, left=left)
