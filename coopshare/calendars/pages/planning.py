"""The planning of all resources or of one: a table and a list, then the timeline over them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import quote
from uuid import UUID
from zoneinfo import ZoneInfo

from flask import Blueprint, jsonify, render_template, request, url_for
from flask.typing import ResponseReturnValue

from coopshare.calendars.planning import LINK_WIDTH, Row, Use, cells, half_hours, rows, window
from coopshare.calendars.policies import Permission
from coopshare.kernel.dates import say_time
from coopshare.kernel.errors import Invalid
from coopshare.kernel.localtime import day_span
from coopshare.kernel.text import marked
from coopshare.resources import queries as resources
from coopshare.resources.kinds import KIND_HEADINGS, ResourceKind
from coopshare.web.context import actor, reading
from coopshare.web.i18n import gettext, language, ngettext, present
from coopshare.web.pages import address_maker, may_open
from coopshare.web.permissions import requires

blueprint = Blueprint("planning", __name__)

VIEWS = {"jour": "day", "semaine": "week", "mois": "month"}
FIRST, LAST = 7 * 60, 21 * 60
"""Minutes of the local day that the table of a day shows."""
MOST_DAYS = 62
SHORT = 40
"""Rows up to which the free time of a day is cut into several links; beyond, it is one."""
FAR = timedelta(days=3660)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address of the page asks for; anything odd is read as today, by day."""

    day: date
    view: str
    zone: ZoneInfo
    kind: ResourceKind | None
    q: str

    def arguments(self, **others: Any) -> dict[str, Any]:
        """Return the arguments of another address like this one."""
        own = {"kind": self.kind.value if self.kind else None, "q": self.q or None}
        return own | {"vue": self.view, "date": self.day.isoformat()} | others


def asked(default_view: str) -> Asked:
    """Read the address."""
    zone = ZoneInfo(actor().timezone)
    today = present().astimezone(zone).date()
    try:
        day = date.fromisoformat(request.args.get("date", ""))
    except ValueError:
        day = today
    if abs(day - today) > FAR:
        day = today
    view = request.args.get("vue", default_view)
    kind = request.args.get("kind", "")
    return Asked(
        day=day,
        view=view if view in VIEWS else default_view,
        zone=zone,
        kind=ResourceKind(kind) if kind in {one.value for one in ResourceKind} else None,
        q=request.args.get("q", "")[:200],
    )


@blueprint.get("/planning")
@requires(Permission.PLAN)
def index() -> ResponseReturnValue:
    """Show when the resources of the cooperative are taken."""
    wanted = asked("jour")
    with reading() as work:
        found = resources.search(work, resources.ResourceFilter(kind=wanted.kind, q=wanted.q))
        span, days = window(wanted.view, wanted.day, wanted.zone)
        return _page(
            wanted,
            rows(work, found, span),
            days,
            feed_url=url_for(
                "planning.data",
                kind=wanted.kind.value if wanted.kind else None,
                q=wanted.q or None,
            ),
        )


@blueprint.get("/ressources/<uuid:resource_id>/planning")
@requires(Permission.PLAN)
def one(resource_id: UUID) -> ResponseReturnValue:
    """Show the week of one resource."""
    wanted = asked("semaine")
    with reading() as work:
        resource = resources.get(work, resource_id)
        span, days = window(wanted.view, wanted.day, wanted.zone)
        return _page(
            wanted,
            rows(work, [resource], span),
            days,
            feed_url=url_for("planning.data", ressource=resource_id),
            only=resource,
        )


def _page(
    wanted: Asked, found: list[Row], days: list[date], *, feed_url: str, only: Any = None
) -> str:
    step = {"jour": 1, "semaine": 7}.get(wanted.view, len(days))
    before = (
        (days[0] - timedelta(days=1)) if wanted.view == "mois" else wanted.day - timedelta(step)
    )
    endpoint = "planning.one" if only else "planning.index"
    fixed = {"resource_id": only.id} if only else {}

    def address(**others: Any) -> str:
        return url_for(endpoint, **fixed, **wanted.arguments(**others))

    today = present().astimezone(wanted.zone).date()
    by_day = {day: day_span(day, wanted.zone) for day in days}
    return render_template(
        "calendars/planning.html",
        wanted=wanted,
        only=only,
        rows=found,
        days=days,
        by_day=by_day,
        today=today,
        hours=range(FIRST, LAST, 60),
        drawn_rows=_drawn(wanted, found) if wanted.view == "jour" else [(row, ()) for row in found],
        may_book=may_open("bookings.book"),
        title_of=_title,
        hours_of=lambda use: _hours(use, wanted.zone),
        seats={
            seats: ngettext("%(num)d place", "%(num)d places", seats)
            for seats in {row.resource.capacity for row in found}
            if seats
        },
        sheet_url=address_maker("resources.show", "resource_id"),
        book_url=url_for("bookings.book"),
        previous_url=address(date=before.isoformat()),
        next_url=address(date=(wanted.day + timedelta(step)).isoformat())
        if wanted.view != "mois"
        else address(date=(days[-1] + timedelta(days=1)).isoformat()),
        today_url=address(date=today.isoformat()),
        view_urls={view: address(vue=view) for view in VIEWS},
        day_url=lambda day: address(vue="jour", date=day.isoformat()),
        feed_url=feed_url,
        script_view=VIEWS[wanted.view],
        kinds=[(one.value, KIND_HEADINGS[one]) for one in ResourceKind],
        local=lambda moment: moment.astimezone(wanted.zone),
    )


@dataclass(frozen=True, slots=True)
class Drawn:
    """A cell of the table of a day, with all its words: the template only writes it down."""

    css: str
    width: int
    text: str
    url: str = ""
    hours: str = ""
    is_quiet: bool = False
    """Said to those who do not see the colour only."""


def _drawn(wanted: Asked, found: list[Row]) -> Iterator[tuple[Row, list[Drawn]]]:
    """Give each row of the table of a day with its cells."""
    spoken = language()
    edges = [
        (quote(edge.strftime("%Y-%m-%dT%H:%M")), say_time(edge.time(), spoken))
        for moment in half_hours(wanted.day, wanted.zone, FIRST, LAST)
        for edge in [moment.astimezone(wanted.zone)]
    ]
    width = LINK_WIDTH if len(found) <= SHORT else LAST
    free_from = gettext("Libre dès")
    closed = Drawn("closed", 0, gettext("Fermé"), is_quiet=True)
    book = url_for("bookings.book") if may_open("bookings.book") else ""
    for row in found:
        drawn: list[Drawn] = []
        for cell in cells(row, wanted.day, wanted.zone, FIRST, LAST, width):
            if cell.kind == "free":
                (begins, said), (ends, _said) = edges[cell.first], edges[cell.first + cell.width]
                url = f"{book}?ressource={row.resource.id}&du={begins}&au={ends}" if book else ""
                drawn.append(Drawn("free", cell.width, f"{free_from} {said}", url))
            elif cell.use is None:
                drawn.append(replace(closed, width=cell.width))
            else:
                css = "taken" if cell.kind == "confirmed" else cell.kind
                use = cell.use
                drawn.append(Drawn(css, cell.width, _title(use), use.url, _hours(use, wanted.zone)))
        yield row, drawn


def _title(use: Use) -> str:
    """Say what takes the time, as far as the reader may know."""
    if use.state == "closed":
        return gettext("Fermé : %(reason)s", reason=use.title)
    title = use.title or gettext("Occupé")
    if use.state != "pending":
        return title
    waits = gettext("en attente ou en option")
    return f"{title} ({waits})"


def _hours(use: Use, zone: ZoneInfo) -> str:
    """Say from when to when."""
    spoken = language()
    ends = (say_time(one.astimezone(zone).time(), spoken) for one in (use.span.start, use.span.end))
    return " – ".join(ends)


@blueprint.get("/planning/donnees")
@requires(Permission.PLAN)
def data() -> ResponseReturnValue:
    """Give the same planning to the timeline: local days `from` to `to`, the last one excluded."""
    zone = ZoneInfo(actor().timezone)
    try:
        first, last = (date.fromisoformat(request.args.get(name, "")) for name in ("from", "to"))
    except ValueError as error:
        raise Invalid.field("from", marked("Donnez deux jours, par exemple 2027-03-10.")) from error
    today = present().astimezone(zone).date()
    if abs(first - today) > FAR or not 0 < (last - first).days <= MOST_DAYS:
        raise Invalid.field("to", marked("Demandez deux mois au plus, dans l'ordre."))
    span = day_span(first, zone, (last - first).days)
    kind = request.args.get("kind", "")
    with reading() as work:
        only = request.args.get("ressource")
        if only:
            found = [resources.get(work, _uuid(only))]
        else:
            chosen = ResourceKind(kind) if kind in {one.value for one in ResourceKind} else None
            found = resources.search(
                work, resources.ResourceFilter(kind=chosen, q=request.args.get("q", "")[:200])
            )
        planned = rows(work, found, span)
        return jsonify(
            resources=[_resource(row) for row in planned],
            events=[event for row in planned for event in _events(row)],
            closed=[
                {
                    "resource_id": str(row.resource.id),
                    "start": _instant(span.start),
                    "end": _instant(span.end),
                    "reason": "",
                }
                for row in planned
                for span in row.closed
            ],
        )


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Invalid.field("ressource", marked("Ce choix n'existe pas.")) from error


def _instant(moment: datetime) -> str:
    return moment.isoformat().replace("+00:00", "Z")


def _resource(row: Row) -> dict[str, Any]:
    resource = row.resource
    return {
        "id": str(resource.id),
        "title": resource.name,
        "kind": resource.kind.value,
        "capacity": resource.capacity if resource.capacity != 1 else None,
        "quantity": resource.quantity,
        "url": f"/ressources/{resource.id}",
    }


def _events(row: Row) -> list[dict[str, Any]]:
    now = present()
    return [
        {
            "id": f"{use.source_id}:{row.resource.id}",
            "booking_id": str(use.source_id),
            "resource_id": str(row.resource.id),
            "start": _instant(use.span.start),
            "end": _instant(use.span.end),
            "title": use.title or gettext("Occupé"),
            "state": use.state,
            "mine": use.is_mine,
            "url": use.url,
            "editable": use.is_mine and use.state != "closed" and use.span.start > now,
            "preparation": [
                int((use.span.start - use.held.start).total_seconds()) // 60,
                int((use.held.end - use.span.end).total_seconds()) // 60,
            ],
        }
        for use in row.uses
    ]
