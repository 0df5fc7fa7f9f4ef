"""How often each route may be asked, where it is not as often as the others."""

from collections.abc import Mapping

from coopshare.web.limits import Pace

REPORTS = ("reports.statistics", "reports_api.statistics")
PACES: Mapping[str, Pace] = {
    **dict.fromkeys(
        (
            "holds.search",
            "holds_api.availability",
            "holds_api.busy",
            "planning.data",
            "bookings.exported",
            "bookings.exporting",
            "bookings_api.exported",
        ),
        Pace.SEARCHING,
    ),
    **dict.fromkeys(
        (
            "bookings.book",
            "bookings.change",
            "bookings.cancel",
            "bookings.confirm",
            "bookings.join_waiting",
            "bookings.leave_waiting",
            "bookings.propose",
            "bookings.accept",
            "bookings.decline",
            "bookings_api.book",
            "bookings_api.quote",
            "bookings_api.change",
            "bookings_api.cancel",
            "bookings_api.confirm",
            "waiting_api.join",
            "waiting_api.accept",
            "waiting_api.leave",
            "bookings_api.make_series",
            "bookings_api.leave_series",
            "bookings_api.add_date",
            "bookings.check_in",
            "bookings.leave",
            "bookings_api.check_in",
            "bookings_api.leave",
            "requests_api.propose",
            "requests_api.accept",
            "requests_api.decline",
            "handing.collect",
            "handing.give_back",
            "handing.free",
            "handing.report",
            "handing_api.collect",
            "handing_api.give_back",
        ),
        Pace.BOOKING,
    ),
}
"""The routes whose pace is their own: reading the first, writing the second."""
