"""Forms of what is not a number: names, market references, addresses, paths, secrets."""

import ipaddress
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final, cast
from urllib.parse import urlsplit

from config.form import Form, Shown, Unfit
from config.secret import HIDDEN, Secret

MARKETS_MAX: Final = 500

_REFERENCE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,199}")
_CONDITION: Final = re.compile(r"0x(?:[0-9a-fA-F]{64}|[0-9a-fA-F]{62})")
_TOKEN: Final = re.compile(r"[1-9][0-9]{0,77}")
_PRIVATE_KEY: Final = re.compile(r"(?:0x)?[0-9a-fA-F]{64}")

ANY_MARKET: Final = "*"


def parse_reference(value: object) -> str:
    """Return a slug, condition id or token id; raises Unfit with the way to the slug for a link."""
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        raise Unfit("expected a text: put the id in quotes, it is too long for a number")
    if not isinstance(value, str):
        raise Unfit
    text = value.strip()
    if "/" in text:
        raise Unfit("expected a slug: the last part of the market's link, after the last /")
    if text.startswith("0x") and not _CONDITION.fullmatch(text):
        raise Unfit("expected a condition id: 0x and 64 hexadecimal digits")
    if not _REFERENCE.fullmatch(text):
        raise Unfit
    return text


def _parse_references(value: object) -> tuple[str, ...]:
    if isinstance(value, str):
        value = [part for part in value.split(",") if part.strip()]
    if not isinstance(value, list | tuple):
        raise Unfit
    items = cast("Sequence[object]", value)
    if len(items) > MARKETS_MAX:
        raise Unfit(f"expected at most {MARKETS_MAX} markets")
    return tuple(dict.fromkeys(parse_reference(item) for item in items))


def _parse_reference_or_any(value: object) -> str:
    return ANY_MARKET if value == ANY_MARKET else parse_reference(value)


def _parse_token(value: object) -> str | None:
    if value is None:
        return None
    text = parse_reference(value)
    if not _TOKEN.fullmatch(text):
        raise Unfit
    return text


def _parse_outcome(value: object) -> str | int:
    if isinstance(value, int) and not isinstance(value, bool) and value in (0, 1):
        return value
    if not isinstance(value, str) or not 0 < len(value.strip()) <= 100:
        raise Unfit
    text = value.strip()
    return int(text) if text in ("0", "1") else text


def _same(value: str | int | None) -> Shown:
    return value


MARKETS: Final = Form("a list of slugs, condition ids or token ids", _parse_references, list[str])
MARKET: Final = Form(
    "a slug, condition id, token id or * for every market", _parse_reference_or_any, str
)
TOKEN: Final = Form("a token id: up to 78 digits, in quotes", _parse_token, _same)
OUTCOME: Final = Form("an outcome's label like Yes, or its index 0 or 1", _parse_outcome, _same)


def text(expected: str, pattern: str) -> Form:
    """Return the form of a text that matches the pattern as a whole."""
    compiled = re.compile(pattern)

    def parse(value: object) -> str:
        if not isinstance(value, str) or not compiled.fullmatch(value.strip()):
            raise Unfit
        return value.strip()

    return Form(expected, parse, str)


def _parse_path(value: object) -> Path:
    given = str(value) if isinstance(value, str | Path) else ""
    if not given.strip() or "\0" in given:
        raise Unfit
    return Path(given)


PATH: Final = Form("a path", _parse_path, str)


def url(scheme: str) -> Form:
    """Return the form of an address with TLS; without it on this machine only."""

    def parse(value: object) -> str:
        given = value.strip() if isinstance(value, str) else ""
        try:
            parts = urlsplit(given)
            host, port = parts.hostname or "", parts.port
        except ValueError:
            raise Unfit from None
        has_more = parts.username or parts.password or parts.query or parts.fragment
        if not host or port == 0 or has_more or re.search(r"\s", given):
            raise Unfit
        if parts.scheme == scheme and not is_loopback(host):
            raise Unfit(f"expected {scheme}s:// — without TLS only this machine may be addressed")
        if parts.scheme not in (scheme, f"{scheme}s"):
            raise Unfit
        return given.rstrip("/")

    return Form(f"an address like {scheme}s://example.com", parse, str)


def is_loopback(host: str) -> bool:
    """Tell whether a host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _revealed(value: object) -> str:
    """Secrets are wrapped where they are read, before anything could print them."""
    if not isinstance(value, Secret) or not value.reveal().strip():
        raise Unfit
    return value.reveal().strip()


def _parse_secret(value: object) -> Secret:
    return Secret(_revealed(value))


def _parse_private_key(value: object) -> Secret:
    key = _revealed(value)
    if not _PRIVATE_KEY.fullmatch(key):
        raise Unfit
    return Secret("0x" + key.removeprefix("0x").lower())


def _parse_database_url(value: object) -> Secret:
    address = _revealed(value)
    if not address.startswith(("postgresql://", "postgres://")):
        raise Unfit
    return Secret(address)


def _hide(value: Secret | None) -> Shown:
    return None if value is None else HIDDEN


SECRET: Final = Form("a text", _parse_secret, _hide)
PRIVATE_KEY: Final = Form("64 hexadecimal digits, with or without 0x", _parse_private_key, _hide)
DATABASE_URL: Final = Form(
    "postgresql://USER:PASSWORD@HOST:5432/DATABASE", _parse_database_url, _hide
)
