"""What stands in front of the matching: rate limits, the dead-man switch, restricted phases."""
