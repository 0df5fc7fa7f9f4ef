"""The verbs of holds: take, change and give back time inside a larger verb; close and lift."""

from coopshare.holds.closing import close, lift
from coopshare.holds.commands import Close
from coopshare.holds.maintenance import lift_maintenance, noticed, open_maintenance, settle
from coopshare.holds.many import Ask, conflicts_many, hold_many, rehold_many, release_many
from coopshare.holds.regrouping import CHUNK, Claim, Leaves, regrouped, to_come
from coopshare.holds.taking import (
    FREED,
    Freed,
    Wanted,
    check_free,
    hold,
    hold_beside,
    rehold,
    release,
    retire_past,
)

__all__ = [
    "CHUNK",
    "FREED",
    "Ask",
    "Claim",
    "Close",
    "Freed",
    "Leaves",
    "Wanted",
    "check_free",
    "close",
    "conflicts_many",
    "hold",
    "hold_beside",
    "hold_many",
    "lift",
    "lift_maintenance",
    "noticed",
    "open_maintenance",
    "regrouped",
    "rehold",
    "rehold_many",
    "release",
    "release_many",
    "retire_past",
    "settle",
    "to_come",
]
