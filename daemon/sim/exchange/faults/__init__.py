"""What goes wrong, by seed or by list."""
