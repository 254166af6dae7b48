"""Are the packages `daemon`, `strategies` and `config` really ours?

The names are generic and other distributions use them, so this is asked before anything of ours is
imported. Standard library only; knows nothing about commands.
"""

from collections.abc import Sequence
from importlib.metadata import distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from daemon.errors import ConfigError

NAMES: Final = ("daemon", "strategies", "config")
ROOT: Final = Path(__file__).resolve().parents[2]


def check_ownership(names: Sequence[str] = NAMES, root: Path = ROOT) -> None:
    """Raise ConfigError naming every package that comes from somewhere else."""
    problems = [problem for name in names if (problem := _problem(name, root))]
    if problems:
        raise ConfigError(*problems)


def _problem(name: str, root: Path) -> str | None:
    try:
        spec = find_spec(name)
    except (ImportError, ValueError):
        spec = None
    origin = None if spec is None else spec.origin
    if origin is not None and Path(origin).resolve() == root / name / "__init__.py":
        return None
    taken_by = _describe(origin)
    return (
        f"the package '{name}' is not pennyd's: {taken_by}; pennyd is installed alone, in an "
        "environment of its own (make setup), and started away from files of that name"
    )


def _describe(origin: str | None) -> str:
    if origin is None:
        return "it cannot be found, reinstall pennyd"
    owner = _distribution(Path(origin))
    return f"{origin} comes first" + (f", which belongs to {owner}" if owner else "")


def _distribution(origin: Path) -> str | None:
    """Name the distribution that installed a file; slow, so asked only on the way out."""
    place = origin.resolve()
    for distribution in distributions():
        for file in distribution.files or ():
            if file.name != origin.name:
                continue
            if Path(str(distribution.locate_file(file))).resolve() == place:
                return f"{distribution.metadata['Name']} {distribution.version}"
    return None
