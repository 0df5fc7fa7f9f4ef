"""The verbs of holds: take, change and give back time (inside a larger verb); close and lift."""

from coopshare.holds.closing import close, lift
from coopshare.holds.commands import Close
from coopshare.holds.taking import Wanted, check_free, hold, rehold, release, retire_past

__all__ = [
    "Close",
    "Wanted",
    "check_free",
    "close",
    "hold",
    "lift",
    "rehold",
    "release",
    "retire_past",
]
