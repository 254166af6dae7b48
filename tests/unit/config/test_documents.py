"""The generated documents are current, and what they show can be used."""

from pathlib import Path

import pytest

from config.catalogue import ENTRY_KEYS, KEYS
from config.layer import as_table
from config.load import load
from config.toml_source import read_table
from strategies.registry import STRATEGIES
from tests.unit.config.conftest import Loader
from tools.generate_configuration_docs import configuration_page, env_example, main


@pytest.mark.requirement("S3-008")
def test_documents_are_current(repository: Path) -> None:
    hint = "run tools/generate_configuration_docs.py"
    assert (repository / ".env.example").read_text("utf-8") == env_example(), hint
    assert (repository / "docs/configuration.md").read_text("utf-8") == configuration_page(), hint
    assert main(["--check"]) == 0


@pytest.mark.requirement("S3-008")
def test_every_line_of_the_example_can_be_switched_on(load_in: Loader) -> None:
    lines = env_example().splitlines()
    variables = [line[1:] for line in lines if line.startswith("#") and line[1:2].isalpha()]
    assert len(variables) == len(KEYS)
    assert load_in(dotenv="\n".join(variables)).settings == load_in().settings


def test_every_key_has_a_meaning_that_the_page_tells() -> None:
    page = configuration_page()
    keys = [*KEYS.values(), *(key for keys in ENTRY_KEYS.values() for key in keys.values())]
    for key in keys:
        assert key.meaning
        assert f"`{key.name}`" in page or key.name == "name"
        assert all(f"`{alias}`" in page for alias in key.aliases)
        assert key.expected or key.path in ("strategies", "name")


def test_example_of_the_page_is_a_configuration(tmp_path: Path) -> None:
    page = configuration_page()
    example = page.partition("```toml\n")[2].partition("```")[0]
    (tmp_path / "pennyd.toml").write_text(example, "utf-8")
    settings = load(None, {"HOME": "/nowhere"}, {}, folder=tmp_path).settings
    assert (settings.mode, len(settings.markets), len(settings.strategies)) == ("paper", 1, 3)


def test_profiles_hold_nothing_but_what_is_known(repository: Path) -> None:
    risk = {key.name for key in KEYS.values() if key.section == "risk"}
    for name, profile in read_table(repository / "config/profiles.toml").items():
        tables = as_table(profile) or {}
        assert set(tables) == {"risk", *STRATEGIES}, name
        assert set(as_table(tables["risk"]) or {}) == risk
        for strategy in STRATEGIES:
            assert set(as_table(tables[strategy]) or {}) <= set(ENTRY_KEYS[strategy])


def test_configuration_and_registry_know_the_same_strategies() -> None:
    assert set(ENTRY_KEYS) == set(STRATEGIES)


def test_a_document_that_is_not_current_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("tools.generate_configuration_docs.ROOT", tmp_path)
    (tmp_path / "docs").mkdir()
    assert main(["--check"]) == 1
    assert (
        capsys.readouterr().out == "not current: docs/configuration.md\nnot current: .env.example\n"
    )
    assert main([]) == 0
    assert (tmp_path / ".env.example").read_text("utf-8") == env_example()
    assert main(["--check"]) == 0
