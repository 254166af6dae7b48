"""What must hold whatever happens: one promise a file."""
