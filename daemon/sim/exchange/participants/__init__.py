"""Others who trade: makers, takers and rivals at the recorded pace."""
