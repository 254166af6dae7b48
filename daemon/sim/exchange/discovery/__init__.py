"""What discovery says of markets: records, events, series and tags, and how they are searched."""
