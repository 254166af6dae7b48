"""`pennyd exchange`: the recorded venue on this machine, for one's own experiments."""

from typing import Annotated, Final

import typer

from daemon.exchange.options import BoxOptions
from daemon.exchange.process import run_exchange

EXAMPLE: Final = "pennyd exchange --tape btc5m --port 8700"


def exchange(
    tape: Annotated[str, typer.Option(help="nhl, btc5m or a tape file.")] = "nhl",
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="First of three ports; 0: any free ones.")] = 0,
    speed: Annotated[int, typer.Option(help="0: no pacing; 1 to 60 times as fast.")] = 1,
    minutes: Annotated[float | None, typer.Option(help="End the tape after so much of it.")] = None,
    is_now: Annotated[
        bool,
        typer.Option("--now", help="Move the tape to now and play on, as a venue for pennyd run."),
    ] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="Changes nothing: the one line it prints is JSON.")
    ] = False,
) -> None:
    """Play a recorded market as a venue on this machine.

    Prints one line of JSON with its addresses when it is ready and serves until Ctrl-C. With --now
    its times are those of the wall clock, so that `pennyd run` can trade on it by addresses alone
    (venue.clob_url, venue.gamma_url, venue.market_ws_url); the tape then waits for nobody, and its
    frames are no longer byte for byte those recorded.
    """
    del as_json
    options = BoxOptions(
        tape=tape, host=host, port=port, speed=speed, minutes=minutes, is_now=is_now
    )
    raise typer.Exit(run_exchange(options))
