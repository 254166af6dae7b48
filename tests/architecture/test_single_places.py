"""Some things are done in few places only: approving, branching on the mode, calling out."""

import ast

import pytest

from tests.architecture.source_tree import PRODUCT, PURE, ROOT, parse, python_files, where

MAY_READ_THE_MODE = ("daemon/app/plugs.py", "config/", "daemon/cli/")  # plugs in; validates; parses


def makers_of(name: str) -> set[str]:
    """Return the sources that construct a class of this name."""
    return {
        where(path, node).split(":")[0]
        for path in python_files(*PRODUCT)
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and last_name(node.func) == name
    }


def last_name(node: ast.AST) -> str:
    """Return `c` of `a.b.c`, or of a plain `c`."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""


def mode_tests(tree: ast.AST) -> list[ast.AST]:
    """Return every comparison or match that looks at the mode."""
    found: list[ast.AST] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Compare):
            looked_at = [node.left, *node.comparators]
        elif isinstance(node, ast.Match):
            looked_at = [node.subject]
        else:
            continue
        if any(names_the_mode(part) for side in looked_at for part in parts(side)):
            found.append(node)
    return found


def parts(side: ast.expr) -> list[ast.expr]:
    """Return what is compared: the thing itself, or the members of a set of things."""
    return side.elts if isinstance(side, ast.Tuple | ast.List | ast.Set) else [side]


def names_the_mode(node: ast.AST) -> bool:
    """Tell `mode`, `x.mode`, `Mode.PAPER` and `TradingMode.PAPER` from anything else."""
    if isinstance(node, ast.Attribute):
        if last_name(node.value).endswith("Mode"):
            return True
        if node.attr == "value":
            return names_the_mode(node.value)
    return last_name(node) in {"mode", "trading_mode"}


def test_only_the_risk_manager_approves() -> None:
    assert makers_of("Approved") == {"daemon/risk/manager.py"}


def test_only_reading_to_the_end_makes_a_whole_list() -> None:
    assert makers_of("Complete") == {"daemon/domain/complete.py"}


@pytest.mark.parametrize(
    "source",
    [
        "if mode == 'paper': pass",
        "x = 1 if s.mode is Mode.LIVE else 2",
        "match mode:\n case _: pass",
        "x = s.mode.value != 'live'",
        "x = m in (Mode.PAPER, Mode.LIVE)",
    ],
)
def test_the_search_for_branches_on_the_mode_finds_them(source: str) -> None:
    assert len(mode_tests(ast.parse(source))) == 1


def test_only_the_composition_root_branches_on_the_mode() -> None:
    elsewhere = [
        where(path, node)
        for path in python_files(*PRODUCT)
        if not path.relative_to(ROOT).as_posix().startswith(MAY_READ_THE_MODE)
        for node in mode_tests(parse(path))
    ]
    assert elsewhere == []


def test_only_adapters_open_connections() -> None:
    """The local exchange is called and does not call; everybody else is handed a port."""
    clients = {"ClientSession", "WSTransport", "ws_connect"}
    elsewhere = [
        where(path, node)
        for path in python_files(*PRODUCT)
        if not path.relative_to(ROOT).as_posix().startswith("daemon/adapters/")
        for node in ast.walk(parse(path))
        if isinstance(node, ast.Call) and last_name(node.func) in clients
    ]
    assert elsewhere == []


def is_float(node: ast.AST) -> bool:
    """Tell a float literal, the name `float` and a true division from anything else."""
    if isinstance(node, ast.Constant):
        return isinstance(node.value, float)
    if isinstance(node, ast.Name):
        return node.id == "float"
    return isinstance(node, ast.BinOp | ast.AugAssign) and isinstance(node.op, ast.Div)


@pytest.mark.parametrize("source", ["x = 0.5", "x: float = 1", "x = a / b", "x /= 2"])
def test_the_search_for_floats_finds_them(source: str) -> None:
    assert any(is_float(node) for node in ast.walk(ast.parse(source)))


@pytest.mark.parametrize("package", PURE)
def test_no_float_enters_the_pure_core(package: str) -> None:
    floats = [
        where(path, node)
        for path in python_files(package)
        for node in ast.walk(parse(path))
        if is_float(node)
    ]
    assert floats == []
