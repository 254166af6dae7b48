"""What the venue writes of orders, trades and balances, over REST and on the user channel alike."""
