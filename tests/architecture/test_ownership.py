"""The generic top-level names are ours in this environment, and nothing locked would take them."""

import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests.architecture.source_tree import PRODUCT, ROOT

LOCK = ROOT / "requirements.lock"
OTHERS_OF_THESE_NAMES = {"python-daemon", "daemon", "config", "strategies"}


def locked_names() -> set[str]:
    """Return the distributions that the lock names."""
    return set(
        re.findall(r"^([a-z0-9][a-z0-9._-]*)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    )


@pytest.mark.parametrize("name", [*PRODUCT, "tests"])
def test_top_level_package_comes_from_this_checkout(name: str) -> None:
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    assert Path(spec.origin).resolve() == ROOT / name / "__init__.py"


def test_lock_names_no_distribution_that_takes_our_names() -> None:
    assert {"aiohttp", "asyncpg", "hatchling", "editables"} <= locked_names()
    assert locked_names() & OTHERS_OF_THESE_NAMES == set()


def test_lock_names_no_index_and_no_address() -> None:
    text = LOCK.read_text(encoding="utf-8")
    assert re.findall(r"://|^\s*-(?!-hash=sha256:)\S*", text, re.MULTILINE) == []


def test_every_locked_package_has_a_version_and_hashes() -> None:
    text = re.sub(r"^\s*#.*\n", "", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
    entries = re.split(r"\n(?=\S)", text.replace("\\\n", " ").strip())
    odd = [
        entry.split()[0]
        for entry in entries
        if not re.match(r"[a-z0-9._-]+==\S+ .*--hash=sha256:[0-9a-f]{64}\b", entry)
    ]
    assert len(entries) == len(locked_names())
    assert odd == []
