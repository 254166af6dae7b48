"""The asynchronous shell; it talks to ports only."""
