"""A throw-away key and the wallet it trades for."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """One account of a test; an EOA is its own wallet, a deposit wallet belongs to its owner."""

    key: str
    owner: str
    wallet: str

    @property
    def is_eoa(self) -> bool:
        return self.wallet == self.owner
