"""Record a market today, play it tomorrow: what comes back is what was received."""

import asyncio
from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest

from config.load import load
from config.settings import Settings
from daemon.app.frame_recording import read_frame_start
from daemon.app.market_recording import MarketRecording, record_markets
from daemon.app.recorded_tape import write_tape
from daemon.app.stop_request import StopRequest
from daemon.domain.received import ReceivedKind
from daemon.errors import ConfigError
from daemon.exchange.box import ExchangeBox
from daemon.exchange.options import BoxOptions
from daemon.exchange.tape_file import open_tape
from daemon.runtime.recording.frame_reader import FrameReader
from daemon.sim.clock import SteppedClock

WITHIN_S = 30.0
MINUTES = 1


def settings_for(box: ExchangeBox, tmp_path: Path, **flags: object) -> Settings:
    ready = box.ready
    addresses = {
        "venue.clob_url": ready.clob,
        "venue.gamma_url": ready.gamma,
        "venue.market_ws_url": ready.market_ws,
    }
    home = {"HOME": str(tmp_path)}
    settings = load(None, home, {**addresses, **flags}, folder=tmp_path).settings
    return replace(settings, markets=tuple(market.slug for market in ready.markets))


async def record(box: ExchangeBox, folder: Path, **flags: object) -> MarketRecording:
    """Record all markets of a box to the end of its tape."""
    home = folder.parent if folder.parent.is_dir() else folder.parent.parent
    async with asyncio.timeout(WITHIN_S):
        return await record_markets(
            settings_for(box, home, **flags),
            folder,
            minutes=None,
            clock=SteppedClock(box.ready.origin_at),  # by ours, the markets of a tape have ended
            stop=StopRequest(),
        )


def frames(folder: Path) -> list[bytes]:
    return [
        item.payload
        for item in FrameReader(folder).received()
        if item.kind is ReceivedKind.FRAME and item.payload != b"PONG"
    ]


@pytest.mark.parametrize("tape", ["nhl", "btc5m"])
async def test_a_recording_of_a_tape_plays_the_same_frames_again(tape: str, tmp_path: Path) -> None:
    async with ExchangeBox(BoxOptions(tape=tape, speed=0, minutes=MINUTES)) as box:
        original = await record(box, tmp_path / "first")
        count, markets = box.player.sent, box.ready.markets
    snapshot, *played = frames(tmp_path / "first")
    _, source = open_tape(tape)
    assert played == [frame.payload for frame in islice(source, count)]
    assert snapshot.startswith(b"[{")
    assert (original.ended, original.missed, original.connections) == ("end of tape", 0, 1)

    made = write_tape(tmp_path / "first", tmp_path / "mine.tape.gz")
    assert made.frames == len(played) + 1
    async with ExchangeBox(BoxOptions(tape=made.path, speed=0)) as box:
        assert box.ready.markets == markets
        await record(box, tmp_path / "second")
    _, *again = frames(tmp_path / "second")
    assert again == [snapshot, *played]


async def test_the_markets_and_their_replies_stand_at_the_beginning(tmp_path: Path) -> None:
    async with ExchangeBox(BoxOptions(tape="nhl", speed=0, minutes=0.1)) as box:
        found = await record(box, tmp_path / "r")
        markets = box.ready.markets
    start = read_frame_start(FrameReader(tmp_path / "r"))
    assert [market.slug for market in start.markets] == [market.slug for market in markets]
    assert list(found.markets) == [market.slug for market in markets]
    assert len(start.replies) == len(markets)
    assert all(reply.source.endswith(" 200") for reply in start.replies)
    assert start.configuration["venue"]["clob_url"] == box.ready.clob


async def test_a_recording_at_its_bound_ends_and_can_be_played_up_to_there(tmp_path: Path) -> None:
    bounds = {"recording.frames_total_bytes_max": 20_000, "recording.file_bytes_max": 10_000}
    async with ExchangeBox(BoxOptions(tape="btc5m", speed=0)) as box:
        found = await record(box, tmp_path / "r", **bounds)
    assert found.incomplete_from is not None
    assert "recording.frames_total_bytes_max" in found.reason
    assert found.missed > 0
    assert found.files >= 1
    made = write_tape(tmp_path / "r", tmp_path / "t")
    assert made.incomplete_from == found.incomplete_from
    _, lines = open_tape(str(tmp_path / "t"))
    assert len(list(lines)) == made.frames > 0


async def test_a_folder_that_cannot_be_used_is_one_clear_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    async with ExchangeBox(BoxOptions(tape="nhl", speed=0, minutes=0.1)) as box:
        with pytest.raises(ConfigError, match="file is no folder: name a new folder"):
            await record(box, tmp_path / "file")
        with pytest.raises(ConfigError, match=r"within cannot be written \(Not a directory\)"):
            await record(box, tmp_path / "file" / "within")
        await record(box, tmp_path / "r")
        with pytest.raises(ConfigError, match="holds a recording already"):
            await record(box, tmp_path / "r")
