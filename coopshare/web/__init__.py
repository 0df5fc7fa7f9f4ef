"""Toolbox of the surfaces: knows HTTP and no feature."""
