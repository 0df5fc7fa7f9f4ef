"""The verbs of holds: take, change and give back time inside a larger verb; close and lift."""

from coopshare.holds.closing import close, lift
from coopshare.holds.commands import Close
from coopshare.holds.regrouping import CHUNK, Claim, Leaves, regrouped, to_come
from coopshare.holds.taking import Wanted, check_free, hold, rehold, release, retire_past

__all__ = [
    "CHUNK",
    "Claim",
    "Close",
    "Leaves",
    "Wanted",
    "check_free",
    "close",
    "hold",
    "lift",
    "regrouped",
    "rehold",
    "release",
    "retire_past",
    "to_come",
]
