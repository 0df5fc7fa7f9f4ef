"""Reserving resources for a span of time."""
