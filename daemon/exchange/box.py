"""The exchange as a whole: opens the floor and the ports, lives, and closes in order.

Knows which part needs which; what it is to be is said by BoxOptions, who starts it by `process`.
"""

import asyncio
import time
from contextlib import AsyncExitStack
from types import TracebackType
from typing import Protocol, Self

from daemon.domain.units import Nanos
from daemon.errors import ConfigError
from daemon.exchange.admin.account_pages import AccountPages
from daemon.exchange.admin.clock_pages import ClockPages
from daemon.exchange.admin.fault_pages import FaultPages
from daemon.exchange.admin.market_pages import MarketPages
from daemon.exchange.admin.service_pages import ServicePages
from daemon.exchange.admin.tape_pages import TapePages
from daemon.exchange.admin.traffic_pages import TrafficPages
from daemon.exchange.chain_rpc import ChainRpc
from daemon.exchange.channel_server import MARKET_PATH, USER_PATH
from daemon.exchange.clob.clob_desk import ClobDesk
from daemon.exchange.clob_history import ClobHistory
from daemon.exchange.clob_markets import ClobMarkets
from daemon.exchange.clob_quotes import ClobQuotes
from daemon.exchange.clob_service import ClobService
from daemon.exchange.data_history import DataHistory
from daemon.exchange.data_lookups import DataLookups
from daemon.exchange.doors import Desk, Doors
from daemon.exchange.floor_pump import FloorPump
from daemon.exchange.gamma_lookups import GammaLookups
from daemon.exchange.geoblock import Geoblock
from daemon.exchange.market_channel import MarketChannel
from daemon.exchange.opening import open_floor
from daemon.exchange.options import BoxOptions
from daemon.exchange.price_feeds import POLYBOLT_PATH, reference_feed, spot_feed
from daemon.exchange.ready import Ready, build_ready
from daemon.exchange.relayer_lookups import RelayerLookups
from daemon.exchange.request_faults import RequestFaults
from daemon.exchange.season_opening import open_reference, open_season
from daemon.exchange.service import Service
from daemon.exchange.tape_opening import open_player
from daemon.exchange.tape_pump import TapePump
from daemon.exchange.traffic import Traffic
from daemon.exchange.user_channel import UserChannel
from daemon.exchange.venue_clock import PaceClock, VenueClock
from daemon.sim.clock import ScaledClock
from daemon.sim.exchange.auth.address import Address
from daemon.sim.exchange.display.price_history import PriceHistory
from daemon.sim.exchange.front.service_gate import AccountStanding
from daemon.sim.exchange.front.signer_limiter import SignerLimiter
from daemon.sim.exchange.outside.outside import Outside
from daemon.sim.exchange.tape.tape_player import TapePlayer


class Pump(Protocol):
    """Moves the exchange in time."""

    async def run(self) -> None:
        """Go on to the end, or until cancelled."""
        ...


class ExchangeBox:
    """An open exchange; use it as an asynchronous context.

    `ready` says where it answers. A tape that turns out broken on the way ends the context with a
    ConfigError (in an ExceptionGroup).
    """

    ready: Ready

    def __init__(self, options: BoxOptions, *, clock: PaceClock | None = None) -> None:
        """Check the options, open the tape and the floor; ConfigError when any of it cannot work.

        `clock` keeps the pace. Without one it is the wall's, and for a tape that does not happen
        now it is set by a parent or by the first subscription.
        """
        options.check()
        if clock is None and (options.tape is None or options.is_now):
            clock = _wall_clock(options.speed)
        self._options = options
        self._pace = clock
        self._player = None if options.tape is None else open_player(options, options.tape, clock)
        self.traffic = Traffic()
        self.standings: dict[Address, AccountStanding] = {}
        """Wallets that are not in good standing; may change at any time."""
        self._clock = None if clock is None or self._player else VenueClock(clock)
        self.floor = open_floor(options, clock=self._opening_time, player=self._player)
        self.season = open_season(
            self.floor.marketplace,
            str(options.seed),
            has_windows=self._player is None and not options.is_quiet,
            prices=open_reference(options, self.floor.marketplace.now),
        )
        self._stack = AsyncExitStack()

    @property
    def player(self) -> TapePlayer:
        """The tape at its position; there must be one."""
        assert self._player is not None, "this exchange plays no tape"
        return self._player

    async def __aenter__(self) -> Self:
        """Open every port and stand by; ConfigError if one is taken."""
        try:
            await self._open()
        except* OSError as group:
            options = self._options
            raise ConfigError(
                f"--host {options.host} --port {options.port}: cannot listen there"
                f" ({group.exceptions[0]}); choose another port, or 0 for any free ones"
            ) from None
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> bool | None:
        """Stop the time, drop the clients, close the ports."""
        return await self._stack.__aexit__(kind, error, trace)

    def _opening_time(self) -> Nanos:
        return Nanos(self.player.at) if self._clock is None else self._clock.now()

    async def _open(self) -> None:
        options, floor = self._options, self.floor
        async with AsyncExitStack() as stack:
            group = await stack.enter_async_context(asyncio.TaskGroup())
            channel = MarketChannel(floor, self.traffic)
            pumps, time_pages = self._keep_time(channel)
            faults, history = RequestFaults(floor), PriceHistory(floor.marketplace, floor.books)
            doors = Doors(stack, host=options.host, port=options.port, traffic=self.traffic)

            await doors.serve(
                Service.CLOB,
                ClobService(floor, faults),
                ClobQuotes(floor, faults),
                ClobMarkets(floor, faults),
                ClobHistory(floor, faults, history),
                ClobDesk(
                    floor,
                    faults,
                    limiter=SignerLimiter(is_enforced=not options.is_unlimited),
                    standings=self.standings,
                    seed=str(options.seed),
                ),
                TrafficPages(self.traffic),
                time_pages,
                AccountPages(floor),
                MarketPages(floor),
                ServicePages(floor),
                FaultPages(floor, channel),
            )
            await doors.serve(Service.GAMMA, GammaLookups(floor, self.season.strikes))
            await doors.serve(Service.DATA, DataLookups(floor), DataHistory(floor, history))
            await doors.serve(Service.RELAYER, RelayerLookups(floor))
            await doors.serve(Service.GEOBLOCK, Geoblock())
            await doors.serve(Service.RPC, ChainRpc(floor))
            await doors.listen(Service.MARKET_WS, channel, MARKET_PATH)
            await doors.listen(Service.USER_WS, UserChannel(floor, self.traffic), USER_PATH)

            prices, seed = self.season.prices, str(options.seed)
            spot, reference = spot_feed(floor, prices, seed), reference_feed(floor, prices, seed)
            await doors.listen(Service.SPOT_WS, spot)
            await doors.listen(Service.REFERENCE_WS, reference, POLYBOLT_PATH)

            for pump in pumps:
                task = group.create_task(pump.run(), name=type(pump).__name__)
                stack.callback(task.cancel)
            self.ready = build_ready(doors.addresses, floor, self._player)
            self._stack = stack.pop_all()

    def _keep_time(self, channel: MarketChannel) -> tuple[list[Pump], Desk]:
        """Return what moves the floor in time, and the admin pages of that time."""
        options, floor = self._options, self.floor
        floor_pump = FloorPump(floor, speed=options.speed or 1, clock=self._clock)
        if self._clock is not None:
            return [floor_pump], ClockPages(floor, self._clock)
        tape_pump = TapePump(
            self.player,
            channel,
            Outside(floor.marketplace, floor.books, self.player.books),
            speed=options.speed,
            clock=self._pace,
            is_waiting=not options.is_now,
        )
        floor.clock = lambda: Nanos(tape_pump.now)
        # At speed 0 the frames alone move the time, so that a run repeats itself.
        pumps: list[Pump] = [tape_pump, floor_pump] if options.speed else [tape_pump]
        return pumps, TapePages(self.player, tape_pump)


def _wall_clock(speed: int) -> PaceClock:
    """Return a clock that starts at the wall's time and then does not jump with it."""
    return ScaledClock(origin_at=time.time_ns(), m0_ns=time.monotonic_ns(), speed=speed)
