"""What a subscription of the SDK delivered, in order; a test waits for more of it, with a bound."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Generic, TypeVar

T = TypeVar("T")

HEARD_WITHIN_S = 10.0


class Heard(Generic[T]):
    """Events as they came."""

    def __init__(self, stream: AsyncIterator[T]) -> None:
        self._stream = stream
        self.events: list[T] = []

    async def until(self, has_enough: Callable[[Sequence[T]], object]) -> None:
        """Read on until there is enough; AssertionError with what came when it does not come."""
        try:
            async with asyncio.timeout(HEARD_WITHIN_S):
                while not has_enough(self.events):
                    self.events.append(await anext(self._stream))
        except TimeoutError:
            raise AssertionError(f"not heard within {HEARD_WITHIN_S} s: {self.events}") from None
