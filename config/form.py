"""How one value is written by people: what is expected, how it is read, how it is shown.

A form reads exactly: numbers arrive as whole numbers, decimals or texts and leave as millionths or
whole units; a binary fraction is refused. It knows no key and no source.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from daemon.domain.units import LOT, MICRO, format_micros, parse_micros

Shown: TypeAlias = str | int | bool | list[str] | None
"""What `config show` prints and JSON carries."""

AMOUNT_MAX: Final = 1_000_000_000 * MICRO
"""A thousand million dollars or shares: beyond it a number is a mistake."""

WORDS: Final = {"true": True, "yes": True, "on": True, "1": True}
WORDS_FOR_FALSE: Final = {"false": False, "no": False, "off": False, "0": False}


class Unfit(Exception):
    """The value is not what is expected; its text, if any, says more than the expected form."""


@dataclass(frozen=True, slots=True)
class Form:
    """Reads a value as people write it."""

    expected: str
    """Fits the sentence 'expected …'."""
    parse: Callable[[object], object]
    """Returns the value as the program uses it; raises Unfit."""
    show: Callable[..., Shown]
    """Returns the value as people would write it; `parse` reads it back."""

    def read(self, value: object) -> object:
        """Return the parsed value, or say in pydantic's way what was expected."""
        try:
            return self.parse(value)
        except Unfit as unfit:
            text = str(unfit) or f"expected {self.expected}"
            raise PydanticCustomError("form", "{text}", {"text": text}) from None

    def __get_pydantic_core_schema__(
        self, source: object, handler: GetCoreSchemaHandler
    ) -> CoreSchema:
        """Let a field be declared as `Annotated[type, form]`."""
        del source, handler
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(self.show)
        )


def whole(low: int, high: int) -> Form:
    """Return the form of a whole number from low to high."""

    def parse(value: object) -> int:
        if isinstance(value, str) and value.strip().isascii() and len(value) < 20:
            text = value.strip()
            value = int(text) if text.removeprefix("-").isdigit() else value
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise Unfit
        return value

    return Form(f"a whole number from {low} to {high}", parse, int)


def _amount(expected: str, low: int, high: int, step: int = 1) -> Form:
    def parse(value: object) -> int:
        micros = _micros(value)
        if not low <= micros <= high or micros % step:
            raise Unfit
        return micros

    def show(micros: int) -> str:
        return format_micros(micros)

    return Form(expected, parse, show)


def _micros(value: object) -> int:
    if isinstance(value, float):
        raise Unfit("expected an exact number: write it as a text, not as a binary fraction")
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        raise Unfit
    try:
        return parse_micros(str(value).strip())
    except ValueError:
        raise Unfit from None


USD: Final = _amount("dollars above 0, like 2.50", 1, AMOUNT_MAX)
SHARES: Final = _amount("shares above 0 with at most two decimals, like 12.5", LOT, AMOUNT_MAX, LOT)
PRICE: Final = _amount("a price between 0 and 1, like 0.42", 100, MICRO - 100)
RATIO: Final = _amount("a part of one from 0 to 1, like 0.5", 0, MICRO)


def _parse_flag(value: object) -> bool:
    if isinstance(value, str):
        value = {**WORDS, **WORDS_FOR_FALSE}.get(value.strip().lower(), value)
    if not isinstance(value, bool):
        raise Unfit
    return value


FLAG: Final = Form("true or false", _parse_flag, bool)


def one_of(choices: type[StrEnum], *, refused: dict[str, str] | None = None) -> Form:
    """Return the form of one of some words, in any case, with `-` for `_`.

    `refused`: words that people know from elsewhere → what to say about them.
    """
    words = {choice.value.lower(): choice for choice in choices}

    def parse(value: object) -> StrEnum:
        if not isinstance(value, str):
            raise Unfit
        word = value.strip().lower()
        found = words.get(word) or words.get(word.replace("-", "_"))
        if found is None:
            raise Unfit((refused or {}).get(word, ""))
        return found

    def show(choice: StrEnum) -> str:
        return choice.value

    return Form(f"one of {', '.join(choice.value for choice in choices)}", parse, show)
