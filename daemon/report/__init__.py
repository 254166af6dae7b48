"""Reports from facts and rows; pure, cannot touch the venue."""
