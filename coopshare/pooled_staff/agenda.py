"""From an assignment or an absence to what calendars show."""

from collections.abc import Mapping
from uuid import UUID

from coopshare.holds.models import HoldSource
from coopshare.kernel.agenda import Entry
from coopshare.kernel.intervals import Interval
from coopshare.kernel.localtime import day_span, local_days, zone
from coopshare.kernel.text import Sentence, marked
from coopshare.members.models import Organisation
from coopshare.pooled_staff.kinds import AssignmentState, LeaveState
from coopshare.pooled_staff.models import Assignment, Leave, Site, Worker
from coopshare.pooled_staff.rules import StintKind

KINDS: Mapping[StintKind, str] = {
    StintKind.COMMON: marked("Temps commun"),
    StintKind.TRAVEL: marked("Trajet"),
    StintKind.TRAINING: marked("Formation"),
    StintKind.SOLIDARITY: marked("Journée de solidarité"),
}
"""What is said of work that is for no member."""
AT = "{worker} à {organisation}"
TITLE = "{worker} : {what}"
ABSENT = "{worker} : absence"
"""Said in French only: what is stored is shared by all its readers."""


def title_of(row: Assignment, worker: Worker, organisation: Organisation | None) -> str:
    """Say who is where, in French: what is stored is shared by all its readers."""
    if organisation is not None and row.kind is StintKind.MEMBER:
        return Sentence(AT, {"worker": worker.name, "organisation": organisation.name}).say()
    what = KINDS.get(row.kind, KINDS[StintKind.COMMON])
    return Sentence(TITLE, {"worker": worker.name, "what": what.lower()}).say()


def entry_of(
    row: Assignment,
    worker: Worker,
    *,
    owner_id: UUID,
    person_id: UUID | None,
    organisation: Organisation | None,
    site: Site | None,
) -> Entry:
    """Return the calendar entry of an assignment.

    It belongs to the member it is for, who reads it in full; to others it is "busy". What is for no
    member belongs to `owner_id`, the organisation that employs.
    """
    place = ", ".join(filter(None, (site.name, site.address))) if site else ""
    ask = f"Demander : {site.contact}" if site and site.contact else ""
    is_off = row.state in {AssignmentState.CANCELLED, AssignmentState.TO_REPLACE}
    return Entry(
        source_kind=HoldSource.ASSIGNMENT,
        source_id=row.id,
        organisation_id=row.organisation_id or owner_id,
        person_id=person_id,
        span=Interval(row.starts_at, row.ends_at),
        timezone=row.timezone,
        all_day=False,
        status="cancelled" if is_off else "confirmed",
        title=title_of(row, worker, organisation),
        place=place,
        note="\n".join(filter(None, (row.note, ask))),
        categories=(),
        url=f"/equipe/demi-journees/{row.id}",
        sequence=row.sequence,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )


def absence_of(row: Leave, worker: Worker, *, owner_id: UUID, person_id: UUID | None) -> Entry:
    """Return the calendar entry of an absence: never why."""
    span, place = Interval(row.starts_at, row.ends_at), zone(row.timezone)
    days = local_days(span, place)
    return Entry(
        source_kind=HoldSource.LEAVE,
        source_id=row.id,
        organisation_id=owner_id,
        person_id=person_id,
        span=span,
        timezone=row.timezone,
        all_day=span == day_span(days[0], place, len(days)),
        status="confirmed" if row.state is LeaveState.ACCEPTED else "cancelled",
        title=Sentence(ABSENT, {"worker": worker.name}).say(),
        place="",
        note="",
        categories=(),
        url="",
        sequence=row.sequence,
        created_at=row.created_at,
        changed_at=row.changed_at,
    )
