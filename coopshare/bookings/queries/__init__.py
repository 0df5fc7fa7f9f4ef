"""Reads of bookings, of what they cost, of quotas."""

from coopshare.bookings.queries.prices import (
    QuotaTaking,
    QuotaUse,
    charges_of,
    names_of,
    quota_takings,
    quota_uses,
    tariffs_for,
    tariffs_of,
)
from coopshare.bookings.queries.reading import (
    MOST,
    BookingFilter,
    Happening,
    Shown,
    conditions,
    get,
    get_many,
    history,
    listing,
    resources_of,
    shown,
    stake_of,
)

__all__ = [
    "MOST",
    "BookingFilter",
    "Happening",
    "QuotaTaking",
    "QuotaUse",
    "Shown",
    "charges_of",
    "conditions",
    "get",
    "get_many",
    "history",
    "listing",
    "names_of",
    "quota_takings",
    "quota_uses",
    "resources_of",
    "shown",
    "stake_of",
    "tariffs_for",
    "tariffs_of",
]
