"""The verbs of bookings. Order, always: policy; lock; rules; holds; write; calendars; trace."""

from coopshare.bookings.services.alternatives import Alternative, explained
from coopshare.bookings.services.booking import Quote, book, quote
from coopshare.bookings.services.changing import cancel, change
from coopshare.bookings.services.deciding import approve, refuse
from coopshare.bookings.services.lapsing import due, lapse
from coopshare.bookings.services.optioning import confirm
from coopshare.bookings.services.reminding import OPTION_REMINDER

__all__ = [
    "OPTION_REMINDER",
    "Alternative",
    "Quote",
    "approve",
    "book",
    "cancel",
    "change",
    "confirm",
    "due",
    "explained",
    "lapse",
    "quote",
    "refuse",
]
