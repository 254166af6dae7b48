"""Recorded markets: frames, the books they build, and how they are played and described."""
