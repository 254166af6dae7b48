"""The outside world, one folder per neighbour."""
