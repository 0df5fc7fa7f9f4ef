"""The JSON shapes of shared posts."""
