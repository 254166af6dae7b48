"""What a dying server wrote, turned into one line for a person."""

import errno
from pathlib import Path

import pytest

from daemon.adapters.postgres.start_failure import is_disk_full, read_start_failure

DATA = Path("/state/postgres")
LOG = Path("/state/postgres.log")


@pytest.mark.parametrize(
    "words",
    [
        'FATAL:  lock file "postmaster.pid" already exists\nHINT:  Is another postmaster (PID 7)?',
        "FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use",
        'FATAL:  could not create lock file "/run/x/.s.PGSQL.5432.lock": already exists',
    ],
)
def test_what_a_dead_server_left_behind_passes(words: str) -> None:
    failure = read_start_failure(words, data=DATA, log=LOG)
    assert failure.is_passing
    assert "held by another process (FATAL:" in failure.message


@pytest.mark.parametrize(
    "words",
    [
        "initdb: error: could not write to file: No space left on device",
        'PANIC:  could not write to file "pg_wal/x": No space left on device',
        "FATAL:  could not extend file: Disk quota exceeded",
    ],
)
def test_a_full_disk_does_not_pass(words: str) -> None:
    failure = read_start_failure(words, data=DATA, log=LOG)
    assert not failure.is_passing
    assert failure.message.startswith(
        "disk full: no space left for the database in /state/postgres"
    )


def test_rights_are_told_from_other_troubles() -> None:
    failure = read_start_failure("FATAL:  data directory has wrong ownership", data=DATA, log=LOG)
    assert "run as the user that owns this folder" in failure.message
    other = read_start_failure("LOG: x\nFATAL:  new trouble\nLOG: y", data=DATA, log=LOG)
    assert "did not start (FATAL:  new trouble): see /state/postgres.log" in other.message
    silent = read_start_failure("", data=DATA, log=LOG)
    assert "it said nothing" in silent.message
    assert not other.is_passing


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_the_kernel_says_disk_full_in_two_ways(number: int) -> None:
    assert is_disk_full(OSError(number, "full"))
    assert not is_disk_full(PermissionError(errno.EACCES, "no"))


@pytest.mark.parametrize("words", ["FATAL:  a\nFATAL:  b\n", "one\ntwo", ""])
def test_every_message_is_one_line(words: str) -> None:
    assert "\n" not in read_start_failure(words, data=DATA, log=LOG).message
