"""The verbs of bookings. Order, always: policy; lock; rules; holds; write; calendars; trace."""

from coopshare.bookings.services.alternatives import Alternative, explained
from coopshare.bookings.services.booking import Quote, book, quote
from coopshare.bookings.services.changing import cancel, change
from coopshare.bookings.services.deciding import approve, refuse
from coopshare.bookings.services.lapsing import due, lapse

__all__ = [
    "Alternative",
    "Quote",
    "approve",
    "book",
    "cancel",
    "change",
    "due",
    "explained",
    "lapse",
    "quote",
    "refuse",
]
