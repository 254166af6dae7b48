"""`pennyd exchange`: a venue on this machine, for one's own experiments."""

from typing import Annotated, Final

import typer

from daemon.exchange.funding import FORM
from daemon.exchange.options import PORTS_HELP, BoxOptions
from daemon.exchange.process import run_exchange

EXAMPLE: Final = "pennyd exchange --tape btc5m --port 8700"

FundOption = Annotated[
    list[str] | None, typer.Option(metavar=FORM, help="Who may trade; repeatable.")
]
FaultsOption = Annotated[
    str | None, typer.Option(metavar="FILE", help="What goes wrong, as TOML or JSON.")
]
PricesOption = Annotated[
    str | None, typer.Option(metavar="FILE", help="Recorded reference prices, JSON lines.")
]


def exchange(
    tape: Annotated[
        str | None, typer.Option(help="nhl, btc5m or a tape file; without: the present.")
    ] = None,
    is_quiet: Annotated[
        bool, typer.Option("--quiet", help="Without a tape: empty markets, nobody else trades.")
    ] = False,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help=f"{PORTS_HELP.capitalize()}.")] = 0,
    seed: Annotated[int, typer.Option(help="Decides ids, API keys and chance.")] = 0,
    fund: FundOption = None,
    faults: FaultsOption = None,
    prices: PricesOption = None,
    settle_ms: Annotated[
        int | None, typer.Option(help="Confirm every trade after so many ms of venue time.")
    ] = None,
    balance_lag_ms: Annotated[
        int, typer.Option(help="How old shown balances are, unless updated, in ms of venue time.")
    ] = 0,
    is_unlimited: Annotated[
        bool, typer.Option("--unlimited", help="Warn instead of refusing who asks too fast.")
    ] = False,
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
    """Be a venue on this machine, of the present or of a recorded market.

    Prints one line of JSON when it is ready (addresses, markets, accounts) and serves until Ctrl-C.
    Its own pages are below /admin of the clob address (docs/commands.md). A funded wallet that is
    its own owner is an EOA (type 0), any other one a deposit wallet (3) unless a type is named. With
    --now a tape's times are those of the wall clock, so that `pennyd run` can trade on it by
    addresses alone; its frames are then no longer byte for byte those recorded.
    """
    del as_json
    options = BoxOptions(
        tape=tape,
        host=host,
        port=port,
        seed=seed,
        speed=speed,
        minutes=minutes,
        fund=tuple(fund or ()),
        faults=faults,
        prices=prices,
        settle_ms=settle_ms,
        balance_lag_ms=balance_lag_ms,
        is_now=is_now,
        is_quiet=is_quiet,
        is_unlimited=is_unlimited,
    )
    raise typer.Exit(run_exchange(options))
