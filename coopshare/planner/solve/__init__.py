"""The search with OR-Tools CP-SAT; nothing outside this folder imports it."""

from coopshare.planner.solve.search import Control, solve

__all__ = ["Control", "solve"]
