"""The exchange with its life: its markets, others who trade in them, and what happens when.

Whoever stands in front (the box, a simulation) asks `next_due`, calls `advance` when the time has
come, and hands in what came from outside between. Everything that happens is shown to the watchers
at once, in order.
"""

from collections.abc import Callable
from typing import TypeVar

from daemon.domain.ids import ConditionId, TokenId
from daemon.domain.units import Nanos
from daemon.sim.exchange.marketplace.bystander import Bystander
from daemon.sim.exchange.marketplace.record_listing import list_record
from daemon.sim.exchange.tape.tape import TapeMarket
from daemon.sim.exchange.trading.agenda import Agenda
from daemon.sim.exchange.trading.exchange import Exchange, Turn
from daemon.sim.exchange.trading.reply import SubmitReply
from daemon.sim.exchange.trading.venue_event import MarketResolved, VenueEvent
from daemon.sim.exchange.trading.venue_order import PostedOrder

R = TypeVar("R")

Watcher = Callable[[tuple[VenueEvent, ...]], None]
"""Is shown what happened; it must not call the marketplace back."""

ListingWatcher = Callable[[TapeMarket], None]
"""Is shown a market that was listed, or one that is forgotten."""

Preparation = Callable[[PostedOrder, Nanos], None]
"""Is shown an order of an account before it is submitted, at the time of that."""


class Marketplace:
    """One exchange, its records and its participants, in one time that never goes back.

    Whoever uses `exchange` directly for something that has events hands its `Turn` to `take` (or the
    events to `publish`); reading needs nothing.
    """

    def __init__(self, exchange: Exchange, now: Nanos) -> None:
        self.exchange = exchange
        self.records: dict[ConditionId, TapeMarket] = {}
        """Every market there is, as discovery describes it, in the order of listing."""
        self.resolutions: dict[ConditionId, MarketResolved] = {}
        """How those ended that have."""
        self._record_of: dict[TokenId, TapeMarket] = {}
        self._agenda = Agenda(now)
        self._watchers: list[Watcher] = []
        self._listing_watchers: list[ListingWatcher] = []
        self._preparations: list[Preparation] = []
        self._departure_watchers: list[ListingWatcher] = []

    @property
    def now(self) -> Nanos:
        """The latest time it was told."""
        return self._agenda.now

    def record_of(self, token: TokenId) -> TapeMarket | None:
        """Return the market of a token."""
        return self._record_of.get(token)

    def watch(self, watcher: Watcher) -> None:
        """Show everything that happens from now on."""
        self._watchers.append(watcher)

    def watch_listings(self, watcher: ListingWatcher) -> None:
        """Show every market: those that are listed already at once, others when they come."""
        for record in self.records.values():
            watcher(record)
        self.watch_new_listings(watcher)

    def watch_new_listings(self, watcher: ListingWatcher) -> None:
        """Show every market that is listed from now on."""
        self._listing_watchers.append(watcher)

    def watch_departures(self, watcher: ListingWatcher) -> None:
        """Show every market that is forgotten from now on."""
        self._departure_watchers.append(watcher)

    def list_market(self, record: TapeMarket, *, is_open: bool = True) -> None:
        """List a market; ValueError for one that cannot be traded or is listed already."""
        listing = list_record(record)
        self.exchange.list_market(listing, is_open=is_open)
        self.records[listing.condition_id] = record
        self._record_of.update(dict.fromkeys(listing.tokens, record))
        for watcher in self._listing_watchers:
            watcher(record)

    def before_submit(self, preparation: Preparation) -> None:
        """Do something before each order that an account submits."""
        self._preparations.append(preparation)

    def submit(self, posted: PostedOrder, now: Nanos) -> SubmitReply:
        """Submit an order for an account, which may be more than the exchange's own doing."""
        for prepare in self._preparations:
            prepare(posted, now)
        return self.take(self.exchange.submit(posted, now))

    def forget_market(self, condition_id: ConditionId) -> bool:
        """Let go of a resolved market; refused (False) while somebody has something in it."""
        if not self.exchange.forget_market(condition_id):
            return False
        record = self.records.pop(condition_id)
        del self.resolutions[condition_id]
        for token in record.token_ids:
            del self._record_of[TokenId(token)]
        for watcher in self._departure_watchers:
            watcher(record)
        return True

    def enter(self, bystander: Bystander) -> None:
        """Let somebody trade from now on, until its market is resolved."""
        self.publish(bystander.enter(self.exchange, self.now))
        self.schedule(bystander.participant.next_at, lambda at: self._let_act(bystander, at))

    def schedule(self, at: Nanos, action: Callable[[Nanos], None]) -> None:
        """Do something at a time, which is told to it; not before the present."""
        self._agenda.add(at, action)

    def next_due(self) -> Nanos | None:
        """Return when something happens next without being asked."""
        ours, theirs = self._agenda.next_due(), self.exchange.next_due()
        if ours is None or (theirs is not None and theirs < ours):
            return theirs
        return ours

    def advance(self, now: Nanos, *, instants_max: int | None = None) -> bool:
        """Let everything happen that is due up to a time, which must not lie before the last one.

        After so many instants at which something was due it stops there, and says (False) that the
        time wanted has not come yet.
        """
        instants = 0
        while (due := self.next_due()) is not None and due <= now:
            if instants == instants_max:
                return False
            self._move_to(due)
            instants += 1
        self._move_to(now)
        return True

    def take(self, turn: Turn[R]) -> R:
        """Show what a call of the exchange brought and return its reply."""
        self.publish(turn.events)
        return turn.reply

    def publish(self, events: tuple[VenueEvent, ...]) -> None:
        """Show events to the watchers."""
        for event in events:
            if isinstance(event, MarketResolved):
                self.resolutions[event.condition_id] = event
        if events:
            for watcher in self._watchers:
                watcher(events)

    def _move_to(self, now: Nanos) -> None:
        self.publish(self.exchange.advance(now))
        self._agenda.move_to(now)

    def _let_act(self, bystander: Bystander, now: Nanos) -> None:
        market = self.exchange.market(bystander.condition_id)
        if market is None or market.payouts is not None:
            return
        self.publish(bystander.act(self.exchange, now))
        self.schedule(bystander.participant.next_at, lambda at: self._let_act(bystander, at))
