"""Reads: what is held, the locks writers take, and what is free."""

from coopshare.holds.queries.availability import Answer, Offer, Reason, Wish, answer, nearest_free
from coopshare.holds.queries.closures import ClosureLine, closure, closures, described_closures
from coopshare.holds.queries.held import (
    busy,
    closed,
    described,
    holds_of,
    leaf_parts,
    lock,
    occupation,
    uses,
)
from coopshare.holds.queries.listing import free_over
from coopshare.holds.queries.maintenances import (
    LACKING,
    Lack,
    Lacking,
    lacking,
    lacks,
    maintenance,
    maintenances,
    under_maintenance,
)
from coopshare.holds.queries.shown import Picture, currency, photos, tariffs
from coopshare.holds.rules import HoldUse, Occupation

__all__ = [
    "LACKING",
    "Answer",
    "ClosureLine",
    "HoldUse",
    "Lack",
    "Lacking",
    "Occupation",
    "Offer",
    "Picture",
    "Reason",
    "Wish",
    "answer",
    "busy",
    "closed",
    "closure",
    "closures",
    "currency",
    "described",
    "described_closures",
    "free_over",
    "holds_of",
    "lacking",
    "lacks",
    "leaf_parts",
    "lock",
    "maintenance",
    "maintenances",
    "nearest_free",
    "occupation",
    "photos",
    "tariffs",
    "under_maintenance",
    "uses",
]
