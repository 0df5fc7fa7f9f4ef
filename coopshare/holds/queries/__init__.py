"""Reads: what is held, the locks writers take."""

from coopshare.holds.queries.closures import ClosureLine, closure, closures
from coopshare.holds.queries.held import busy, described, holds_of, leaf_parts, lock, uses
from coopshare.holds.rules import HoldUse

__all__ = [
    "ClosureLine",
    "HoldUse",
    "busy",
    "closure",
    "closures",
    "described",
    "holds_of",
    "leaf_parts",
    "lock",
    "uses",
]
