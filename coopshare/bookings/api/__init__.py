"""Bookings by the JSON API."""

from coopshare.bookings.api import deciding, making, reading
from coopshare.bookings.api.blueprint import blueprint

__all__ = ["blueprint", "deciding", "making", "reading"]
