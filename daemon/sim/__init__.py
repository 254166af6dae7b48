"""The outside world made of memory; shipped, because paper and replay are products."""
