"""What the Data API says of a wallet: positions, trades, history, and how markets ended."""
