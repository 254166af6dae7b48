"""Where the state folder is when nobody says, and what a given path means."""

import pwd
from collections.abc import Mapping
from pathlib import Path
from typing import Final

SYSTEM_FOLDER: Final = Path("/var/lib/pennyd")


def default_state_dir(environ: Mapping[str, str], uid: int) -> Path:
    """Return `$XDG_STATE_HOME/pennyd`, root's /var/lib/pennyd, or ~/.local/state/pennyd."""
    home = environ.get("XDG_STATE_HOME", "")
    if Path(home).is_absolute():
        return Path(home) / "pennyd"
    if uid == 0:
        return SYSTEM_FOLDER
    return home_of(environ, uid) / ".local" / "state" / "pennyd"


def home_of(environ: Mapping[str, str], uid: int) -> Path:
    """Return the home folder of a user; the root of the file system when nobody knows it."""
    home = environ.get("HOME", "")
    if Path(home).is_absolute():
        return Path(home)
    try:
        return Path(pwd.getpwuid(uid).pw_dir)
    except KeyError:
        return Path("/")


def absolute(path: Path, folder: Path, home: Path) -> Path:
    """Return the path, `~` meaning home and a relative one counted from the folder."""
    if path.parts[:1] == ("~",):
        return home.joinpath(*path.parts[1:])
    return folder / path
