"""The whole examination on a clean folder, and with a configuration that cannot be read."""

import shutil
import socket
import tempfile
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from daemon.doctor.check import Check, Verdict
from daemon.doctor.examination import examine, worst


@pytest.fixture
def place() -> Generator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="pennyd-test-", dir="/tmp")).resolve()
    yield folder
    shutil.rmtree(folder)


async def examined(place: Path, **environ: str) -> dict[str, Check]:
    checks = await examine(
        config=None,
        environ={"PENNYD_STATE_DIR": str(place / "state"), **environ},
        flags={},
        folder=place,
        is_network_asked=False,
    )
    return {check.name: check for check in checks}


@pytest.mark.requirement("S4-017")
async def test_a_fresh_clone_passes_and_nothing_is_made_by_looking(place: Path) -> None:
    checks = await examined(place, PENNYD_MARKETS="a-market")
    assert {name: c.verdict for name, c in checks.items() if c.verdict is Verdict.FAIL} == {}
    wanted = {
        "python", "libraries", "disk", "state folder", "kill file", "daemon", "database",
        "configuration", "port", "secret files",
    }  # fmt: skip
    assert set(checks) == wanted
    assert not (place / "state").exists()


async def test_a_configuration_that_cannot_be_read_fails_line_by_line(place: Path) -> None:
    checks = await examine(
        config=None,
        environ={"PENNYD_STATE_DIR": str(place), "PENNYD_RISK__OPEN_ORDERS_MAX": "many"},
        flags={},
        folder=place,
        is_network_asked=False,
    )
    assert worst(checks) is Verdict.FAIL
    (check,) = (c for c in checks if c.verdict is Verdict.FAIL)
    assert "risk.open_orders_max" in check.finding


async def test_every_verdict_but_ok_says_what_it_means_and_what_to_do(place: Path) -> None:
    (place / "KILL_SWITCH").write_text("x")
    checks = await examined(place)
    serious = [check for check in checks.values() if check.verdict is not Verdict.OK]
    assert serious
    assert all(check.meaning and check.advice for check in serious)


@pytest.mark.parametrize("is_taken", [True, False])
async def test_a_port_that_somebody_else_has_is_told(place: Path, *, is_taken: bool) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        if not is_taken:
            other.close()
        environ: dict[str, Any] = {
            "PENNYD_HTTP__IS_ENABLED": "true",
            "PENNYD_HTTP__PORT": str(port),
        }
        check = (await examined(place, **environ))["port"]
    assert check.verdict is (Verdict.FAIL if is_taken else Verdict.OK)
