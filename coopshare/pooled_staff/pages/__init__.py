"""The pages of shared posts."""

from coopshare.pooled_staff.pages import (
    half_days,
    leaves,
    mine,
    overview,
    placements,
    planning,
)
from coopshare.pooled_staff.pages.routes import blueprint

__all__ = [
    "blueprint",
    "half_days",
    "leaves",
    "mine",
    "overview",
    "placements",
    "planning",
]
