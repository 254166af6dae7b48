"""`pennyd record` as a process: it ends in order, survives its own death, and says what it wrote."""

import json
import signal
from pathlib import Path
from typing import Any

import pytest

from daemon.cli.main import main
from daemon.domain.received import ReceivedKind
from daemon.runtime.recording.frame_reader import FrameReader
from tests.acceptance.paper_daemon import eventually
from tests.acceptance.pennyd_process import Pennyd, start
from tests.acceptance.venue_process import VenueProcess

ENOUGH_FRAMES = 5


def recording(venue: VenueProcess, folder: Path, *more: str) -> Pennyd:
    """Start recording all markets of a venue into `out`."""
    markets = [market["slug"] for market in venue.markets]
    place = ["--out", str(folder / "out"), "--state-dir", str(folder / "state")]
    return start(["record", *markets, *place, *more], cwd=folder, env=venue.addresses)


def frames(folder: Path) -> list[bytes]:
    received = FrameReader(folder / "out").received()
    return [item.payload for item in received if item.kind is ReceivedKind.FRAME]


def has_enough(folder: Path) -> bool:
    return (folder / "out" / "index.json").exists() and len(frames(folder)) >= ENOUGH_FRAMES


def tape_of(folder: Path, capfd: pytest.CaptureFixture[str]) -> Any:
    assert main(["tape", str(folder / "out"), str(folder / "t.tape.gz"), "--json"]) == 0
    return json.loads(capfd.readouterr().out)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_in_order_and_it_says_what_it_wrote(
    venue: VenueProcess, folder: Path, number: signal.Signals
) -> None:
    process = recording(venue, folder, "--json")
    eventually(lambda: has_enough(folder), "frames are recorded")
    process.process.send_signal(number)
    ended = process.end()
    assert ended.code == 0, ended.err[-2000:]
    assert ended.json["folder"] == str(folder / "out")
    assert ended.json["ended"] == number.name
    assert ended.json["frames"] == len(frames(folder))
    assert (ended.json["missed"], ended.json["incomplete_from"]) == (0, None)
    assert ended.json["files"] == len([*(folder / "out").glob("frames-*")]) == 1
    index = FrameReader(folder / "out").index
    assert index.is_ended
    assert list(FrameReader(folder / "out").received())[-1].kind is ReceivedKind.LOST
    assert not (folder / "state").exists()


def test_the_time_limit_ends_it_and_a_person_is_told_what_to_do_next(
    venue: VenueProcess, folder: Path
) -> None:
    ended = recording(venue, folder, "--minutes", "0.02").end()
    assert ended.code == 0, ended.err[-2000:]
    assert "ended: the time was over" in ended.out
    assert f"pennyd tape {folder / 'out'}" in ended.out


def test_what_a_killed_one_had_written_can_be_played(
    venue: VenueProcess, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    process = recording(venue, folder)
    eventually(lambda: has_enough(folder), "frames are recorded")
    process.kill_now()
    made = tape_of(folder, capfd)
    assert made["is_torn"]
    assert made["frames"] >= ENOUGH_FRAMES


def test_a_lost_connection_is_opened_again_and_both_are_recorded(
    mortal_venue: VenueProcess, folder: Path
) -> None:
    process = recording(mortal_venue, folder, "--json")
    eventually(lambda: has_enough(folder), "frames are recorded")
    mortal_venue.end()
    mortal_venue.start_again()

    def is_up_again() -> bool:
        kinds = [item.kind for item in FrameReader(folder / "out").received()]
        return kinds.count(ReceivedKind.UP) == 2 and kinds[-1] is ReceivedKind.FRAME

    eventually(is_up_again, "it records the second connection")
    process.process.send_signal(signal.SIGTERM)
    ended = process.end()
    assert ended.code == 0
    assert ended.json["connections"] == 2


def test_a_bound_that_is_reached_is_one_clear_message_and_exit_1(
    venue: VenueProcess, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    (folder / "pennyd.toml").write_text("[recording]\nframes_total_bytes_max = 10000\n")
    ended = recording(venue, folder).end()
    assert ended.code == 1
    (said,) = [line for line in ended.err.splitlines() if line.startswith("pennyd: ")]
    assert "recording.frames_total_bytes_max" in said
    assert tape_of(folder, capfd)["frames"] > 0


def test_no_such_market_and_no_venue_are_told_in_one_line(
    venue: VenueProcess, folder: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    ended = start(["record", "no-such-market"], cwd=folder, env=venue.addresses).end()
    assert ended.code == 2
    assert "market no-such-market: there is no such market" in ended.err
    assert main(["record", "a/b"]) == 2
    assert "expected a slug" in capfd.readouterr().err
