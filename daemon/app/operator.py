"""What an operator may ask a running daemon, over the local socket."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final, TypeAlias

from daemon.app.app import App
from daemon.app.stop_request import StopRequest
from daemon.domain.reasons import HaltReason
from daemon.engine.inputs import CancelAllRequested, HaltRequested, ResumeRequested
from daemon.errors import PennydError
from daemon.report.status import Status, status_of
from daemon.runtime.kill_switch import clear
from daemon.runtime.reconciler import until

Handler: TypeAlias = Callable[[Mapping[str, Any]], Awaitable[Any]]

ANSWER_WITHIN_S: Final = 2.0
"""How long a command waits to see its effect before it answers with what is."""


class Operator:
    """The commands, each a method; they change nothing but through the inbox."""

    def __init__(self, app: App, stop: StopRequest) -> None:
        self._app, self._stop = app, stop

    async def status(self, _: Mapping[str, Any]) -> Any:
        """Say how the daemon is."""
        return self._status()

    async def orders(self, _: Mapping[str, Any]) -> Any:
        """List open orders."""
        return self._status()["orders"]

    async def positions(self, _: Mapping[str, Any]) -> Any:
        """List positions."""
        return self._status()["positions"]

    async def tick(self, _: Mapping[str, Any]) -> Any:
        """Say what the books are."""
        return self._status()["books"]

    async def risk(self, _: Mapping[str, Any]) -> Any:
        """Say what risk has in use and why we do not trade."""
        status, switch = self._status(), self._app.kill_switch
        return {
            "state": status["state"],
            "why": status["why"],
            "reasons": status["reasons"],
            "limits": status["risk"],
            "kill_switch": {
                "is_engaged": switch.is_engaged(),
                "files": [str(path) for path in switch.paths],
            },
        }

    async def halt(self, fields: Mapping[str, Any]) -> Any:
        """Halt without a file; a person lifts it with resume."""
        detail = str(fields.get("reason") or "operator")
        self._app.inbox.put(HaltRequested(reason=HaltReason.OPERATOR, detail=detail))
        await self._seen(lambda: bool(self._app.state.reasons.halts))
        return self._status()

    async def resume(self, fields: Mapping[str, Any]) -> Any:
        """Lift all halts and pauses of markets; refuse while a kill file exists.

        Unless told to remove it.
        """
        app = self._app
        if fields.get("clear"):
            clear(app.kill_switch.paths)
        path = app.kill_switch.engaged_by()
        if path is not None:
            raise PennydError(
                f"the kill file {path} exists: remove it, or use `pennyd resume --clear`"
            )
        app.kill_switch.poll()
        app.inbox.put(ResumeRequested(by="operator"))
        await self._seen(lambda: not app.state.reasons.halts and not app.state.reasons.markets)
        return self._status()

    async def cancel_all(self, _: Mapping[str, Any]) -> Any:
        """Cancel everything that rests; the strategies go on and may quote again."""
        count = len(self._app.state.desk.open)
        self._app.inbox.put(CancelAllRequested(by="operator"))
        return {"orders": count}

    async def stop(self, _: Mapping[str, Any]) -> Any:
        """Stop in order."""
        self._stop.ask("operator")
        return {"stopping": True}

    def _status(self) -> Status:
        app = self._app
        return status_of(
            app.state,
            now=app.clock.now(),
            run=app.run,
            limits=app.settings.risk,
        )

    async def _seen(self, condition: Callable[[], bool]) -> None:
        await until(condition, within_s=ANSWER_WITHIN_S)


def handlers_for(app: App, stop: StopRequest) -> dict[str, Handler]:
    """Return the commands by name."""
    operator = Operator(app, stop)
    return {
        "status": operator.status,
        "orders": operator.orders,
        "positions": operator.positions,
        "tick": operator.tick,
        "risk": operator.risk,
        "halt": operator.halt,
        "resume": operator.resume,
        "cancel_all": operator.cancel_all,
        "stop": operator.stop,
    }
