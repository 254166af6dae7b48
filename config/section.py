"""How a group of settings is declared: one field per key, with its meaning and unit beside it."""

from dataclasses import dataclass
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict, Field
from pydantic.fields import FieldInfo

LATER_LOSSES: Final = "not enforced yet: loss limits and breaker arrive with a later release"
LATER: Final = "no effect yet: arrives with a later release"


class Section(BaseModel):
    """A table of the configuration; unknown keys are errors and values never change."""

    model_config = ConfigDict(
        strict=True, frozen=True, extra="forbid", hide_input_in_errors=True, allow_inf_nan=False
    )


@dataclass(frozen=True, slots=True)
class About:
    """What is known of a key beside its form."""

    meaning: str
    unit: str = ""
    note: str = ""
    aliases: tuple[str, ...] = ()
    """Other names of the key in its table; the customer's words."""
    environment: tuple[str, ...] = ()
    """Names in the environment besides PENNYD_…, the preferred one first."""
    is_secret: bool = False


def key(
    meaning: str,
    *,
    default: Any = ...,
    unit: str = "",
    note: str = "",
    aliases: tuple[str, ...] = (),
    environment: tuple[str, ...] = (),
    is_secret: bool = False,
) -> Any:
    """Declare a key. Without a default a preset or a profile must give its value."""
    extra: dict[str, Any] = {"about": About(meaning, unit, note, aliases, environment, is_secret)}
    return Field(default, json_schema_extra=extra)


def about(field: FieldInfo) -> About:
    """Return what was declared with `key`."""
    extra = cast("dict[str, Any]", field.json_schema_extra)
    found = extra["about"]
    assert isinstance(found, About)
    return found
