"""The verbs of shared posts."""
