"""Reference prices from a recording: JSON lines of `{"asset": "btc", "at": ns, "price": "64251.1"}`.

Lines are in order of time; every asset has its own prices, of at most six decimals. A recording may be moved to another time
as a whole. After its last line the last price holds.
"""

from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from daemon.domain.units import MICRO, Nanos, parse_micros
from daemon.errors import ConfigError
from daemon.sim.exchange.season.reference_prices import ReferencePrices
from daemon.sim.exchange.windows.window import ASSETS
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

LINES_MAX: Final = 5_000_000
"""Of one recording: they are all in memory. A price a second of one asset for eight weeks."""
PRICE_MAX: Final = 1_000_000_000 * MICRO


class RecordedPrice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One line."""

    asset: str
    at: int
    price: str


_LINE: Final = msgspec.json.Decoder(RecordedPrice)


def parse_prices(lines: Iterable[bytes], source: str) -> dict[str, list[ReferencePrice]]:
    """Return the prices by asset; ConfigError names the line that cannot be."""
    prices: dict[str, list[ReferencePrice]] = {}
    for number, line in enumerate(lines, start=1):
        where = f"{source} line {number}"
        if number > LINES_MAX:
            raise ConfigError(f"{where}: a recording has at most {LINES_MAX} lines; cut it")
        asset, price = _parse(line, where)
        known = prices.setdefault(asset, [])
        if known and price.at < known[-1].at:
            raise ConfigError(f"{where}: `at` runs backwards; sort the recording by `at`")
        known.append(price)
    if not prices:
        raise ConfigError(f"{source}: holds no price; give one JSON object a line")
    return prices


def recorded_prices(
    prices: dict[str, list[ReferencePrice]], now: Nanos, *, first_at: Nanos | None = None
) -> dict[str, ReferencePrices]:
    """Return what is known of them now; `first_at` moves all of them, so that they begin there."""
    start = min(known[0].at for known in prices.values())
    by = 0 if first_at is None else first_at - start
    return {
        asset: ReferencePrices(asset, _moved(known, by), now) for asset, known in prices.items()
    }


def _parse(line: bytes, where: str) -> tuple[str, ReferencePrice]:
    try:
        found = _LINE.decode(line)
        price = parse_micros(found.price)
    except (msgspec.DecodeError, UnicodeDecodeError, ValueError) as error:
        raise ConfigError(
            f'{where}: {error}; write it like {{"asset": "btc", "at": 1790000000000000000,'
            ' "price": "64251.1"}'
        ) from None
    if found.asset not in ASSETS:
        raise ConfigError(f"{where}: no windows on {found.asset!r}; give {', '.join(ASSETS)}")
    if not 0 < price <= PRICE_MAX or found.at < 0:
        raise ConfigError(f"{where}: a price and its time are positive")
    return found.asset, ReferencePrice(Nanos(found.at), price)


def _moved(prices: list[ReferencePrice], by: int) -> Iterator[ReferencePrice]:
    return (ReferencePrice(Nanos(one.at + by), one.price) for one in prices)
