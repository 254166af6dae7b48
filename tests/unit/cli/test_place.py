"""The state folder a command means; found even when the configuration is broken."""

from pathlib import Path

import pytest

from daemon.cli.place import find_state_dir


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in an empty folder with nothing of the developer's environment."""
    for name in ("PENNYD_STATE_DIR", "PENNYD_MODE", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "xdg"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_flag_wins_over_everything(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENNYD_STATE_DIR", str(here / "env"))
    assert find_state_dir(None, Path("flag")) == here / "flag"


def test_the_environment_names_it(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PENNYD_STATE_DIR", str(here / "env"))
    assert find_state_dir() == here / "env"


def test_the_configuration_file_names_it(here: Path) -> None:
    (here / "pennyd.toml").write_text('state_dir = "from-file"\n')
    assert find_state_dir() == here / "from-file"


def test_nobody_names_it(here: Path) -> None:
    assert find_state_dir() == here / "xdg" / "pennyd"


def test_a_broken_configuration_is_mentioned_and_worked_around(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (here / "pennyd.toml").write_text("no toml at all")
    assert find_state_dir() == here / "xdg" / "pennyd"
    assert "pennyd config check" in capsys.readouterr().err
    monkeypatch.setenv("PENNYD_STATE_DIR", "relative")
    assert find_state_dir() == here / "relative"
