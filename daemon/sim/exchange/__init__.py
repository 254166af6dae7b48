"""A venue without sockets: trading, what stands around it, and recorded tapes; time is an argument."""
