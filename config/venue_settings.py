"""Where the venue is and how the account signs."""

from typing import Annotated, Final

from config.form import Form, Unfit, whole
from config.section import LATER, Section, key
from config.text_form import url

POLYGON: Final = 137


def _parse_chain(value: object) -> int:
    if value not in (POLYGON, str(POLYGON)) or isinstance(value, bool):
        raise Unfit
    return POLYGON


class VenueSettings(Section):
    """Table [venue]."""

    clob_url: Annotated[str, url("http")] = key(
        "order books and orders", default="https://clob.polymarket.com"
    )
    gamma_url: Annotated[str, url("http")] = key(
        "market discovery", default="https://gamma-api.polymarket.com"
    )
    market_ws_url: Annotated[str, url("ws")] = key(
        "the market websocket",
        default="wss://ws-subscriptions-clob.polymarket.com/ws/market",
    )
    chain_id: Annotated[
        int, Form("137 (Polygon), the only chain pennyd trades on", _parse_chain, int)
    ] = key("the chain", default=POLYGON)
    signature_type: Annotated[int, whole(0, 3)] = key(
        "0 EOA, 1 e-mail proxy, 2 browser safe, 3 deposit wallet",
        default=0,
        note=LATER,
        environment=("POLYMARKET_SIGNATURE_TYPE",),
    )
