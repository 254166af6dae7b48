"""The kill file: present means stop, whatever else works.

Polling `stat` works on every mount and when everything else is broken. A folder that cannot be read
counts as engaged: not knowing is no reason to trade.
"""

import asyncio
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

from daemon.engine.inputs import KillSwitchChanged

FILE_NAME: Final = "KILL_SWITCH"
TEXT_MAX: Final = 500
NO_REASON: Final = "no reason given"


class KillSwitch:
    """Watches the kill files; reports changes, and answers `is_engaged` without waiting."""

    def __init__(
        self, folders: Iterable[Path], *, report: Callable[[KillSwitchChanged], None], poll_ms: int
    ) -> None:
        self.paths = tuple(dict.fromkeys(folder.resolve() / FILE_NAME for folder in folders))
        self._report = report
        self._poll_s = poll_ms / 1000
        self._was_engaged = False

    def is_engaged(self) -> bool:
        """Look now; the outbox asks this before every submit."""
        return self.engaged_by() is not None

    def engaged_by(self) -> Path | None:
        """Return the file that engages it, or a file whose presence cannot be ruled out."""
        for path in self.paths:
            try:
                path.lstat()
            except FileNotFoundError:
                continue
            except OSError:
                return path
            return path
        return None

    def poll(self) -> None:
        """Report a change since the last look."""
        path = self.engaged_by()
        is_engaged = path is not None
        if is_engaged != self._was_engaged:
            self._was_engaged = is_engaged
            self._report(KillSwitchChanged(is_engaged=is_engaged, text=reason_in(path)))

    async def run(self) -> None:
        """Poll for ever, by machine time."""
        while True:
            self.poll()
            await asyncio.sleep(self._poll_s)


def reason_in(path: Path | None) -> str:
    """Return the text of a kill file, which is the reason; some text when there is none."""
    if path is None:
        return ""
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            text = file.read(TEXT_MAX)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror}"
    printable = "".join(c if c.isprintable() else " " for c in text)
    return " ".join(printable.split()) or NO_REASON


def engage(folder: Path, reason: str) -> Path:
    """Write the kill file; this is all that `pennyd halt` needs."""
    path = folder / FILE_NAME
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.write_text((reason.strip() or NO_REASON) + "\n", encoding="utf-8", errors="replace")
    return path


def clear(paths: Iterable[Path]) -> tuple[Path, ...]:
    """Remove the kill files and return the ones that were there."""
    removed: list[Path] = []
    for path in paths:
        try:
            path.unlink()
        except FileNotFoundError:
            continue
        removed.append(path)
    return tuple(removed)
