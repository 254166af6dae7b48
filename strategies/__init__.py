"""Strategies: each declares which orders should rest; none submits or cancels."""
