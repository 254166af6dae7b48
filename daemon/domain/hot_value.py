"""Values that are made on the way from a tick to an order, several for every order.

To the type checker they are frozen like every other value, and the strict check in CI holds it. At run
time they are plain slotted dataclasses: a frozen one sets each field through `object.__setattr__`, which
makes an order with its 21 fields cost three times as much (docs/decisions/0014).
"""

from dataclasses import dataclass
from typing import TypeVar, dataclass_transform

T = TypeVar("T")


@dataclass_transform(frozen_default=True, kw_only_default=True)
def hot_value(cls: type[T]) -> type[T]:
    """Make a class a value: compared and hashed by its fields, given by name, never changed."""
    return dataclass(slots=True, kw_only=True, unsafe_hash=True)(cls)
