"""The verbs of bookings. Order, always: policy; lock; rules; holds; write; calendars; trace."""

from coopshare.bookings.services.alternatives import Alternative, explained
from coopshare.bookings.services.arriving import asking, check_in, leave_early, release, unattended
from coopshare.bookings.services.asking import keys_of, sentences
from coopshare.bookings.services.booking import Quote, book, quote
from coopshare.bookings.services.changing import cancel, change, estimate
from coopshare.bookings.services.counting import QuotaUsage, usage
from coopshare.bookings.services.deciding import approve, check_answer, refuse
from coopshare.bookings.services.examining import needs_of
from coopshare.bookings.services.lapsing import due, lapse
from coopshare.bookings.services.lateness import due_after
from coopshare.bookings.services.optioning import confirm
from coopshare.bookings.services.pricing import Price, freeze, price, prices
from coopshare.bookings.services.proposing import accept as accept_proposal
from coopshare.bookings.services.proposing import decline as decline_proposal
from coopshare.bookings.services.proposing import propose
from coopshare.bookings.services.reminding import OPTION_REMINDER
from coopshare.bookings.services.screening import (
    add_screen,
    managed,
    record_seen,
    renew_screen,
    stop_screen,
)
from coopshare.bookings.services.series import (
    MOST_EXPLAINED,
    PlannedDate,
    SeriesPlan,
    Why,
    add_date,
    approve_series,
    book_series,
    cancel_series,
    change_series,
    explained_series,
    leave_series,
    make_series,
    plan_series,
    refuse_series,
)
from coopshare.bookings.services.serving import tell as serve_freed
from coopshare.bookings.services.waiting import (
    accept,
    join,
    leave,
    queues,
    serve_closure,
    tend,
    to_tend,
)

__all__ = [
    "MOST_EXPLAINED",
    "OPTION_REMINDER",
    "Alternative",
    "PlannedDate",
    "Price",
    "QuotaUsage",
    "Quote",
    "SeriesPlan",
    "Why",
    "accept",
    "accept_proposal",
    "add_date",
    "add_screen",
    "approve",
    "approve_series",
    "asking",
    "book",
    "book_series",
    "cancel",
    "cancel_series",
    "change",
    "change_series",
    "check_answer",
    "check_in",
    "confirm",
    "decline_proposal",
    "due",
    "due_after",
    "estimate",
    "explained",
    "explained_series",
    "freeze",
    "join",
    "keys_of",
    "lapse",
    "leave",
    "leave_early",
    "leave_series",
    "make_series",
    "managed",
    "needs_of",
    "plan_series",
    "price",
    "prices",
    "propose",
    "queues",
    "quote",
    "record_seen",
    "refuse",
    "refuse_series",
    "release",
    "renew_screen",
    "sentences",
    "serve_closure",
    "serve_freed",
    "stop_screen",
    "tend",
    "to_tend",
    "unattended",
    "usage",
]
