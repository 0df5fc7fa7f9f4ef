"""The tables of bookings: one file per noun."""

from coopshare.bookings.models.booking import Booking, BookingLine, BookingStatus, OwnChange
from coopshare.bookings.models.charges import BookingCharge, ChargeKind, ChargeUnit
from coopshare.bookings.models.decisions import (
    Decision,
    DecisionStatus,
    Proposal,
    ProposalKind,
    ProposalStatus,
)
from coopshare.bookings.models.screens import DoorScreen
from coopshare.bookings.models.series import BookingSeries, SeriesLine
from coopshare.bookings.models.waiting import Wait, WaitLine, WaitStatus

__all__ = [
    "Booking",
    "BookingCharge",
    "BookingLine",
    "BookingSeries",
    "BookingStatus",
    "ChargeKind",
    "ChargeUnit",
    "Decision",
    "DecisionStatus",
    "DoorScreen",
    "OwnChange",
    "Proposal",
    "ProposalKind",
    "ProposalStatus",
    "SeriesLine",
    "Wait",
    "WaitLine",
    "WaitStatus",
]
