"""The statistics by the JSON API."""

from typing import Any

from coopshare.reports.periods import Period
from coopshare.reports.policies import Permission
from coopshare.reports.queries import Lost, Report, Wanted, report
from coopshare.reports.rules import Share
from coopshare.reports.schemas import StatisticsQuerySchema, StatisticsSchema
from coopshare.web.api import Blueprint
from coopshare.web.context import reading
from coopshare.web.permissions import requires

blueprint = Blueprint(
    "reports_api",
    __name__,
    url_prefix="/api/v1/statistics",
    description="Lire comment ce qui est partagé est utilisé.",
)


@blueprint.get("")
@blueprint.arguments(StatisticsQuerySchema, location="query")
@blueprint.response(200, StatisticsSchema)
@requires(Permission.SEE)
def statistics(query: dict[str, Any]) -> dict[str, Any]:
    """Compter l'usage d'une période, et de celle à laquelle on la compare."""
    period = Period(query["first"], query["last"])
    wanted = Wanted(kind=query["kind"], resource_id=query["resource_id"])
    with reading() as work:
        found = report(work, period, wanted)
        compared = query["compare"]
        before = report(work, period.compared(compared), wanted) if compared else None
    return {"period": as_json(found), "compared": as_json(before) if before else None}


def as_json(found: Report) -> dict[str, Any]:
    """Return a report as programs read it."""
    return {
        "first": found.period.first,
        "last": found.period.last,
        **_share(found.total),
        "bookings": found.bookings,
        "resources": [
            {
                "resource_id": one.resource.id,
                "name": one.resource.name,
                "kind": one.resource.kind,
                "minutes": one.minutes,
                **_share(one.share),
                "bookings": one.bookings,
            }
            for one in found.resources
        ],
        "organisations": found.organisations,
        "hours": [
            {
                "weekday": weekday,
                "hour": hour,
                "used_minutes": share.used,
                "open_minutes": share.open,
            }
            for (weekday, hour), share in found.hours.cells.items()
        ],
        "no_shows": _lost(found.no_shows),
        "late_cancellations": _lost(found.late),
        "refusals": [
            {
                "resource_id": one.resource.id,
                "status": one.status,
                "reason": one.reason,
                "requests": one.requests,
            }
            for one in found.refusals
        ],
    }


def _share(share: Share) -> dict[str, Any]:
    return {
        "used_minutes": share.used,
        "open_minutes": share.open,
        "percent": share.percent,
    }


def _lost(lost: Lost) -> dict[str, int]:
    return {"bookings": lost.bookings, "minutes": lost.minutes}
