"""Books as the venue shows them: the same ones over REST and over websockets."""
