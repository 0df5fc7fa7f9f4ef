"""The pages of series: booking a season, changing it, giving it up, its dates."""

from coopshare.bookings.pages.series import dates, repeating

__all__ = ["dates", "repeating"]
