"""The exchange core, sans-IO: recorded tapes, the books they build, sessions and records; time is an argument."""
