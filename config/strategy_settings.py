"""What a trader sets for each strategy, in the customer's words and units.

Sizes have no defaults here: the profile gives them.
"""

from decimal import Decimal
from typing import Annotated, Final, Literal, Self, TypeAlias

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from config.form import FLAG, PRICE, SHARES, one_of, whole
from config.section import Section, key
from config.text_form import ANY_MARKET, MARKET, OUTCOME, TOKEN
from daemon.domain.side import Side
from daemon.domain.units import Price, Shares, format_micros
from strategies.order_splitter import Splitting

_FULL_SET: Final = "{} arrives with the full strategy set; give TWAP"
_SPLITTING: Final = one_of(
    Splitting,
    refused={
        word.lower(): _FULL_SET.format(word)
        for word in ("VWAP", "ICEBERG", "RANDOM")
        if word not in {splitting.value for splitting in Splitting}
    },
)


class _OnMarket(Section):
    """Where a strategy trades and how far it goes; shared by all of them."""

    market: Annotated[str, MARKET] = key("one market, or * for all of them", default=ANY_MARKET)
    outcome: Annotated[str | int, OUTCOME] = key("which outcome, by label or index", default=0)
    token_id: Annotated[str | None, TOKEN] = key(
        "the outcome's token, instead of market and outcome", default=None
    )
    side: Annotated[Side, one_of(Side)] = key("BUY or SELL", default=Side.BUY)
    limit_price: Annotated[Price, PRICE] = key(
        "never buy above it, never sell below it", unit="USD a share"
    )

    @model_validator(mode="after")
    def _token_or_market(self) -> Self:
        if self.token_id is not None and self.model_fields_set & {"market", "outcome"}:
            raise _clash("token_id", "expected either token_id or market and outcome, not both")
        return self


class TopBidderSettings(_OnMarket):
    """A [[strategies]] entry with name = "top_bidder"."""

    name: Annotated[Literal["top_bidder"], Field()] = key("which strategy")
    shares_per_order: Annotated[Shares, SHARES] = key("size of its order", unit="shares")
    poll_interval: Annotated[int, whole(1, 3_600)] = key(
        "accepted and not needed: it acts on every book change at once", default=3, unit="s"
    )
    enable_top_bidder: Annotated[bool, FLAG] = key("whether it trades at all", default=True)


class OrderSplitterSettings(_OnMarket):
    """A [[strategies]] entry with name = "order_splitter"."""

    name: Annotated[Literal["order_splitter"], Field()] = key("which strategy")
    splitting_strategy: Annotated[Splitting, _SPLITTING] = key(
        "how the order is cut: equal slices at equal intervals",
        default=Splitting.TWAP,
        aliases=("strategy",),
    )
    total_shares: Annotated[Shares, SHARES] = key("the whole order", unit="shares")
    time_window_minutes: Annotated[int, whole(1, 10_080)] = key(
        "time to work it in", default=60, unit="minutes"
    )
    min_order_size: Annotated[Shares, SHARES] = key("the smallest slice", unit="shares")
    max_order_size: Annotated[Shares, SHARES] = key("the largest slice", unit="shares")
    patience_s: Annotated[int, whole(0, 86_400)] = key(
        "a slice rests in front this long before it takes; 0 takes at once", default=0, unit="s"
    )

    @model_validator(mode="after")
    def _sizes_fit(self) -> Self:
        if self.min_order_size > self.max_order_size:
            text = f"expected at most max_order_size = {_plain(self.max_order_size)}"
            raise _clash("min_order_size", text)
        if self.total_shares < self.min_order_size:
            text = f"expected at least min_order_size = {_plain(self.min_order_size)}"
            raise _clash("total_shares", text)
        return self


StrategySettings: TypeAlias = TopBidderSettings | OrderSplitterSettings

STRATEGY_SETTINGS: Final[dict[str, type[StrategySettings]]] = {
    "top_bidder": TopBidderSettings,
    "order_splitter": OrderSplitterSettings,
}
"""Name → what may be set."""


def _clash(of_key: str, text: str) -> PydanticCustomError:
    return PydanticCustomError("combination", "{text}", {"key": of_key, "text": text})


def _plain(shares: Shares) -> Decimal:
    return Decimal(format_micros(shares, 0))
