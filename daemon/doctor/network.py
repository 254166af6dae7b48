"""Checks of the way to the venue; only when asked for, because it leaves this machine."""

import time

from config.venue_settings import VenueSettings
from daemon.adapters.venue_probe import Probe, probe_venue
from daemon.doctor.check import Check, fail, fine, warn

CLOCK_OFF_S_MAX = 2


async def check_network(venue: VenueSettings) -> list[Check]:
    """Return whether order book and discovery answer, and whether the clocks agree."""
    clob, gamma = await probe_venue(venue.clob_url, venue.gamma_url)
    checks = [_reached("venue: order book", clob), _reached("venue: discovery", gamma)]
    clock = None if clob.trouble else _clock(clob)
    return [*checks, clock] if clock is not None else checks


def _reached(name: str, probe: Probe) -> Check:
    if not probe.trouble:
        return fine(name, f"{probe.url} answered in {probe.took_ms} ms")
    return fail(
        name,
        f"{probe.url}: {probe.trouble}",
        meaning="without it pennyd finds no markets and no books",
        advice="check network, proxy and whether the venue may be used from here",
    )


def _clock(probe: Probe) -> Check | None:
    text = probe.body.strip().strip('"')
    if not text.isdecimal():
        return None
    off_s = round(time.time()) - int(text)  # noqa: TID251 - the machine's clock is what is checked
    finding = f"this machine's clock is {off_s:+d} s off the venue's"
    if abs(off_s) <= CLOCK_OFF_S_MAX:
        return fine("clock", finding)
    return warn(
        "clock",
        finding,
        meaning="data looks older or younger than it is, and signed times may be refused",
        advice="let the system keep its clock: timedatectl set-ntp true",
    )
