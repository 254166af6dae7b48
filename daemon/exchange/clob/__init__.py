"""The order-book API for those who have a key: keys, orders, cancels, heartbeats, accounts."""
