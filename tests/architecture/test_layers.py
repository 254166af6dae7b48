"""Who may import whom: the contracts name everything there is, and the core stays pure."""

import re
import sys
import tomllib
from pathlib import Path

import pytest

from tests.architecture.source_tree import (
    PRODUCT,
    PURE,
    ROOT,
    imported_names,
    parse,
    python_files,
    where,
)

PURE_MODULES = {
    "abc", "bisect", "collections", "collections.abc", "dataclasses", "datetime", "decimal", "enum",
    "functools", "hashlib", "heapq", "itertools", "math", "operator", "types", "typing",
}  # fmt: skip


def layer_names() -> set[str]:
    """Return every module that the layers contract names."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (
        contract["layers"]
        for contract in settings["tool"]["importlinter"]["contracts"]
        if contract["type"] == "layers"
    )
    return {name for layer in layers for name in re.split(r"[\s|()]+", layer) if name}


def children_of(package: Path) -> set[str]:
    """Return the modules and packages directly inside a package, as dotted names."""
    files = {path.stem for path in package.glob("*.py") if path.name != "__init__.py"}
    folders = {path.parent.name for path in package.glob("*/*.py")}
    return {f"{package.name}.{name}" for name in files | folders}


def test_every_child_of_daemon_is_named_by_a_layer() -> None:
    assert children_of(ROOT / "daemon") - layer_names() == set()


def test_every_package_of_the_product_is_an_importable_package() -> None:
    folders = {path.parent for path in python_files(*PRODUCT)}
    assert [folder for folder in sorted(folders) if not (folder / "__init__.py").is_file()] == []


@pytest.mark.parametrize("package", PURE)
def test_pure_packages_use_only_the_listed_standard_modules(package: str) -> None:
    foreign = [
        f"{where(path, node)} {name}"
        for path in python_files(package)
        for node, name in imported_names(path)
        if name not in PURE_MODULES and name.split(".")[0] not in PRODUCT
    ]
    assert foreign == []


@pytest.mark.parametrize("package", ["daemon/report", "daemon/errors.py", "daemon/ports.py"])
def test_reports_errors_and_ports_know_the_standard_library_and_us_only(package: str) -> None:
    foreign = [
        f"{where(path, node)} {name}"
        for path in python_files(package)
        for node, name in imported_names(path)
        if name.split(".")[0] not in {*sys.stdlib_module_names, *PRODUCT}
    ]
    assert foreign == []


def test_nobody_imports_a_package_for_what_its_init_holds() -> None:
    """A foreign distribution may replace `__init__`; then nothing of ours may change."""
    imports = [
        where(path, node)
        for path in python_files(*PRODUCT, "tests", "benchmarks", "tools")
        for node, name in imported_names(path)
        if name in PRODUCT
    ]
    assert imports == []


def test_init_files_hold_a_docstring_and_nothing_else() -> None:
    with_code = [
        str(path.relative_to(ROOT))
        for path in python_files(*PRODUCT)
        if path.name == "__init__.py" and len(parse(path).body) != 1
    ]
    assert with_code == []
