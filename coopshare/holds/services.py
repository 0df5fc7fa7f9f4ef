"""The verbs of holds: take, change and give back time, inside the unit of a larger verb."""

from coopshare.holds.taking import Wanted, check_free, hold, rehold, release, retire_past

__all__ = ["Wanted", "check_free", "hold", "rehold", "release", "retire_past"]
