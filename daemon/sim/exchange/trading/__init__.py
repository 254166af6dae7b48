"""The exchange without input or output: markets, one book each, orders, money, settlement."""
