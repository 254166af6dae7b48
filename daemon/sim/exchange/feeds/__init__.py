"""Price feeds beside the order book: what a client says on them and what it is told."""
