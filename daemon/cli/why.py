"""`pennyd why`: what led to an order and what became of it, from the journal."""

import asyncio
from pathlib import Path
from typing import Annotated, Final

import typer

from config.settings import Settings
from daemon.adapters.postgres.order_history import OrderHistory
from daemon.app.replay import Moment, moment_of
from daemon.cli.database import open_reading
from daemon.cli.moment import moment_lines, moment_record
from daemon.cli.options import ConfigOption, JsonOption, StateDirOption
from daemon.cli.place import load_settings
from daemon.cli.printing import print_json, print_line
from daemon.errors import PennydError
from daemon.report.order_facts import OrderFacts
from daemon.report.order_story import order_story
from daemon.report.order_story_text import story_lines

EXAMPLE: Final = "pennyd why --last"

OrderArgument = Annotated[
    str | None,
    typer.Argument(metavar="ORDER", help="Any id of it, or the beginning of the venue's."),
]
LastOption = Annotated[bool, typer.Option("--last", help="The order that was created last.")]
RecordingOption = Annotated[
    Path | None,
    typer.Option(
        "--recording", metavar="DIR", help="The run's recording: adds event and book of the step."
    ),
]


def why(
    order: OrderArgument = None,
    is_last: LastOption = False,
    recording: RecordingOption = None,
    config: ConfigOption = None,
    state_dir: StateDirOption = None,
    as_json: JsonOption = False,
) -> None:
    """Tell why an order was made and what became of it.

    Reads the database, whether or not a daemon runs. With --recording the run is replayed up to the
    step that created the order. Exit codes: 1 no such order, 2 no recording that can be replayed.
    """
    if (order is None) != is_last:
        raise typer.BadParameter("name an order, or give --last")
    facts = asyncio.run(_facts(load_settings(config, state_dir).settings, order))
    moment = None if recording is None else _moment(recording, facts)
    story, token = order_story(facts), facts.order.token
    if as_json:
        added = {} if moment is None else {"moment": moment_record(moment, token)}
        print_json({**story, **added})
        return
    for line in story_lines(story):
        print_line(line)
    if moment is not None:
        for line in moment_lines(moment, token):
            print_line(line)


async def _facts(settings: Settings, order: str | None) -> OrderFacts:
    async with open_reading(settings) as connection:
        return await OrderHistory(connection).facts_of(order)


def _moment(recording: Path, facts: OrderFacts) -> Moment:
    name = facts.order.client_order_id
    moment = moment_of(recording, name)
    if moment is None:
        raise PennydError(
            f"{recording} holds no step that created order {name}, it is of run {facts.run_id}: name "
            f"runs/{facts.run_id}/recording of the state folder"
        )
    return moment
