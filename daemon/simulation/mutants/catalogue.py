"""The only list of mutants."""

from typing import Final

from daemon.simulation.mutants.engine_mutants import ENGINE_MUTANTS
from daemon.simulation.mutants.mutant import Mutant
from daemon.simulation.mutants.order_mutants import ORDER_MUTANTS
from daemon.simulation.mutants.shell_mutants import SHELL_MUTANTS

MUTANTS: Final[dict[str, Mutant]] = {
    mutant.name: mutant for mutant in (*SHELL_MUTANTS, *ORDER_MUTANTS, *ENGINE_MUTANTS)
}
"""Name → mutant, in the order of the table."""
