"""A season of rolling up/down markets: reference prices, windows that come and go, who trades in them."""
