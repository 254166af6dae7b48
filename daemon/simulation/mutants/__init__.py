"""Deliberate mistakes, one line each, that the simulation must find."""
