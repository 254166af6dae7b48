"""All checks in the order in which a person would want to read them."""

from collections.abc import Mapping
from pathlib import Path

from config.load import load
from config.loaded import Loaded
from daemon.doctor.check import Check, Verdict
from daemon.doctor.configuration import check_configuration, unreadable_configuration
from daemon.doctor.database import check_database
from daemon.doctor.machine import check_disk, check_libraries, check_python
from daemon.doctor.neighbours import check_daemon, check_port
from daemon.doctor.network import check_network
from daemon.doctor.state_folder import check_kill_files, check_secret_files, check_state_folder
from daemon.errors import ConfigError


async def examine(
    *,
    config: Path | None,
    environ: Mapping[str, str],
    flags: Mapping[str, object],
    folder: Path,
    is_network_asked: bool,
) -> tuple[Check, ...]:
    """Return all findings; `folder` is the working directory."""
    checks = [check_python(), check_libraries(), check_secret_files(folder)]
    try:
        loaded = load(config, environ, flags, folder=folder)
    except ConfigError as error:
        return (*checks, *unreadable_configuration(error.problems))
    return (*checks, *await _examine(loaded, folder, is_network_asked=is_network_asked))


def worst(checks: tuple[Check, ...]) -> Verdict:
    """Return the most serious verdict."""
    order = list(Verdict)
    return max((check.verdict for check in checks), key=order.index, default=Verdict.OK)


async def _examine(loaded: Loaded, folder: Path, *, is_network_asked: bool) -> list[Check]:
    settings = loaded.settings
    checks = [
        *check_configuration(loaded),
        check_disk(settings.state_dir),
        check_state_folder(settings.state_dir),
        check_kill_files([settings.state_dir, folder]),
        check_daemon(settings),
        *await check_database(settings),
        check_port(settings),
    ]
    if is_network_asked:
        checks += await check_network(settings.venue)
    return checks
