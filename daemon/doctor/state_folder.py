"""Checks of the state folder and of what may stand in it: permissions, kill file, secrets beside it."""

import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from config.environment_source import DOTENV_FILES
from daemon.doctor.check import Check, fail, fine, warn
from daemon.runtime.kill_switch import FILE_NAME, reason_in

OTHERS_WRITE: Final = 0o022
OTHERS_READ: Final = 0o044


def check_state_folder(folder: Path) -> Check:
    """Is the state folder ours, and only ours?"""
    name = "state folder"
    try:
        seen = folder.stat()
    except FileNotFoundError:
        return fine(name, f"{folder} (not there yet; the first start makes it)")
    except OSError as error:
        return _unusable(folder, error.strerror or repr(error))
    mode = stat.S_IMODE(seen.st_mode)
    if not stat.S_ISDIR(seen.st_mode):
        return _unusable(folder, "is not a folder")
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return _unusable(folder, f"belongs to user {seen.st_uid}, mode {mode:04o}")
    if mode & OTHERS_WRITE:
        return fail(
            name,
            f"{folder}, mode {mode:04o}",
            meaning="others may change the journal and the configuration in it",
            advice=f"chmod go-w {folder}",
        )
    if mode & OTHERS_READ:
        return warn(
            name,
            f"{folder}, mode {mode:04o}",
            meaning="others may look into it",
            advice=f"chmod go-r {folder}",
        )
    return fine(name, f"{folder}, mode {mode:04o}")


def check_kill_files(folders: Sequence[Path]) -> Check:
    """Is the kill switch engaged?"""
    for folder in dict.fromkeys(folder.resolve() for folder in folders):
        file = folder / FILE_NAME
        if os.path.lexists(file):
            return warn(
                "kill file",
                f"{file}: {reason_in(file)}",
                meaning="nothing trades while it exists; a start would be halted",
                advice="when trading may go on: pennyd resume --clear",
            )
    return fine("kill file", "none")


def check_secret_files(folder: Path) -> Check:
    """Can others read the files that hold keys?"""
    there = [file for name in DOTENV_FILES if (file := folder / name).is_file()]
    open_ones = [file for file in there if stat.S_IMODE(file.stat().st_mode) & OTHERS_READ]
    if open_ones:
        names = " ".join(str(file) for file in open_ones)
        return warn(
            "secret files",
            f"others can read {names}",
            meaning="whoever reads the key owns the wallet",
            advice=f"chmod 600 {names}",
        )
    return fine("secret files", ", ".join(file.name for file in there) or "none here")


def _unusable(folder: Path, why: str) -> Check:
    return fail(
        "state folder",
        f"{folder}: {why}",
        meaning="pennyd can write neither journal nor logs",
        advice="run as its owner, or choose another one with --state-dir",
    )
