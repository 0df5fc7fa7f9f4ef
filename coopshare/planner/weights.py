"""What counts how much inside a tier: the one table, read by the model and by the score alike."""

FREE_BAND = 2
"""Half-days a member may be ahead or behind at the end of each fourth week, at no cost."""

EVERY_WEEKS = 4

NEAR = ((14, 3), (28, 2))
"""A changed published half-day weighs more when its day is within so many days; else 1."""
MOVED = 2
"""Published half-day given to something else."""
SHORTENED = 1
"""Published half-day that becomes idle, or idle one that is given to something."""

REGULAR = 3
"""For each different use of a same cell of the week by one worker over the horizon."""
SPLIT = 2
"""For a day whose two halves differ."""
UNWISHED = 1
"""For a half-day at a member outside the cells it wished."""
WISHES = 6
"""Shared by the wishes of one worker, so that many wishes weigh no more than one; 1 at least."""


def travel_points(minutes: int, metres: int) -> int:
    """Return the points of one journey at noon."""
    return minutes // 10 + metres // 20_000


def closeness(days: int) -> int:
    """Return the weight of a change so many days after the start of the horizon."""
    return next((weight for within, weight in NEAR if days < within), 1)
