"""pennyd: from a command line to an exit code.

Checks that the packages are ours before anything else, refuses secrets among the arguments, and
explains whatever goes wrong. Knows no command itself.
"""

import os
import sys
from collections.abc import Sequence
from typing import Final

from daemon.cli.failure import explain
from daemon.cli.ownership import check_ownership
from daemon.errors import ConfigError, PennydError

SECRET_OPTIONS: Final = ("--private-key", "--privatekey", "--private_key")
REFUSAL: Final = (
    "--private-key is refused: every user of this machine can read it in the process list, and it "
    "stays in the shell's history. Set POLYMARKET_PRIVATE_KEY in .env.local (mode 0600) or in the "
    "environment; paper trading needs no key. Take the one you typed for known to others"
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        check_ownership()
        _refuse_secrets(given)
        return _run(given)
    except BrokenPipeError:
        # Whoever read us has enough (`pennyd orders --all | head`).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except PennydError as error:
        return explain(error, arguments=given)
    except BaseExceptionGroup as group:
        return explain(group, arguments=given)
    except Exception as error:  # noqa: BLE001 - the last one to catch it
        return explain(error, arguments=given)


def _run(arguments: list[str]) -> int:
    from daemon.cli.commands import build_app  # noqa: PLC0415 - after the check of ownership

    try:
        build_app(arguments)(arguments, prog_name="pennyd")
    except SystemExit as end:
        sys.stdout.flush()
        return end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    return 0


def _refuse_secrets(arguments: Sequence[str]) -> None:
    for word in arguments:
        if word.partition("=")[0].lower() in SECRET_OPTIONS:
            raise ConfigError(REFUSAL)
