"""Opens a tape as the options ask for it: which part of it, and told as of which moment."""

from daemon.exchange.options import BoxOptions
from daemon.exchange.tape_file import open_lines
from daemon.exchange.venue_clock import PaceClock
from daemon.sim.exchange.tape.frame import build_frames
from daemon.sim.exchange.tape.tape_move import TapeMove
from daemon.sim.exchange.tape.tape_player import TapePlayer


def open_player(options: BoxOptions, tape: str, clock: PaceClock | None) -> TapePlayer:
    """Return the tape at its start; ConfigError when there is none, or it cannot be read.

    A tape that is to happen now is moved to the time of the clock, which it needs.
    """
    header, lines = open_lines(tape)
    start_at = options.start_at
    if options.is_now:
        assert clock is not None
        move = TapeMove.between(max(start_at or 0, header.first_at), clock.now())
        header, lines = move.header(header), move.lines(lines)
        start_at = None if start_at is None else start_at + move.by
    frames = build_frames(header, lines)
    return TapePlayer(header, frames, start_at=start_at, minutes=options.minutes)
