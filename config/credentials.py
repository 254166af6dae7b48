"""The secrets of the account; not needed on paper."""

from typing import Annotated

from config.secret import Secret
from config.section import Section, key
from config.text_form import PRIVATE_KEY, SECRET


class Credentials(Section):
    """Table [credentials], which only the environment and .env files may fill."""

    private_key: Annotated[Secret | None, PRIVATE_KEY] = key(
        "signs orders; use a wallet of its own with limited funds",
        default=None,
        environment=("POLYMARKET_PRIVATE_KEY", "POLYMARKET_KEY"),
        is_secret=True,
    )
    api_key: Annotated[Secret | None, SECRET] = key(
        "names the account to the venue",
        default=None,
        environment=("POLYMARKET_API_KEY",),
        is_secret=True,
    )
    api_secret: Annotated[Secret | None, SECRET] = key(
        "signs requests to the venue",
        default=None,
        environment=("POLYMARKET_API_SECRET", "POLYMARKET_SECRET"),
        is_secret=True,
    )
    api_passphrase: Annotated[Secret | None, SECRET] = key(
        "goes with the secret",
        default=None,
        environment=("POLYMARKET_API_PASSPHRASE", "POLYMARKET_PASSPHRASE"),
        is_secret=True,
    )
