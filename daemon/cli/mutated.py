"""A `pennyd simulate` that makes a mistake: `python -m daemon.cli.mutated NAME …`.

Nothing of the daemon may be imported before the mistake is in place.
"""

import subprocess
import sys
from collections.abc import Sequence
from typing import Final

from daemon.simulation.mutants.catalogue import MUTANTS
from daemon.simulation.mutants.mutated_import import install

MODULE: Final = "daemon.cli.mutated"


def simulate_mutated(name: str, arguments: Sequence[str]) -> int:
    """Run `pennyd simulate` with a mutant in a process of its own; return its exit code."""
    command = [sys.executable, "-P", "-m", MODULE, name, *arguments]
    return subprocess.run(command, check=False).returncode  # noqa: S603 (ourselves)


def main() -> None:
    """Make the mistake, then be the command line."""
    name, *arguments = sys.argv[1:]
    install(MUTANTS[name])
    from daemon.cli.main import main as command_line  # noqa: PLC0415 (mutated by now)

    sys.exit(command_line(["simulate", *arguments]))


if __name__ == "__main__":
    main()
