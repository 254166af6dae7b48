"""Who is asking the exchange and what was signed, judged by an encoder of its own; pure, time is an argument."""
