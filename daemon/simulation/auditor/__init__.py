"""Judges a simulated daemon by books of its own, kept from what the exchange did and what was committed."""
