"""A recording of a run: what the engine was given, step by step, so that it can be run again."""
