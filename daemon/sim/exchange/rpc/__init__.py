"""The chain as a node shows it: contracts, calls that read, and nothing that moves."""
