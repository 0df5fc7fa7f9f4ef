"""What is shown of handing over: the lines of a booking, and what the next borrower is warned of.

Whether things that are late push the end of their booking was weighed: they do not. The hold says
what was planned, so that others can plan; a borrower who forgets must not take next week's chairs
from somebody by forgetting longer, and a bill or a calendar must not move by itself. So the late
booking stays as it was, and the people it troubles are told.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from coopshare.bookings.handing.queries import Noted, Out, noted, out, tally
from coopshare.bookings.handing.rules import Tally
from coopshare.bookings.handing.services import is_freeable
from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.bookings.queries import Shown
from coopshare.bookings.rules import LIVE
from coopshare.db.work import Work
from coopshare.holds.queries import Lack, Lacking, lacks
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import Sentence, marked
from coopshare.members.queries import organisations
from coopshare.resources.models import Resource

SOON = timedelta(days=7)
"""How far ahead the next borrower of a thing that is late is looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelLine:
    """One line of a booking that is handed over."""

    resource: Resource
    tally: Tally


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the page of a booking says of handing over."""

    lines: Sequence[PanelLine] = ()
    noted: Sequence[Noted] = ()
    is_late: bool = False
    can_free: bool = False
    may: bool = False
    """Whether the reader may note departures and returns."""
    sees_photos: bool = False
    warnings: Sequence[Sentence] = field(default=())

    @property
    def acts(self) -> list[list[Noted]]:
        """Return what was noted, what was noted at once together, in the same order."""
        found: dict[UUID, list[Noted]] = {}
        for one in self.noted:
            found.setdefault(one.row.act_id, []).append(one)
        return list(found.values())

    @property
    def to_collect(self) -> int:
        """Return how many things are left to collect."""
        return sum(line.tally.to_collect for line in self.lines)

    @property
    def out(self) -> int:
        """Return how many things are out."""
        return sum(line.tally.out for line in self.lines)


def panel(work: Work, seen: Shown) -> Panel:
    """Return what to show; no statement where nothing is handed over nor under maintenance."""
    booking, resources = seen.booking, seen.resources
    sums = tally(work, booking, resources)
    lines = [
        PanelLine(resource=resources[line.resource_id], tally=sums[line.resource_id])
        for line in booking.lines
        if line.resource_id in sums
    ]
    return Panel(
        lines=lines,
        noted=noted(work, booking.id) if any(one.tally.collected for one in lines) else (),
        is_late=booking.ends_at <= work.now and any(one.tally.out > 0 for one in lines),
        can_free=booking.status in LIVE and is_freeable(work, booking, sums),
        may=seen.may("bookings:hand_over"),
        sees_photos=seen.may("bookings:photo"),
        warnings=warnings(work, booking, resources),
    )


def warnings(work: Work, booking: Booking, resources: Mapping[UUID, Resource]) -> list[Sentence]:
    """Say what a booking to come may lack: things not given back, things out of use."""
    if booking.status not in LIVE or booking.ends_at <= work.now:
        return []
    troubled = [r for r in resources.values() if r.hand_over or r.out_of_order]
    if not troubled:
        return []
    over = [r.id for r in troubled if r.hand_over]
    late = late_of_others(work, over, booking.id) if over else {}
    span = Interval(max(booking.starts_at, work.now), booking.ends_at)
    found: list[Sentence] = []
    for resource in troubled:
        missing = late.get(resource.id, [])
        lacking = lacks(
            work,
            resource,
            window=span,
            less=sum(one.quantity for one in missing),
            apart=[one.booking.id for one in missing],
        )
        if lacking:
            found.append(
                warning(resource, max(one.count for one in lacking), is_late=bool(missing))
            )
    return found


def warning(resource: Resource, count: int, *, is_late: bool) -> Sentence:
    """Say how many of a thing may lack, why, and what to do."""
    if is_late and resource.out_of_order:
        message = marked(
            "« {name} » : {count} risquent de manquer, car un emprunt précédent n'est pas encore"
            " rendu et du matériel est hors service. Les personnes qui gèrent sont prévenues ;"
            " appelez-les si c'est important, ou réservez-en moins."
        )
    elif is_late:
        message = marked(
            "« {name} » : {count} risquent de manquer, car un emprunt précédent n'est pas encore"
            " rendu. Les personnes qui gèrent sont prévenues ; appelez-les si c'est important."
        )
    else:
        message = marked(
            "« {name} » : {count} risquent de manquer, car du matériel est hors service."
            " Les personnes qui gèrent sont prévenues ; vous pouvez aussi en réserver moins."
        )
    return Sentence(message, {"name": resource.name, "count": count})


def late_of_others(work: Work, resource_ids: Sequence[UUID], but: UUID) -> dict[UUID, list[Out]]:
    """Return what is late of each resource, in other bookings."""
    found: dict[UUID, list[Out]] = {}
    for one in out(work, resource_ids=resource_ids, ended_by=work.now, everyone=True):
        if one.booking.id != but:
            found.setdefault(one.resource.id, []).append(one)
    return found


def bookings_over(
    work: Work, resource_id: UUID, window: Interval, *, limit: int = 100
) -> list[Booking]:
    """Return the live bookings of a resource within a window, by start."""
    query = (
        select(Booking)
        .join(BookingLine, BookingLine.booking_id == Booking.id)
        .where(
            BookingLine.resource_id == resource_id,
            Booking.status.in_(LIVE),
            Booking.starts_at < window.end,
            Booking.ends_at > window.start,
        )
        .order_by(Booking.starts_at, Booking.id)
        .limit(limit)
    )
    return list(work.session.scalars(query))


def lacking(work: Work, resource: Resource, found: Sequence[Lack]) -> list[Lacking]:
    """Return the bookings to come that no longer fit, for whoever manages the resource."""
    if not found:
        return []
    window = Interval(found[0].span.start, max(lack.span.end for lack in found))
    bookings = bookings_over(work, resource.id, window)
    names = organisations(work, {one.organisation_id for one in bookings})
    shown = []
    for booking in bookings:
        span = Interval(booking.starts_at, booking.ends_at)
        counts = [lack.count for lack in found if lack.span.overlaps(span)]
        if counts:
            shown.append(
                Lacking(
                    booking_id=booking.id,
                    title=booking.title,
                    who=names[booking.organisation_id].name,
                    span=span,
                    timezone=booking.timezone,
                    count=max(counts),
                )
            )
    return shown


def next_borrower(work: Work, late: Out, quantity: int) -> tuple[Booking, int] | None:
    """Return the next booking that lacks because of what is late, and how many it lacks."""
    window = Interval(work.now, work.now + SOON)
    found = lacks(work, late.resource, window=window, less=quantity, apart=[late.booking.id])
    for one in lacking(work, late.resource, found):
        booking = work.session.get(Booking, one.booking_id)
        if (
            booking is not None
            and booking.id != late.booking.id
            and booking.starts_at > late.booking.ends_at - timedelta(minutes=1)
            and booking.status is BookingStatus.CONFIRMED
        ):
            return booking, one.count
    return None
