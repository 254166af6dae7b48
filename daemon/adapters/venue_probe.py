"""Asks each public interface of the venue for one small thing: does it answer, and what time is it.

Sends no credentials and no orders; used by `pennyd doctor --network` only.
"""

import time
from dataclasses import dataclass

import aiohttp

from daemon.adapters.polymarket.http_reader import HttpReader
from daemon.errors import VenueError

USER_AGENT = "pennyd"
OK = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """What one interface answered."""

    url: str
    took_ms: int
    trouble: str
    """Why it is of no use; empty when it answered."""
    body: str = ""


async def probe_venue(clob_url: str, gamma_url: str) -> tuple[Probe, Probe]:
    """Return what the order book's /time and the discovery's /markets answer."""
    async with aiohttp.ClientSession(
        headers={"User-Agent": USER_AGENT}, cookie_jar=aiohttp.DummyCookieJar()
    ) as session:
        reader = HttpReader(session)
        clob = await _probe(reader, f"{clob_url.rstrip('/')}/time")
        gamma = await _probe(reader, f"{gamma_url.rstrip('/')}/markets?limit=1")
    return clob, gamma


async def _probe(reader: HttpReader, url: str) -> Probe:
    started_ns = time.perf_counter_ns()
    try:
        answer = await reader.get(url)
    except VenueError as error:
        return Probe(url=url, took_ms=_ms_since(started_ns), trouble=str(error))
    trouble = "" if answer.status == OK else f"status {answer.status}: {answer.excerpt}"
    took_ms = _ms_since(started_ns)
    return Probe(
        url=url, took_ms=took_ms, trouble=trouble, body=answer.body.decode(errors="replace")
    )


def _ms_since(started_ns: int) -> int:
    return (time.perf_counter_ns() - started_ns) // 1_000_000
