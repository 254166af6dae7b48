"""The trading daemon: see docs/architecture.md for what lives where."""
