"""The only list of strategies: their names in the configuration and what makes them."""

from typing import Final

from strategies.order_splitter import OrderSplitter, OrderSplitterParams
from strategies.top_bidder import TopBidder, TopBidderParams

STRATEGIES: Final = {
    "top_bidder": (TopBidderParams, TopBidder),
    "order_splitter": (OrderSplitterParams, OrderSplitter),
}
"""Name → (what the trader sets, the strategy)."""
