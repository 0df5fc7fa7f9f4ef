"""The pages of bookings."""

from coopshare.bookings.pages import booking, deciding, exporting, optioning, reading, waiting
from coopshare.bookings.pages.routes import blueprint

__all__ = ["blueprint", "booking", "deciding", "exporting", "optioning", "reading", "waiting"]
