"""Explains what is wrong and what to do; run refuses, doctor explains."""
