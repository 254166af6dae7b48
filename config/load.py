"""Reads the configuration from its sources and says which of them set each value.

The later wins: shipped preset, profile, TOML file, .env, .env.local, environment, command line. All
problems are reported at once, each naming its key and its source. Nothing is read but what is handed
in, so a test never meets the files of the developer.
"""

import os
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Final, TypeVar

from config.environment_source import (
    DOTENV_FILES,
    dotenv_variables,
    environment_layer,
    process_variables,
)
from config.form import Unfit, one_of
from config.layer import Layer, layer_of
from config.loaded import Loaded, shown_values
from config.merge import DEFAULT, merge
from config.mode import Mode, Profile
from config.profile_table import preset_layer, profile_table
from config.settings import settings_of
from config.state_folder import absolute, default_state_dir, home_of
from config.toml_source import FILE, toml_layer
from daemon.errors import ConfigError

COMMAND_LINE: Final = "command line"

_Choice = TypeVar("_Choice", bound=StrEnum)


def load(
    path: Path | None,
    environ: Mapping[str, str],
    overrides: Mapping[str, object],
    *,
    folder: Path | None = None,
) -> Loaded:
    """Return the settings in force and where each value came from.

    `path` is the TOML file; None looks for pennyd.toml in `folder` (the working directory), then in
    the state folder. `overrides` are flags: full keys → values, None for a flag not given. Raises
    ConfigError with one line per problem. Whether a run can start is asked by `require_runnable`.
    """
    folder = Path.cwd() if folder is None else folder
    uid = os.geteuid()
    home = home_of(environ, uid)
    base = layer_of({"state_dir": str(default_state_dir(environ, uid))}, lambda _: DEFAULT)
    flags = {name: value for name, value in overrides.items() if value is not None}
    upper = [
        *(environment_layer(dotenv_variables(folder / name)) for name in reversed(DOTENV_FILES)),
        environment_layer(process_variables(environ)),
        layer_of(flags, lambda _: COMMAND_LINE),
    ]
    state_dir = absolute(_first_state_dir([base, *upper]), folder, home)
    file = _find_file(path, folder, state_dir)
    if file is not None:
        upper = [toml_layer(file, _name(file, folder)), *upper]
    preset = preset_layer(_chosen(upper, "mode", Mode, Mode.PAPER))
    profile = profile_table(_chosen([preset, *upper], "profile", Profile, Profile.STARTER))
    merged = merge([base, preset, profile.layer(), *upper], profile)
    document = merged.document()
    where = absolute(document.state_dir, folder, home)
    if file is not None and path is None and file.parent == state_dir != where:
        raise ConfigError(
            f"state_dir ({merged.source_of('state_dir')}): expected {state_dir}, where this file "
            "was found: it cannot move its own folder; set PENNYD_STATE_DIR instead"
        )
    document = document.model_copy(update={"state_dir": where})
    shown, written = shown_values(document), merged.written()
    return Loaded(
        settings=settings_of(document),
        sources={key: written.get(key, DEFAULT) for key in shown},
        values=shown,
        file=file,
    )


def _first_state_dir(layers: Sequence[Layer]) -> Path:
    """Return the state folder that is searched for a file, before the file itself has a say."""
    found = [layer.values["state_dir"].value for layer in layers if "state_dir" in layer.values]
    return Path(found[-1]) if isinstance(found[-1], str | Path) else Path()


def _find_file(path: Path | None, folder: Path, state_dir: Path) -> Path | None:
    if path is not None:
        return folder / path
    return next((p for p in (folder / FILE, state_dir / FILE) if p.is_file()), None)


def _name(file: Path, folder: Path) -> str:
    """Call a file of the working directory by its name, any other by its path."""
    return file.name if file.parent == folder else str(file)


def _chosen(
    layers: Sequence[Layer], key: str, choices: type[_Choice], otherwise: _Choice
) -> _Choice:
    """Return a choice that decides what else is read; a wrong one is reported with the others."""
    found = [layer.values[key].value for layer in layers if key in layer.values]
    if not found:
        return otherwise
    try:
        return choices(str(one_of(choices).parse(found[-1])))
    except Unfit:
        return otherwise
