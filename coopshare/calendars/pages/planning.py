"""The planning of a day: a table that everybody can read, and the data of the timeline over it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue
from marshmallow import EXCLUDE, ValidationError, fields

from coopshare.calendars import plan
from coopshare.calendars.policies import Permission
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import at, day_span, zone
from coopshare.kernel.text import marked
from coopshare.resources.kinds import RESOURCE_KINDS, ResourceKind
from coopshare.resources.queries import ResourceFilter
from coopshare.web.context import actor, reading
from coopshare.web.errors import flattened
from coopshare.web.i18n import gettext, present
from coopshare.web.permissions import requires
from coopshare.web.schemas import Day, Schema, Text

blueprint = Blueprint("planning", __name__)
FIRST_HOUR, LAST_HOUR = 7, 21
QUARTER = 15
LONGEST_DAYS = 45
FEW = 40
"""Up to so many rows each free hour has its own link; beyond, each free span has one."""


class PlanningSchema(Schema):
    """What an address of the planning asks for."""

    class Meta:
        """Others may add words to an address: they are left aside."""

        unknown = EXCLUDE

    genre = fields.Enum(ResourceKind, by_value=True, load_default=None)
    q = Text(80)
    date = Day(load_default=None)
    since = Day(load_default=None, data_key="from")
    to = Day(load_default=None)


@dataclass(frozen=True, slots=True)
class Cell:
    """Some quarters of an hour of one row."""

    kind: str
    width: int
    text: str
    url: str | None = None


def _asked() -> dict[str, Any]:
    try:
        given = {name: value for name, value in request.args.items() if value}
        return dict(PlanningSchema().load(given))
    except ValidationError as error:
        raise Invalid(flattened(error.messages)) from error


@blueprint.get("/planning")
@requires(Permission.PLAN)
def day() -> ResponseReturnValue:
    """Show one day of all resources, by row, with a link from each free span."""
    asked, place = _asked(), zone(actor().timezone)
    shown = asked["date"] or present().astimezone(place).date()
    span = Interval(at(shown, FIRST_HOUR * 60, place), at(shown, LAST_HOUR * 60, place))
    wanted = ResourceFilter(kind=asked["genre"], q=asked["q"])
    with reading() as work:
        found = plan.rows(work, wanted, span)
        return render_template(
            "calendars/planning.html",
            lines=[(row.resource, _cells(row, span, by_hour=len(found) <= FEW)) for row in found],
            hours=range(FIRST_HOUR, LAST_HOUR),
            date=shown,
            before=shown - timedelta(days=1),
            after=shown + timedelta(days=1),
            asked=asked,
            kinds=[(kind.value, gettext(word)) for kind, word in RESOURCE_KINDS.items()],
        )


def _cells(row: plan.Row, span: Interval, *, by_hour: bool) -> list[Cell]:
    """Return the cells of a row: neighbours that say the same are one."""
    free, cells = row.free(span), []
    count = span.minutes // QUARTER
    kept: tuple[str, str, str | None] | None = None
    width = 0
    for index in range(count):
        start = span.start + timedelta(minutes=index * QUARTER)
        quarter = Interval(start, start + timedelta(minutes=QUARTER))
        said = _quarter(row, free, quarter, by_hour=by_hour)
        if said != kept and kept is not None:
            cells.append(Cell(kept[0], width, kept[1], kept[2]))
            width = 0
        kept, width = said, width + 1
    if kept is not None:
        cells.append(Cell(kept[0], width, kept[1], kept[2]))
    return cells


def _quarter(
    row: plan.Row, free: list[Interval], quarter: Interval, *, by_hour: bool
) -> tuple[str, str, str | None]:
    here = next((use for use in row.uses if use.shown.overlaps(quarter)), None)
    gap = next((one for one in free if one.overlaps(quarter)), None)
    if here is not None and (here.is_mine or gap is None):
        if here.reason is not None:
            return "closed", here.reason, None
        text = here.title or gettext("Occupé")
        if here.is_pending:
            return "pending", gettext("%(title)s (en attente)", title=text), here.path
        return ("mine" if here.is_mine else "taken"), text, here.path
    if gap is not None:
        start = gap.start.astimezone(zone(actor().timezone))
        if by_hour:
            hour = quarter.start.astimezone(start.tzinfo).replace(minute=0)
            start = max(start, hour)
        local = f"{start:%Y-%m-%dT%H:%M}"
        text = gettext("Libre dès %(hour)s", hour=f"{start:%H:%M}")
        return "free", text, f"/reserver?resource={row.resource.id}&from={local}"
    if any(one.overlaps(quarter) for one in row.full()):
        return "taken", gettext("Préparation"), None
    return "closed", gettext("Fermé"), None


@blueprint.get("/planning/donnees")
@requires(Permission.PLAN)
def data() -> ResponseReturnValue:
    """Give the timeline its resources, uses and closed spans."""
    asked, place = _asked(), zone(actor().timezone)
    first, last = asked["since"], asked["to"]
    if first is None or last is None or not 0 < (last - first).days <= LONGEST_DAYS:
        raise Invalid.field("to", marked("Demandez de 1 à 45 jours."))
    span = day_span(first, place, (last - first).days)
    with reading() as work:
        found = plan.rows(work, ResourceFilter(kind=asked["genre"], q=asked["q"]), span)
        now = work.now
    return jsonify(
        resources=[
            {
                "id": str(row.resource.id),
                "title": row.resource.name,
                "kind": row.resource.kind.value,
                "capacity": row.resource.capacity,
                "url": url_for("planning.day", q=row.resource.name, date=first),
            }
            for row in found
        ],
        events=[
            {
                "id": f"{use.source_id}-{row.resource.id}",
                "booking_id": str(use.source_id),
                "resource_id": str(row.resource.id),
                "start": use.shown.start.isoformat(),
                "end": use.shown.end.isoformat(),
                "title": use.title or gettext("Occupé"),
                "state": "pending" if use.is_pending else "confirmed",
                "mine": use.is_mine,
                "url": use.path,
                "editable": use.is_mine and use.is_booking and use.shown.start > now,
                "preparation": [
                    int((use.shown.start - use.held.start).total_seconds()) // 60,
                    int((use.held.end - use.shown.end).total_seconds()) // 60,
                ],
            }
            for row in found
            for use in row.uses
            if use.reason is None
        ],
        closed=[
            {
                "resource_id": str(row.resource.id),
                "start": part.start.isoformat(),
                "end": part.end.isoformat(),
                "reason": reason,
            }
            for row in found
            for part, reason in (
                *((one, gettext("fermé")) for one in row.closed),
                *((use.shown, use.reason) for use in row.uses if use.reason is not None),
            )
        ],
    )
