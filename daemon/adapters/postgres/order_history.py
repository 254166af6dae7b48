"""Gathers from the journal what explains one order. Reads only."""

from typing import Any, Final

from daemon.adapters.postgres.driver import Connection
from daemon.adapters.postgres.rows import fact_from
from daemon.adapters.postgres.statements import named_statements
from daemon.domain.facts import PositionChanged, TargetDenied
from daemon.domain.ids import RunId
from daemon.domain.order import Order
from daemon.domain.order_events import CancelRequested, OrderCreated, OrderFilled
from daemon.domain.units import Nanos
from daemon.errors import JournalConflict, PennydError
from daemon.report.order_facts import Noted, OrderFacts

STATEMENTS: Final = named_statements("order_history.sql")
FACTS_MAX: Final = 10_000
"""Facts of one order; more than any order has."""
DENIALS_MAX: Final = 10
"""Refusals before it, the latest ones."""
STEP_FACTS_MAX: Final = 50
"""Facts before a cancel that are looked through for its cause."""
MATCHES_MAX: Final = 5
DOTS: Final = "..."


class OrderHistory:
    """One database's orders, over one session."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    async def facts_of(self, name: str | None) -> OrderFacts:
        """Return what is known of an order; None means the newest one.

        `name` is the client's or the venue's id in full, or the beginning of the venue's as lists show
        it. PennydError when there is no such order or there are several.
        """
        row = await self._find(name)
        client_order_id, owner = row["client_order_id"], (row["mode"], row["account"])
        news = await self._facts("news", client_order_id, *owner, FACTS_MAX)
        born = next((n for n in news if _born(n) == client_order_id), None)
        if born is None or not isinstance(born.fact, OrderCreated):
            raise JournalConflict(
                f"the journal lacks the birth of order {client_order_id}: facts were removed from "
                "the table fact; restore a backup that has them"
            )
        order = born.fact.order
        successor = next((n.fact for n in news if _born(n) not in {None, client_order_id}), None)
        own = [n for n in news if _born(n) in {None, client_order_id}]
        fills = [n for n in own if isinstance(n.fact, OrderFilled)]
        replaced_news = await self._replaced(order, owner)
        return OrderFacts(
            order=order,
            run_id=born.run_id,
            status=row["status"],
            filled=row["filled"],
            reason=row["reason"],
            market=row["market"],
            outcome=row["outcome"],
            news=tuple(own),
            causes={
                (noted.run_id, noted.seq): tuple(
                    n.fact
                    for n in await self._facts("same_step", noted.run_id, noted.seq, STEP_FACTS_MAX)
                )
                for noted in own
                if isinstance(noted.fact, CancelRequested)
            },
            denials=await self._denials(born, order),
            replaced=_order_in(replaced_news, order.replaces),
            replaced_news=tuple(n for n in replaced_news if _born(n) is None),
            replaced_by=successor.order if isinstance(successor, OrderCreated) else None,
            position=await self._position(fills, order),
        )

    async def _find(self, name: str | None) -> Any:
        if name is None:
            row = await self._connection.fetchrow(STATEMENTS["newest"])
            if row is None:
                raise PennydError("no order is in the database yet: `pennyd demo` makes some")
            return row
        wanted = name.removesuffix(DOTS)
        rows = await self._connection.fetch(STATEMENTS["find"], wanted, MATCHES_MAX + 1)
        exact = [r for r in rows if wanted in {r["client_order_id"], r["order_id"]}]
        if not rows or not wanted:
            raise PennydError(f"no order {name} in the database; `pennyd orders --all` lists them")
        if len(rows) > 1 and len(exact) != 1:
            some = ", ".join(r["client_order_id"] for r in rows[:MATCHES_MAX])
            raise PennydError(f"{name} is the beginning of several orders: name one of {some}")
        return rows[0]

    async def _replaced(self, order: Order, owner: tuple[str, str]) -> list[Noted]:
        if order.replaces is None:
            return []
        return await self._facts("news", order.replaces, *owner, FACTS_MAX)

    async def _denials(self, born: Noted, order: Order) -> tuple[tuple[Nanos, TargetDenied], ...]:
        found = await self._facts(
            "denials", born.run_id, born.seq, order.strategy_id, order.slot, DENIALS_MAX
        )
        return tuple((n.at, n.fact) for n in found if isinstance(n.fact, TargetDenied))

    async def _position(self, fills: list[Noted], order: Order) -> PositionChanged | None:
        if not fills:
            return None
        last = fills[-1]
        found = await self._facts("position_after", last.run_id, last.seq, order.token)
        facts = [n.fact for n in found if isinstance(n.fact, PositionChanged)]
        return facts[0] if facts else None

    async def _facts(self, statement: str, *values: object) -> list[Noted]:
        rows = await self._connection.fetch(STATEMENTS[statement], *values)
        return [
            Noted(
                run_id=RunId(row["run_id"]),
                seq=row["seq"],
                at=Nanos(row["at"]),
                fact=fact_from(row["kind"], row["body"]),
            )
            for row in rows
        ]


def _born(noted: Noted) -> str | None:
    """Return whose birth a fact is, None when it is none."""
    return noted.fact.order.client_order_id if isinstance(noted.fact, OrderCreated) else None


def _order_in(news: list[Noted], client_order_id: str | None) -> Order | None:
    return next(
        (
            n.fact.order
            for n in news
            if isinstance(n.fact, OrderCreated) and n.fact.order.client_order_id == client_order_id
        ),
        None,
    )
