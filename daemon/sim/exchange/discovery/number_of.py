"""Numbers of things that have a name only: events, series, tags."""

from hashlib import sha256


def number_of(kind: str, name: str) -> str:
    """Return a number that repeats and that two names of a kind do not share; positive, 31 bits."""
    digest = sha256(f"{kind}:{name}".encode()).digest()
    return str(1 + int.from_bytes(digest[:4], "big") % (2**31 - 1))
