"""Sheets to print: the week of a room for its door, the day of a house for its hall."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.calendars.pages.planning import asked
from coopshare.calendars.planning import Row, Use, rows, window
from coopshare.calendars.policies import Permission
from coopshare.db.work import Work
from coopshare.kernel.intervals import Interval, without
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import folded
from coopshare.members.queries import roll
from coopshare.resources import queries as resources
from coopshare.resources.queries import ResourceFilter
from coopshare.web.context import reading
from coopshare.web.i18n import gettext, present
from coopshare.web.permissions import requires

blueprint = Blueprint("printing", __name__)

MANY = 45
"""Lines beyond which a sheet is set smaller, to stay on its page."""


@dataclass(frozen=True, slots=True)
class Line:
    """One thing on a sheet: when, what, who; words are empty where only « Réservé » is told."""

    span: Interval
    title: str
    organisation: str
    state: str
    is_whole_day: bool


@dataclass(frozen=True, slots=True)
class Column:
    """A day of a room."""

    day: date
    lines: list[Line]
    is_closed: bool


@blueprint.get("/ressources/<uuid:resource_id>/semaine-a-imprimer")
@requires(Permission.PLAN)
def week(resource_id: UUID) -> ResponseReturnValue:
    """Show the week of one resource as a sheet to print."""
    wanted = asked("semaine")
    with reading() as work:
        resource = resources.get(work, resource_id)
        zone = ZoneInfo(resource.timezone)
        span, days = window("semaine", wanted.day, zone)
        (row,) = rows(work, [resource], span)
        columns = [_column(work, row, day, zone) for day in days]
        return render_template(
            "calendars/print_week.html",
            resource=resource,
            days=days,
            columns=columns,
            zone=zone.key,
            is_dense=sum(len(column.lines) for column in columns) > MANY,
            **_around("printing.week", wanted.day, 7, resource_id=resource_id),
        )


@blueprint.get("/planning/jour-a-imprimer")
@requires(Permission.PLAN)
def day() -> ResponseReturnValue:
    """Show the day of all that one place shares as a sheet to print."""
    wanted = asked("jour")
    with reading() as work:
        found = resources.search(work, ResourceFilter(kind=wanted.kind))
        places = _places(found)
        place = request.args.get("lieu", "")
        known = place if place in places else ""
        if known:
            found = [one for one in found if one.location == known]
        planned = rows(work, found, day_span(wanted.day, wanted.zone))
        columns = [(row.resource, _column(work, row, wanted.day, wanted.zone)) for row in planned]
        return render_template(
            "calendars/print_day.html",
            wanted=wanted,
            place=known,
            places=places,
            taken=[(resource, column) for resource, column in columns if column.lines],
            free=[r for r, column in columns if not column.lines and not column.is_closed],
            closed=[r for r, column in columns if not column.lines and column.is_closed],
            zone=wanted.zone.key,
            is_dense=len(columns) + sum(len(column.lines) for _, column in columns) > MANY,
            **_around("printing.day", wanted.day, 1, lieu=known or None),
        )


def _places(found: list[Any]) -> list[str]:
    return sorted({one.location for one in found if one.location}, key=folded)


def _column(work: Work, row: Row, day: date, zone: ZoneInfo) -> Column:
    span = day_span(day, zone)
    lines = [
        _line(work, use, part)
        for use in row.uses
        if (part := use.span.clipped(span)) is not None and use.state != "closed"
    ]
    shut = [*row.closed, *(use.held for use in row.uses if use.state == "closed")]
    return Column(day, lines, is_closed=not without(span, shut))


def _line(work: Work, use: Use, part: Interval) -> Line:
    hides = request.args.get("noms") == "non"
    known = use.organisation_id is not None and not hides
    return Line(
        span=part,
        title="" if hides else use.title,
        organisation=roll(work).names.get(use.organisation_id, "")
        if known and use.organisation_id
        else "",
        state=use.state,
        is_whole_day=part.minutes >= 23 * 60,
    )


def _around(endpoint: str, shown: date, step: int, **others: Any) -> dict[str, Any]:
    """Return what both sheets say around their table: the addresses, and when it was printed."""
    names = request.args.get("noms")

    def address(**changed: Any) -> str:
        return url_for(endpoint, **others | {"date": shown.isoformat(), "noms": names} | changed)

    return {
        "previous_url": address(date=(shown - timedelta(days=step)).isoformat()),
        "next_url": address(date=(shown + timedelta(days=step)).isoformat()),
        "names_url": address(noms=None if names == "non" else "non"),
        "names_text": gettext("Montrer ce que je peux lire")
        if names == "non"
        else gettext("Cacher les noms et les titres"),
        "printed_at": present(),
    }
