"""python -m daemon.exchange: the exchange as a child process, without the command line's weight."""

import argparse
import sys
from collections.abc import Sequence

from daemon.exchange.funding import FORM
from daemon.exchange.options import PORTS_HELP, BoxOptions
from daemon.exchange.process import run_exchange


def parse_options(arguments: Sequence[str]) -> BoxOptions:
    """Return the options that the arguments ask for; argparse explains and ends otherwise."""
    parser = argparse.ArgumentParser(prog="python -m daemon.exchange", description=__doc__)
    parser.add_argument(
        "--tape", help="nhl, btc5m or a tape file; without it the present is traded"
    )
    parser.add_argument("--quiet", action="store_true", help="empty markets, nobody else trades")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=0, help=PORTS_HELP)
    parser.add_argument("--seed", type=int, default=0, help="decides ids, API keys and chance")
    parser.add_argument("--fund", action="append", default=[], metavar=FORM, help="repeatable")
    parser.add_argument("--faults", metavar="FILE", help="what goes wrong, as TOML or JSON")
    parser.add_argument("--prices", metavar="FILE", help="recorded reference prices, JSON lines")
    parser.add_argument("--settle-ms", type=int, help="confirm every trade after so many ms")
    parser.add_argument(
        "--balance-lag-ms", type=int, default=0, help="how old shown balances are, unless updated"
    )
    parser.add_argument(
        "--unlimited", action="store_true", help="warn instead of refusing who asks too fast"
    )
    parser.add_argument("--speed", type=int, default=1, help="0: no pacing; 1 to 60 times as fast")
    parser.add_argument("--minutes", type=float, help="end the tape after this much of it")
    parser.add_argument("--start-at", type=int, help="skip frames before this time (ns)")
    parser.add_argument(
        "--now", action="store_true", help="move the tape to now, for a daemon on the real clock"
    )
    parser.add_argument("--child", action="store_true", help="Ctrl-C belongs to the parent")
    given = parser.parse_args(arguments)
    return BoxOptions(
        tape=given.tape,
        host=given.host,
        port=given.port,
        seed=given.seed,
        speed=given.speed,
        minutes=given.minutes,
        start_at=given.start_at,
        fund=tuple(given.fund),
        faults=given.faults,
        prices=given.prices,
        settle_ms=given.settle_ms,
        balance_lag_ms=given.balance_lag_ms,
        is_child=given.child,
        is_now=given.now,
        is_quiet=given.quiet,
        is_unlimited=given.unlimited,
    )


if __name__ == "__main__":
    sys.exit(run_exchange(parse_options(sys.argv[1:])))
