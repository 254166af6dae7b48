"""Measures the daemon on recorded frames: `python -m benchmarks`, see docs/performance.md."""
