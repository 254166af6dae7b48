"""Checks of the machine: interpreter, libraries with native code, room on the disk."""

import platform
import shutil
import sys
from collections.abc import Iterator, Mapping
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from daemon.doctor.check import Check, fail, fine, warn

PYTHON_MIN: Final = (3, 11)
PYTHON_END: Final = (3, 14)
NATIVES: Final = {
    "uvloop": "uvloop.loop",
    "msgspec": "msgspec._core",
    "picows": "picows.picows",
    "asyncpg": "asyncpg.protocol.protocol",
    "aiohttp": "aiohttp._http_parser",
    "pydantic": "pydantic_core._pydantic_core",
}
"""Distribution → the module of it that must be compiled for this machine."""
FREE_BYTES_MIN: Final = 200_000_000
FREE_BYTES_WANTED: Final = 1_000_000_000
GB: Final = 1_000_000_000


def check_python(found: tuple[int, int] | None = None) -> Check:
    """Does the interpreter fit?"""
    current = sys.version_info[:2] if found is None else found
    text = f"{platform.python_implementation()} {current[0]}.{current[1]} at {sys.executable}"
    if PYTHON_MIN <= current < PYTHON_END:
        return fine("python", text)
    return fail(
        "python",
        text,
        meaning="pennyd is built and tested for Python 3.11, 3.12 and 3.13",
        advice="install one of these and run make setup again",
    )


def check_libraries(natives: Mapping[str, str] = NATIVES) -> Check:
    """Can all libraries with native code be loaded?"""
    missing = {name: why for name, module in natives.items() if (why := _trouble(module))}
    if not missing:
        return fine("libraries", ", ".join(f"{name} {_version(name)}" for name in natives))
    return fail(
        "libraries",
        "; ".join(f"{name}: {why}" for name, why in missing.items()),
        meaning="without its compiled part a library is missing or far too slow to trade with",
        advice="run make setup again, on a machine that requirements.lock has wheels for "
        "(Linux x86_64 or aarch64, macOS arm64)",
    )


def check_disk(folder: Path, *, free_bytes: int | None = None) -> Check:
    """Is there room for journal and logs?"""
    place = next(_existing(folder))
    free = shutil.disk_usage(place).free if free_bytes is None else free_bytes
    finding = f"{free / GB:.1f} GB free at {place}"
    meaning = "a full disk stops the journal, and without a journal nothing opens"
    advice = "free some space, or move the state folder with --state-dir"
    if free < FREE_BYTES_MIN:
        return fail("disk", finding, meaning=meaning, advice=advice)
    if free < FREE_BYTES_WANTED:
        return warn("disk", finding, meaning=meaning, advice=advice)
    return fine("disk", finding)


def _existing(folder: Path) -> Iterator[Path]:
    for place in (folder, *folder.parents):
        if place.is_dir():
            yield place


def _trouble(module: str) -> str:
    try:
        import_module(module)
    except Exception as error:  # noqa: BLE001 - a broken library may raise anything at all
        return f"{type(error).__name__}: {error}"
    return ""


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "of unknown version"
