"""Reads of shared posts."""
