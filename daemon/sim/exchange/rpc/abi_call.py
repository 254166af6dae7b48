"""A call of a contract's function: four bytes that name it, then words of 32 bytes."""

from dataclasses import dataclass
from typing import Final

from daemon.sim.exchange.auth.address import ADDRESS_BYTES, Address, build_address
from daemon.sim.exchange.auth.keccak import keccak

WORD_BYTES: Final = 32
SELECTOR_BYTES: Final = 4
ITEMS_MAX: Final = 1_000
"""Most entries of an array argument."""


class BadCallError(ValueError):
    """Arguments that the function cannot have: the contract would revert."""


def selector(signature: str) -> bytes:
    """Return the four bytes that name a function."""
    return keccak(signature.encode())[:SELECTOR_BYTES]


def word(value: int) -> bytes:
    """Return a number as a word."""
    return value.to_bytes(WORD_BYTES, "big")


def words(values: list[int]) -> bytes:
    """Return an array of numbers as a whole reply."""
    return b"".join(map(word, (WORD_BYTES, len(values), *values)))


def address_word(address: Address) -> int:
    """Return an address as a number."""
    return int(address, 16)


@dataclass(frozen=True, slots=True)
class AbiArguments:
    """The words after the selector, read one by one. Raises BadCallError for what is not there."""

    data: bytes

    def number(self, place: int) -> int:
        """Return the word at a place as a number."""
        raw = self.data[place * WORD_BYTES : (place + 1) * WORD_BYTES]
        if len(raw) != WORD_BYTES:
            raise BadCallError(f"argument {place} is missing")
        return int.from_bytes(raw, "big")

    def address(self, place: int) -> Address:
        """Return the word at a place as an address."""
        return as_address(self.number(place))

    def array(self, place: int) -> list[int]:
        """Return the words of the array whose beginning is told at a place."""
        start, rest = divmod(self.number(place), WORD_BYTES)
        if rest:
            raise BadCallError(f"argument {place} does not begin at a word")
        count = self.number(start)
        if count > ITEMS_MAX:
            raise BadCallError(f"argument {place} has more than {ITEMS_MAX} entries")
        return [self.number(start + 1 + item) for item in range(count)]


def as_address(value: int) -> Address:
    """Return a number as an address; BadCallError when it is longer."""
    if value >> (8 * ADDRESS_BYTES):
        raise BadCallError("an address has 20 bytes")
    return build_address(value.to_bytes(ADDRESS_BYTES, "big"))
