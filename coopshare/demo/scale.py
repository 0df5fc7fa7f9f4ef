"""As many generated bookings as wanted, in a cooperative of two hundred rooms of their own.

Each booking is a cell (room, day, hour and a half), taken in a scattered order that never takes a
cell twice: the database checks every hold as it does for people.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from coopshare.bookings.models import Booking, BookingLine, BookingStatus
from coopshare.calendars.ics import Variant, uid_of, vevents
from coopshare.calendars.models import CalendarEntry, CalendarVersion
from coopshare.db.counters import raise_each
from coopshare.db.work import Database, Work
from coopshare.demo.build import build
from coopshare.demo.case_a import ORGANISATIONS
from coopshare.demo.plans import CooperativePlan, ResourcePlan, weekdays
from coopshare.demo.services import DEMO, load, refuse_real
from coopshare.holds.models import Hold, HoldSource
from coopshare.kernel.agenda import Entry
from coopshare.kernel.errors import Invalid
from coopshare.kernel.intervals import Interval
from coopshare.kernel.text import marked
from coopshare.members.kinds import CooperativeKind
from coopshare.members.models import Affiliation, Cooperative
from coopshare.resources.kinds import ResourceKind
from coopshare.resources.models import Resource

AREAS, ROOMS = 10, 20
DAYS_BEFORE, DAYS_AFTER = 600, 130
FIRST, MINUTES, A_DAY = 8 * 60, 90, 8
"""From 8 h on, eight bookings of an hour and a half a day."""
STRIDE = 611_953
"""Prime, and no divisor of the number of cells: steps through all of them."""
CELLS = AREAS * ROOMS * (DAYS_BEFORE + DAYS_AFTER) * A_DAY
CHUNK = 2000
TITLES = ("Réunion", "Formation", "Entretiens", "Atelier", "Permanence", "Répétition", "Chantier")

LARGE = CooperativePlan(
    slug="grande-echelle",
    name="Très grande coopérative (générée)",
    kind=CooperativeKind.GES,
    timezone="Europe/Paris",
    organisations=ORGANISATIONS,
    resources=tuple(
        ResourcePlan(
            key=f"{area:02}-{room:02}",
            name=f"Salle {area:02}-{room:02}",
            kind=ResourceKind.PLACE,
            owner="phares",
            description="Une salle d'essai, aux réservations générées.",
            capacity=6 + room * 2,
            location=f"Bâtiment {area:02}",
            hours=weekdays(8, 20, range(7)),
            closed_on_holidays=False,
            step=15,
        )
        for area in range(1, AREAS + 1)
        for room in range(1, ROOMS + 1)
    ),
)


@dataclass(frozen=True, slots=True)
class Ground:
    """What generated bookings are made on."""

    cooperative_id: UUID
    first_day: date
    rooms: tuple[tuple[UUID, str], ...]
    people: tuple[tuple[UUID, UUID], ...]
    """(person, organisation)."""
    already: int


def generate(
    database: Database, count: int, progress: Callable[[int], None] = lambda _done: None
) -> int:
    """Add generated bookings, a few thousand per unit; return how many there are in all.

    `progress` is told after each unit how many were added. Raises `Invalid` past the number of
    cells, and `DemonstrationApart` beside real data.
    """
    database.write(DEMO, refuse_real)
    load(database)
    ground = database.write(DEMO, _ground)
    if not 0 < count <= CELLS - ground.already:
        raise Invalid.field(
            "scale",
            marked("Donnez un nombre de réservations entre 1 et {most}."),
            most=CELLS - ground.already,
        )
    actor = replace(DEMO, cooperative_id=ground.cooperative_id)
    for start in range(ground.already, ground.already + count, CHUNK):
        stop = min(start + CHUNK, ground.already + count)
        database.write(actor, _add, ground, range(start, stop))
        progress(stop - ground.already)
    return ground.already + count


def _ground(work: Work) -> Ground:
    found = work.session.scalars(select(Cooperative).where(Cooperative.slug == LARGE.slug)).first()
    if found is None:
        found = build(work, LARGE).cooperative
    work.session.cooperative_id = found.id
    rooms = work.session.execute(select(Resource.id, Resource.name).order_by(Resource.sort_key))
    people = work.session.execute(
        select(Affiliation.person_id, Affiliation.organisation_id)
        .distinct()
        .order_by(Affiliation.organisation_id, Affiliation.person_id)
    )
    return Ground(
        cooperative_id=found.id,
        first_day=(found.created_at + timedelta(days=400 - DAYS_BEFORE)).date(),
        rooms=tuple((room_id, name) for room_id, name in rooms),
        people=tuple((person, organisation) for person, organisation in people),
        already=work.session.scalar(select(func.count()).select_from(Booking)) or 0,
    )


SAMPLE_DAY = datetime(2001, 1, 1, 9, tzinfo=ZoneInfo("Europe/Paris"))
SAMPLE_CHANGE = datetime(2000, 12, 31, tzinfo=UTC)
SAMPLE_ID = UUID(int=0)


@cache
def _sample(title: str, place: str, address: str) -> tuple[bytes, bytes]:
    """Return the two events of a booking whose id and times are still to be put in."""
    entry = Entry(
        source_kind="booking",
        source_id=SAMPLE_ID,
        organisation_id=SAMPLE_ID,
        person_id=None,
        span=Interval(SAMPLE_DAY, SAMPLE_DAY + timedelta(minutes=MINUTES)),
        timezone="Europe/Paris",
        all_day=False,
        status="confirmed",
        title=title,
        place=place,
        note="",
        categories=("Lieu",),
        url="",
        sequence=0,
        created_at=SAMPLE_CHANGE,
        changed_at=SAMPLE_CHANGE,
    )
    uid = uid_of(SAMPLE_ID, address)
    told = vevents(entry, uid)
    return told[Variant.FULL], told[Variant.BUSY]


def _event(sample: bytes, booking_id: UUID, start: datetime, end: datetime, at: datetime) -> bytes:
    """Put the id and the times of a booking into a sample: all have the same length."""
    return (
        sample.replace(str(SAMPLE_ID).encode(), str(booking_id).encode())
        .replace(b"20010101T090000", f"{start:%Y%m%dT%H%M%S}".encode())
        .replace(b"20010101T103000", f"{end:%Y%m%dT%H%M%S}".encode())
        .replace(b"20001231T000000Z", f"{at:%Y%m%dT%H%M%SZ}".encode())
    )


def _add(work: Work, ground: Ground, numbers: range) -> None:
    zone = ZoneInfo(LARGE.timezone)
    rows: dict[type, list[dict[str, object]]] = {
        Booking: [],
        BookingLine: [],
        Hold: [],
        CalendarEntry: [],
    }
    for number in numbers:
        cell = number * STRIDE % CELLS
        cell, slot = divmod(cell, A_DAY)
        day, room = divmod(cell, len(ground.rooms))
        minute = FIRST + slot * MINUTES
        start = datetime.combine(
            ground.first_day + timedelta(days=day), time(minute // 60, minute % 60), zone
        )
        _rows(work, ground, rows, number, ground.rooms[room], start)
    for model, found in rows.items():
        work.add_rows(model, found)
    scopes = {scope for pair in ground.people for scope in pair}
    rooms = {room for room, _ in ground.rooms}
    raise_each(work, CalendarVersion, {ground.cooperative_id, *scopes, *rooms})


def _rows(
    work: Work,
    ground: Ground,
    rows: dict[type, list[dict[str, object]]],
    number: int,
    room: tuple[UUID, str],
    start: datetime,
) -> None:
    person_id, organisation_id = ground.people[number % len(ground.people)]
    title = TITLES[number % len(TITLES)]
    booking_id, end = uuid4(), start + timedelta(minutes=MINUTES)
    asked_at = min(start, work.now).astimezone(UTC).replace(microsecond=0) - timedelta(days=7)
    span = {"starts_at": start, "ends_at": end}
    owned = {"organisation_id": organisation_id, "person_id": person_id, "timezone": LARGE.timezone}
    rows[Booking].append(
        {
            "id": booking_id,
            **owned,
            **span,
            "title": title,
            "status": BookingStatus.CONFIRMED,
            "version": 1,
            "created_at": asked_at,
            "changed_at": asked_at,
        }
    )
    rows[BookingLine].append(
        {"booking_id": booking_id, "resource_id": room[0], "quantity": 1, "position": 0}
    )
    rows[Hold].append(
        {
            "resource_id": room[0],
            "quantity": 1,
            **span,
            "live": True,
            "source_kind": HoldSource.BOOKING,
            "source_id": booking_id,
        }
    )
    full, busy = _sample(title, room[1], work.address)
    rows[CalendarEntry].append(
        {
            "source_id": booking_id,
            "source_kind": "booking",
            "uid": uid_of(booking_id, work.address),
            **owned,
            **span,
            "status": "confirmed",
            "title": title,
            "url": f"{work.address}/reservations/{booking_id}",
            "full": _event(full, booking_id, start, end, asked_at),
            "busy": _event(busy, booking_id, start, end, asked_at),
        }
    )
