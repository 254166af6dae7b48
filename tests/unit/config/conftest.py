"""Loads configurations from a folder of its own, never from the developer's files."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol

import pytest

from config.load import load
from config.loaded import Loaded
from daemon.errors import ConfigError


class Loader(Protocol):
    def __call__(
        self,
        toml: str | None = None,
        *,
        dotenv: str | None = None,
        dotenv_local: str | None = None,
        environ: Mapping[str, str] | None = None,
        flags: Mapping[str, object] | None = None,
    ) -> Loaded: ...


@pytest.fixture
def load_in(tmp_path: Path) -> Loader:
    """Return a loader whose working directory is empty but for what a test writes."""
    folder = tmp_path / "desk"
    folder.mkdir()

    def load_with(
        toml: str | None = None,
        *,
        dotenv: str | None = None,
        dotenv_local: str | None = None,
        environ: Mapping[str, str] | None = None,
        flags: Mapping[str, object] | None = None,
    ) -> Loaded:
        files = {"pennyd.toml": toml, ".env": dotenv, ".env.local": dotenv_local}
        for name, text in files.items():
            if text is not None:
                (folder / name).write_text(text, encoding="utf-8")
        home = {"HOME": str(tmp_path), "XDG_STATE_HOME": str(tmp_path / "state")}
        return load(None, {**home, **(environ or {})}, flags or {}, folder=folder)

    return load_with


@pytest.fixture
def problems_of(load_in: Loader) -> Callable[..., tuple[str, ...]]:
    """Return what loading complains of; a test that expects complaints fails without any."""

    def problems(*args: str, **kwargs: object) -> tuple[str, ...]:
        with pytest.raises(ConfigError) as caught:
            load_in(*args, **kwargs)  # type: ignore[arg-type]
        return caught.value.problems

    return problems
