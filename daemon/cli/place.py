"""Which state folder and which settings a command means.

Commands that must work in an emergency only need the folder, and get one even when the
configuration is broken.
"""

import os
import sys
from pathlib import Path

from config.load import load
from config.loaded import Loaded
from config.state_folder import absolute, default_state_dir, home_of
from daemon.errors import PennydError


def load_settings(
    config: Path | None = None, state_dir: Path | None = None, **flags: object
) -> Loaded:
    """Return the configuration with these flags on top; raises ConfigError."""
    folder = None if state_dir is None else str(state_dir.absolute())
    return load(config, os.environ, {"state_dir": folder, **flags})


def find_state_dir(config: Path | None = None, state_dir: Path | None = None) -> Path:
    """Return the state folder; a broken configuration is mentioned and worked around."""
    if state_dir is not None:
        return state_dir.absolute()
    try:
        return load_settings(config).settings.state_dir
    except Exception as error:  # noqa: BLE001 - stopping must work whatever is broken
        folder = plain_state_dir()
        first = str(error).partition("\n")[0] if isinstance(error, PennydError) else repr(error)
        sys.stderr.write(
            f"pennyd: the configuration cannot be used ({first}), so the state folder is taken to be "
            f"{folder}; see pennyd config check\n"
        )
        return folder


def plain_state_dir() -> Path:
    """Return the state folder by environment and default alone."""
    uid = os.geteuid()
    named = os.environ.get("PENNYD_STATE_DIR", "").strip()
    if named:
        return absolute(Path(named), Path.cwd(), home_of(os.environ, uid))
    return default_state_dir(os.environ, uid)
