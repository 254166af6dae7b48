"""The venue as a process reaches it, without a network: requests, the account, both streams."""
