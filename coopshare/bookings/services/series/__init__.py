"""The verbs of series. Each locks what it touches once, then judges and writes it in bulk."""

from coopshare.bookings.services.series.dates import PlannedDate, SeriesPlan, Why
from coopshare.bookings.services.series.ending import (
    approve_series,
    cancel_series,
    leave_series,
    refuse_series,
)
from coopshare.bookings.services.series.explaining import (
    MOST_EXPLAINED,
    explained_series,
    plan_series,
)
from coopshare.bookings.services.series.making import add_date, book_series, make_series
from coopshare.bookings.services.series.reworking import change_series

__all__ = [
    "MOST_EXPLAINED",
    "PlannedDate",
    "SeriesPlan",
    "Why",
    "add_date",
    "approve_series",
    "book_series",
    "cancel_series",
    "change_series",
    "explained_series",
    "leave_series",
    "make_series",
    "plan_series",
    "refuse_series",
]
