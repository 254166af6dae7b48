"""Opens a tape by name or path: the bundled ones, or any file in the format of daemon.sim.exchange.tape.tape.

Reads as it is asked, so that the first frame is there at once and memory stays flat.
"""

import gzip
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, cast

from daemon.errors import ConfigError
from daemon.sim.exchange.tape.frame import Frame, build_frames
from daemon.sim.exchange.tape.tape import TapeHeader, TapeLine, parse_header, parse_lines

TAPES = Path(__file__).parent / "tapes"
SUFFIX = ".tape.gz"
LINE_BYTES_MAX = 4 * 1024 * 1024
"""No stored frame is longer; twice what the daemon accepts."""


def bundled_names() -> list[str]:
    """Return the names of the tapes that come with the program."""
    return sorted(path.name.removesuffix(SUFFIX) for path in TAPES.glob(f"*{SUFFIX}"))


def open_tape(name: str) -> tuple[TapeHeader, Iterator[Frame]]:
    """Return the header and the frames of a bundled tape or of a file; ConfigError if neither."""
    header, lines = open_lines(name)
    return header, build_frames(header, lines)


def open_lines(name: str) -> tuple[TapeHeader, Iterator[TapeLine]]:
    """Return the header and the lines of a tape as they are stored; ConfigError if there is none."""
    path = TAPES / f"{name}{SUFFIX}" if name in bundled_names() else Path(name)
    if not path.is_file():
        known = ", ".join(bundled_names())
        raise ConfigError(f"--tape {name}: no such tape and no such file; give {known} or a path")
    lines = _lines(path)
    first = next(lines, b"")
    header = parse_header(first, str(path))
    return header, parse_lines(lines, header, str(path))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path, "rb") as archive:
            file = cast("BinaryIO", archive)
            while line := file.readline(LINE_BYTES_MAX):
                yield line
    except (OSError, EOFError, zlib.error) as error:
        raise ConfigError(f"{path}: cannot be read to its end ({error}); build it again") from None
