"""What the doctor says about running daemons and about the way to the venue."""

import os
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from config.venue_settings import VenueSettings
from daemon.adapters.postgres.host_lock import HostLock
from daemon.adapters.postgres.lock_key import AccountKey, Holder
from daemon.doctor.check import Verdict
from daemon.doctor.neighbours import check_daemon
from daemon.doctor.network import check_network
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from tests.integration.operator.fake_daemon import FakeDaemon, daemon

__all__ = ["daemon"]  # a fixture of these tests


@pytest.fixture
def settings(state_dir: Path) -> Settings:
    return load(None, {}, {"state_dir": str(state_dir)}, folder=state_dir).settings


def test_no_daemon_is_fine(settings: Settings) -> None:
    assert check_daemon(settings).verdict is Verdict.OK


@pytest.mark.parametrize(
    "state, verdict",
    [("active", Verdict.OK), ("paused", Verdict.WARN), ("halted", Verdict.WARN)],
)
def test_a_running_daemon_is_named_with_its_state(
    daemon: FakeDaemon, settings: Settings, state: str, verdict: Verdict
) -> None:
    daemon.state = state
    check = check_daemon(settings)
    assert check.verdict is verdict
    assert f"process {os.getpid()}" in check.finding


def test_a_daemon_that_cannot_answer_fails(daemon: FakeDaemon, settings: Settings) -> None:
    daemon.refusal = "status failed inside the daemon"
    assert check_daemon(settings).verdict is Verdict.FAIL


def test_somebody_who_holds_the_account_without_answering_is_named(settings: Settings) -> None:
    account = str(settings.state_dir.resolve())
    lock = HostLock(AccountKey(account=account, mode=settings.mode.label))
    lock.acquire(Holder.this_process("run"))
    try:
        check = check_daemon(settings)
    finally:
        lock.release()
    assert check.verdict is Verdict.FAIL
    assert f"process {os.getpid()} holds the account" in check.finding


@pytest.mark.requirement("S3-011")
async def test_the_venue_is_reached_by_its_configured_addresses() -> None:
    async with ExchangeBox(BoxOptions(tape="nhl", minutes=1)) as box:
        venue = VenueSettings(clob_url=box.ready.clob, gamma_url=box.ready.gamma)
        checks = {check.name: check for check in await check_network(venue)}
    assert checks["venue: order book"].verdict is Verdict.OK
    assert checks["venue: discovery"].verdict is Verdict.OK
    assert checks["clock"].verdict is Verdict.WARN, "the tape lives in its own time"


async def test_a_venue_that_cannot_be_reached_fails_with_what_to_check() -> None:
    nowhere = "http://127.0.0.1:9"
    checks = await check_network(VenueSettings(clob_url=nowhere, gamma_url=nowhere))
    assert [check.verdict for check in checks] == [Verdict.FAIL, Verdict.FAIL]
    assert all("network" in check.advice for check in checks)
