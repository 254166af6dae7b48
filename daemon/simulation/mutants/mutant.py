"""A deliberate mistake: one place of one module, and what stands there instead."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Mutant:
    """A mistake somebody could make. Nothing of it is ever written to a file."""

    name: str
    what: str
    """The mistake in words, for the table."""
    module: str
    old: str
    """Occurs exactly once in the module's source."""
    new: str

    def applied_to(self, source: str) -> str:
        """Return the source with the mistake in it; ValueError unless its place is found, once."""
        count = source.count(self.old)
        if count != 1:
            raise ValueError(
                f"mutant {self.name}: its text is {count} times in {self.module}, must be there once"
            )
        return source.replace(self.old, self.new)
