"""The pages of bookings."""

from coopshare.bookings.pages import (
    answering,
    arriving,
    booking,
    deciding,
    exporting,
    optioning,
    quotas,
    reading,
    screens,
    series,
    waiting,
)
from coopshare.bookings.pages.routes import blueprint

__all__ = [
    "answering",
    "arriving",
    "blueprint",
    "booking",
    "deciding",
    "exporting",
    "optioning",
    "quotas",
    "reading",
    "screens",
    "series",
    "waiting",
]
