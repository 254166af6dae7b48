"""Rolling up/down windows: slugs, markets, resolution."""
