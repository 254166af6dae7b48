"""Makes the import of one module bring its mutated source; files and caches stay as they are."""

import importlib.machinery
import importlib.util
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from types import CodeType, ModuleType

from daemon.simulation.mutants.mutant import Mutant


class _MutatedLoader(importlib.machinery.SourceFileLoader):
    """Compiles the changed text of a module instead of reading what was compiled before."""

    def __init__(self, mutant: Mutant, path: str) -> None:
        super().__init__(mutant.module, path)
        self._mutant = mutant

    def get_code(self, fullname: str) -> CodeType:
        """Return the code of the changed source."""
        source = self.get_source(fullname)
        assert source is not None
        return compile(self._mutant.applied_to(source), self.path, "exec", dont_inherit=True)


class _MutatedFinder(MetaPathFinder):
    """Answers for one module, before everybody else."""

    def __init__(self, mutant: Mutant) -> None:
        self.mutant = mutant

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        """Return the module's own place with another loader."""
        if fullname != self.mutant.module:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path, target)
        if spec is None or spec.origin is None:
            return None
        loader = _MutatedLoader(self.mutant, spec.origin)
        return importlib.util.spec_from_file_location(fullname, spec.origin, loader=loader)


def install(mutant: Mutant) -> None:
    """Let this process make the mistake; the module must not have been imported."""
    assert mutant.module not in sys.modules, f"{mutant.module} is imported already"
    sys.meta_path.insert(0, _MutatedFinder(mutant))


def installed() -> str | None:
    """Return the name of the mutant that this process is, None when it makes no mistake."""
    for finder in sys.meta_path:
        if isinstance(finder, _MutatedFinder):
            return finder.mutant.name
    return None
