"""The pages of shared posts."""

from coopshare.pooled_staff.pages import (
    contracts,
    drawing,
    half_days,
    leaves,
    mine,
    overview,
    placements,
    planning,
    setting_up,
)
from coopshare.pooled_staff.pages.routes import blueprint

__all__ = [
    "blueprint",
    "contracts",
    "drawing",
    "half_days",
    "leaves",
    "mine",
    "overview",
    "placements",
    "planning",
    "setting_up",
]
