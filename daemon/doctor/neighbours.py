"""Checks of what else runs here: a daemon on this state folder, and who has our port."""

import json
import socket
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

import psutil

from config.settings import Settings
from daemon.adapters.operator_client import NobodyRuns, ask
from daemon.adapters.postgres.host_lock import HostLock
from daemon.adapters.postgres.lock_key import AccountKey
from daemon.doctor.check import Check, fail, fine, warn
from daemon.errors import PennydError
from daemon.risk.trading_state import TradingState

ANSWER_WITHIN_S: Final = 2.0


def check_daemon(settings: Settings) -> Check:
    """Who runs on this state folder, and is he well?"""
    name, folder = "daemon", settings.state_dir
    try:
        answer = ask(folder, "status", within_s=ANSWER_WITHIN_S)
    except NobodyRuns:
        holder = _holder(settings)
        if holder is None:
            return fine(name, "none runs on this state folder")
        return fail(
            name,
            f"process {holder} holds the account and does not answer here",
            meaning="it is starting, ending or stuck, or runs with another XDG_RUNTIME_DIR; a "
            "second one is refused (exit code 3)",
            advice=f"wait a moment, then look at it: ps -fp {holder}",
        )
    except PennydError as error:
        return fail(
            name,
            str(error),
            meaning="it is stuck, or too busy to answer",
            advice="pennyd halt stops trading all the same; then see its log",
        )
    status: dict[str, Any] = answer.result
    finding = f"process {answer.pid}, run {status['run_id']}, {status['state']}"
    if status["state"] == TradingState.ACTIVE:
        return fine(name, finding)
    halted = status["state"] == TradingState.HALTED
    return warn(
        name,
        f"{finding}: {status['why']}",
        meaning="nothing opens" + ("; a person must lift it" if halted else "; it lifts by itself"),
        advice="find out why, then pennyd resume" if halted else "pennyd risk shows the reasons",
    )


def check_port(settings: Settings) -> Check:
    """Is the port of health and metrics free, or ours already?"""
    http = settings.http
    if not http.is_enabled:
        return fine("port", "http.is_enabled is off: no port is used")
    where = f"{http.host} port {http.port}"
    if http.port == 0:
        return fine("port", f"{http.host}, any free port")
    with suppress(OSError), socket.create_server((http.host, http.port)):
        return fine("port", f"{where} is free")
    with suppress(PennydError):
        pid = ask(settings.state_dir, "status", within_s=ANSWER_WITHIN_S).pid
        return fine("port", f"{where} is taken, as it should be while process {pid} runs")
    return fail(
        "port",
        f"{where} cannot be listened on",
        meaning="health and metrics would be missing; trading would go on",
        advice="choose another one: http.port, or PENNYD_HTTP__PORT",
    )


def _holder(settings: Settings) -> int | None:
    """Return the living process that holds the account lock of this machine, as it wrote itself."""
    account = str(settings.state_dir.resolve())
    path: Path = HostLock(AccountKey(account=account, mode=settings.mode.label)).path
    try:
        pid = int(json.loads(path.read_text(encoding="utf-8"))["pid"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return pid if psutil.pid_exists(pid) else None
