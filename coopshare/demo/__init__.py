"""Demonstration data, one file per case."""
