"""Opens a recording of reference prices: JSON lines, compressed or not."""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Final, cast

from daemon.errors import ConfigError
from daemon.sim.exchange.season.recorded_prices import parse_prices
from daemon.sim.exchange.windows.window_resolution import ReferencePrice

LINE_BYTES_MAX: Final = 4_096
GZIP_SUFFIX: Final = ".gz"


def open_prices(path: Path) -> dict[str, list[ReferencePrice]]:
    """Return the prices of a file by asset; ConfigError when there are none to be had."""
    return parse_prices(_lines(path), str(path))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") if path.suffix == GZIP_SUFFIX else path.open("rb") as opened:
            file = cast("BinaryIO", opened)
            while line := file.readline(LINE_BYTES_MAX):
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigError(f"{path}: cannot be read to its end ({error})") from None
