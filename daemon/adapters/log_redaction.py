"""Keeps secrets out of the log: by the name of the key, by the type of the value, by the very text.

The last net, not the first: secrets are types that do not print. It also catches what libraries and
tracebacks say.
"""

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, cast

from structlog.typing import EventDict, WrappedLogger

HIDDEN: Final = "***"
SECRET_CHARACTERS_MIN: Final = 6
"""Shorter texts would blot out ordinary words."""
_DEPTH_MAX: Final = 4
_SECRET_KEY: Final = re.compile(
    r"secret|passphrase|password|passwd|private_?key|api_?key|authorization|mnemonic|credential"
    r"|signature|cookie|poly_",
    re.IGNORECASE,
)
_URL_PASSWORD: Final = re.compile(r"(\w+://[^\s:/@]*):[^\s/]+@")
_PLAIN: Final = (int, float, bool, type(None))


class Redactor:
    """A structlog processor."""

    def __init__(self, hidden: Iterable[str] = ()) -> None:
        """`hidden`: texts that must never appear, such as the private key, with or without 0x."""
        texts = {text for one in hidden for text in (one, one.removeprefix("0x"))}
        long_enough = sorted((t for t in texts if len(t) >= SECRET_CHARACTERS_MIN), key=len)
        pattern = "|".join(re.escape(text) for text in reversed(long_enough))
        self._texts = re.compile(pattern, re.IGNORECASE) if pattern else None

    def __call__(self, _: WrappedLogger, __: str, event_dict: EventDict) -> EventDict:
        """Return the event with every secret replaced by stars."""
        for key, value in event_dict.items():
            if isinstance(value, _PLAIN) or key.startswith("_"):  # The logging library's own.
                continue
            event_dict[key] = HIDDEN if _is_secret(key) else self._clean(value, 0)
        return event_dict

    def text(self, text: str) -> str:
        """Return a text without secrets."""
        if "://" in text:
            text = _URL_PASSWORD.sub(rf"\1:{HIDDEN}@", text)
        return text if self._texts is None else self._texts.sub(HIDDEN, text)

    def _clean(self, value: Any, depth: int) -> Any:
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, _PLAIN):
            return value
        if hasattr(value, "reveal") or depth >= _DEPTH_MAX:
            return HIDDEN
        if isinstance(value, Mapping):
            items = cast("Mapping[object, object]", value).items()
            return {
                str(key): HIDDEN if _is_secret(str(key)) else self._clean(item, depth + 1)
                for key, item in items
            }
        if isinstance(value, list | tuple | set | frozenset):
            return [self._clean(item, depth + 1) for item in cast("Iterable[object]", value)]
        return self.text(str(value))


@lru_cache(maxsize=4096)
def _is_secret(key: str) -> bool:
    return _SECRET_KEY.search(key) is not None
