"""The venue: wire shapes, protocol, feeds and look-ups."""
