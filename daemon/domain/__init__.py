"""The trade itself: values, tables and sums. Standard library only; no IO, no clock, no logging."""
