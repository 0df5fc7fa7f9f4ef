"""Bookings by the command line: the same verbs, as the person `--as` names."""

from coopshare.bookings.cli import deciding, making, reading, series
from coopshare.bookings.cli.options import booking
from coopshare.bookings.cli.screens import screen
from coopshare.bookings.cli.waiting import waiting

commands = (booking, waiting, screen)

__all__ = ["booking", "commands", "deciding", "making", "reading", "screen", "series", "waiting"]
