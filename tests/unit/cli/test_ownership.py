"""Somebody else's package under one of our names is named before anything is imported."""

import sys
from pathlib import Path

import pytest

from daemon.cli.ownership import ROOT, check_ownership
from daemon.errors import ConfigError


def test_our_own_packages_pass() -> None:
    check_ownership()


def test_a_stray_module_is_named_with_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stray = tmp_path / "pennyd_stray_config.py"
    stray.write_text("")
    monkeypatch.setattr(sys, "path", [str(tmp_path), *sys.path])
    with pytest.raises(ConfigError, match="installed alone") as refused:
        check_ownership(["pennyd_stray_config"], ROOT)
    assert str(stray) in str(refused.value)


def test_the_distribution_that_owns_the_intruder_is_named() -> None:
    with pytest.raises(ConfigError, match=r"which belongs to pytest \d"):
        check_ownership(["pytest"], ROOT)


def test_a_missing_package_is_an_installation_to_repeat() -> None:
    with pytest.raises(ConfigError, match="reinstall pennyd"):
        check_ownership(["pennyd_nowhere"], ROOT)


def test_every_problem_is_told_at_once() -> None:
    with pytest.raises(ConfigError) as refused:
        check_ownership(["pennyd_nowhere", "daemon", "pytest"], ROOT)
    assert len(refused.value.problems) == 2
